"""``tanzhang partner citizens``: somebody to report for, where nobody is real."""

from __future__ import annotations

import json
from typing import Annotated

import typer

Code = Annotated[str, typer.Argument(help="The partner's code.", metavar="CODE")]
Json = Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")]
Lang = Annotated[str | None, typer.Option("--lang", help="zh or en; default: by LANG.")]


def citizens(
    code: Code,
    count: Annotated[int, typer.Option("--count", help="How many.", min=1, max=1000)] = 3,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Make up people with accounts, whom the partner knows as citizen-1, citizen-2 and so on.

    Only in a sandbox or a demonstration. Running it again changes nothing.

    Example: tanzhang partner citizens acme --count 3
    """
    from tanzhang.config import setup

    setup()
    from tanzhang.workbench.made_up_people import make_up_people

    names = make_up_people(code, count)
    typer.echo(json.dumps({"subjects": list(names)}) if as_json else "\n".join(names))
