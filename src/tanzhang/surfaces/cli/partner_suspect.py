"""``tanzhang partner suspect``: what compromised keys signed, and what two persons decide of it."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tanzhang.surfaces.cli.partner_text import print_json
from tanzhang.surfaces.cli.refusals import language
from tanzhang.surfaces.cli.suspicion_text import (
    print_history,
    print_suspicion,
    print_suspicions,
    proposal_json,
    said,
    suspicion_json,
)

if TYPE_CHECKING:
    from tanzhang.apps.activities.api import SuspicionEntry

app = typer.Typer(
    help="See what compromised keys signed, and decide with another person what becomes of it.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
)

Number = Annotated[int, typer.Argument(help="The suspicion's number.", metavar="NUMBER")]
By = Annotated[str, typer.Option("--by", help="Who decides it; kept for ever.")]
Note = Annotated[str, typer.Option("--note", help="Why; kept for ever.")]
Json = Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")]
Lang = Annotated[str | None, typer.Option("--lang", help="zh or en; default: by LANG.")]


def open_suspicion(
    partner_id: int, key_id: str, since: datetime, by: str, note: str
) -> SuspicionEntry | None:
    """Distrust a key and hold what can be held now; None if nothing new is suspect by it."""
    from tanzhang.apps.activities import api as activities

    opened = activities.distrust_key(partner_id, key_id, since=since, by=by, note=note)
    activities.carry_on_suspicions()
    return None if opened is None else activities.suspicion(opened)


@app.command("list")
def list_suspicions(as_json: Json = False, lang: Lang = None) -> None:
    """List all suspicions with what is at stake.

    Example: tanzhang partner suspect list --json
    """
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.activities import api as activities

    found = activities.suspicions()
    if as_json:
        print_json({"suspicions": [suspicion_json(entry) for entry in found]})
    else:
        print_suspicions(found, language(sys.argv[1:]))


@app.command()
def show(number: Number, as_json: Json = False, lang: Lang = None) -> None:
    """Show a suspicion: what is at stake, who opened it, what was proposed and decided.

    Example: tanzhang partner suspect show 1
    """
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.activities import api as activities

    entry, made = activities.suspicion(number), activities.proposals_about(number)
    if as_json:
        print_json(suspicion_json(entry) | {"proposals": [proposal_json(line) for line in made]})
        return
    spoken = language(sys.argv[1:])
    print_suspicion(entry, spoken)
    print_history(entry, made, spoken)


@app.command()
def propose(
    number: Number,
    resolution: Annotated[
        Literal["confirm", "reverse"], typer.Argument(help="confirm: it counts; reverse: never.")
    ],
    by: By,
    note: Note,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Propose what becomes of it; nothing happens before another person approves.

    Example: tanzhang partner suspect propose 1 reverse --by Ling --note "none is in its journal"
    """
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.activities import api as activities

    made = activities.propose_resolution(
        number, activities.Resolution(resolution), by=by, note=note
    )
    if as_json:
        print_json(suspicion_json(activities.suspicion(number)) | {"proposal": made})
    else:
        said("was_proposed", language(sys.argv[1:]), number=made)


@app.command()
def approve(
    number: Number, by: By, note: Note = "", as_json: Json = False, lang: Lang = None
) -> None:
    """Approve what another person proposed, and carry it out.

    Example: tanzhang partner suspect approve 1 --by Mei
    """
    _decide("approved", number, by, note, as_json=as_json)


@app.command()
def refuse(
    number: Number, by: By, note: Note = "", as_json: Json = False, lang: Lang = None
) -> None:
    """Refuse what another person proposed; everything stays held.

    Example: tanzhang partner suspect refuse 1 --by Mei --note "ask the partner first"
    """
    _decide("refused", number, by, note, as_json=as_json)


@app.command()
def withdraw(
    number: Number, by: By, note: Note = "", as_json: Json = False, lang: Lang = None
) -> None:
    """Take one's own proposal back.

    Example: tanzhang partner suspect withdraw 1 --by Ling
    """
    _decide("withdrawn", number, by, note, as_json=as_json)


@app.command("carry-on")
def carry_on(as_json: Json = False, lang: Lang = None) -> None:
    """Find, hold and release what is still to be: the server does it every minute anyway.

    Example: tanzhang partner suspect carry-on
    """
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.activities import api as activities

    left = activities.carry_on_suspicions()
    if as_json:
        print_json({"unfinished": left})
    else:
        said("left", language(sys.argv[1:]), count=left)


def _decide(decision: str, number: int, by: str, note: str, *, as_json: bool) -> None:
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.activities import api as activities

    decide = {
        "approved": activities.approve_resolution,
        "refused": activities.refuse_resolution,
        "withdrawn": activities.withdraw_resolution,
    }[decision]
    decide(number, by=by, note=note)
    activities.carry_on_suspicions()
    entry = activities.suspicion(number)
    if as_json:
        print_json(suspicion_json(entry))
        return
    spoken = language(sys.argv[1:])
    said(f"was_{decision}", spoken)
    print_suspicion(entry, spoken)
