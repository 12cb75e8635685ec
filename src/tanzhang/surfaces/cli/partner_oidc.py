"""``tanzhang partner oidc``: let a partner's people enter by the partner's own log-in."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from tanzhang.surfaces.cli.partner_text import print_json, say
from tanzhang.surfaces.cli.refusals import language

Code = Annotated[str, typer.Argument(help="The partner's code.", metavar="CODE")]
Json = Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")]
Lang = Annotated[str | None, typer.Option("--lang", help="zh or en; default: by LANG.")]


def oidc(
    code: Code,
    issuer: Annotated[str, typer.Option("--issuer", help="As its discovery names it.")],
    client_id: Annotated[str, typer.Option("--client-id", help="How it knows us.")],
    client_secret_file: Annotated[
        Path,
        typer.Option(
            "--client-secret-file", help="Where our secret there lies, and stays.", metavar="FILE"
        ),
    ],
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Let a partner's people enter by its OpenID Connect provider, which says who they are.

    Only the secret's place is kept. The partner also needs an agreement of the kind hand_over.

    Example: tanzhang partner oidc bank --issuer https://id.bank.example --client-id tanzhang --client-secret-file bank.secret
    """  # noqa: E501
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.partners.api import set_provider

    made = set_provider(code, issuer=issuer, client_id=client_id, secret_file=client_secret_file)
    enter = f"/enter/oidc/{code}/"
    if as_json:
        print_json(
            {
                "partner": code,
                "issuer": made.issuer,
                "client_id": made.client_id,
                "client_secret_file": str(made.secret_file),
                "enter": enter,
                "callback": f"{enter}callback/",
            }
        )
    else:
        spoken = language(sys.argv[1:])
        say("oidc", spoken, partner=code, address=enter, callback=f"{enter}callback/")
