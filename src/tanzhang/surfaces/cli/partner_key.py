"""``tanzhang partner key``, ``rotate`` and ``revoke``: partners' public keys."""

from __future__ import annotations

import getpass
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tanzhang.surfaces.cli.partner_files import instant, public_key
from tanzhang.surfaces.cli.partner_suspect import open_suspicion
from tanzhang.surfaces.cli.partner_text import key_json, moment, print_json, print_keys, say
from tanzhang.surfaces.cli.refusals import language
from tanzhang.surfaces.cli.suspicion_text import print_suspicion, suspicion_json

if TYPE_CHECKING:
    from tanzhang.apps.partners.api import KeyEntry, Purpose

app = typer.Typer(
    help="Add and list partners' public keys.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
)

Code = Annotated[str, typer.Argument(help="The partner's code.", metavar="CODE")]
KeyFile = Annotated[
    Path, typer.Option("--public-key", help="The new public key, PEM.", metavar="FILE")
]
From = Annotated[
    str | None,
    typer.Option("--from", help="The instant from which it is good; default: now."),
]
Encrypt = Annotated[
    bool, typer.Option("--encrypt", help="A key to encrypt to the partner, not to sign.")
]
Json = Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")]
Lang = Annotated[str | None, typer.Option("--lang", help="zh or en; default: by LANG.")]


@app.command()
def add(
    code: Code,
    key_file: KeyFile,
    from_instant: From = None,
    encrypt: Encrypt = False,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Announce one more key of a partner; at most two of a kind are live at the same time.

    Example: tanzhang partner key add citibike --public-key citibike-2.pub.pem
    """
    key, begins = public_key(key_file), instant(from_instant)
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.partners import api as partners

    number = partners.partner(code).id
    partners.add_key(number, key, purpose=_purpose(encrypt), active_from=begins)
    made = _key(number, key.key_id)
    if as_json:
        print_json({"partner": code, **key_json(made, datetime.now(UTC))})
    else:
        told = {"partner": code, "key": made.key_id, "at": moment(made.active_from)}
        say("added", language(sys.argv[1:]), **told)


@app.command("list")
def list_keys(code: Code, as_json: Json = False, lang: Lang = None) -> None:
    """List a partner's keys: which are live, announced, expired or revoked.

    Example: tanzhang partner key list citibike
    """
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.partners import api as partners

    now = datetime.now(UTC)
    found = [key_json(key, now) for key in partners.partner_keys(partners.partner(code).id)]
    if as_json:
        print_json({"partner": code, "keys": found})
    else:
        print_keys(found, language(sys.argv[1:]))


def rotate(
    code: Code,
    key_file: KeyFile,
    from_instant: From = None,
    overlap_days: Annotated[
        int, typer.Option("--overlap-days", help="How long the old key stays good.", min=0)
    ] = 7,
    encrypt: Encrypt = False,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Announce the successor of a partner's key; both are good for a while, and no call is lost.

    Example: tanzhang partner rotate citibike --public-key next.pem --from 2027-01-01T00:00+08:00
    """
    key, begins = public_key(key_file), instant(from_instant)
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.partners import api as partners

    number = partners.partner(code).id
    partners.rotate_key(
        number,
        key,
        purpose=_purpose(encrypt),
        active_from=begins,
        overlap=timedelta(days=overlap_days),
    )
    made = _key(number, key.key_id)
    until = moment(made.active_from + timedelta(days=overlap_days))
    if as_json:
        answer = {"partner": code, "old_until": until, **key_json(made, datetime.now(UTC))}
        print_json(answer)
    else:
        told = {"partner": code, "key": made.key_id, "at": moment(made.active_from)}
        say("rotated", language(sys.argv[1:]), until=until, **told)


def revoke(
    code: Code,
    key_id: Annotated[str, typer.Argument(help="The key's id.", metavar="KEY_ID")],
    compromised_since: Annotated[
        str | None,
        typer.Option(
            "--compromised-since",
            help="The instant since which somebody else may have had it.",
            metavar="INSTANT",
        ),
    ] = None,
    by: Annotated[
        str | None, typer.Option("--by", help="Who decides it; default: who is logged in here.")
    ] = None,
    note: Annotated[str, typer.Option("--note", help="What happened; kept for ever.")] = "",
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Refuse a key from the next call on, for ever; say since when it was compromised, if it was.

    What a compromised key signed since then is held, and two persons decide what becomes of it
    (tanzhang partner suspect).

    Example: tanzhang partner revoke citibike 0807B471DA4AD906 --compromised-since 2026-11-20T00:00Z
    """
    since = instant(compromised_since)
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.partners import api as partners

    number = partners.partner(code).id
    opened = None
    if since is None:
        partners.revoke_key(number, key_id)
    else:
        opened = open_suspicion(number, key_id, since, by or getpass.getuser(), note)
    made = _key(number, key_id)
    if as_json:
        told = None if opened is None else suspicion_json(opened)
        print_json({"partner": code, **key_json(made, datetime.now(UTC)), "suspicion": told})
        return
    spoken = language(sys.argv[1:])
    say("revoked", spoken, partner=code, key=key_id)
    if made.compromised_since is not None:
        say("compromised", spoken, since=moment(made.compromised_since))
    if opened is not None:
        print_suspicion(opened, spoken)


def _purpose(encrypt: bool) -> Purpose:
    from tanzhang.apps.partners.api import Purpose

    return Purpose.ENCRYPT if encrypt else Purpose.SIGN


def _key(partner_id: int, key_id: str) -> KeyEntry:
    from tanzhang.apps.partners.api import partner_keys

    return next(key for key in partner_keys(partner_id) if key.key_id == key_id)
