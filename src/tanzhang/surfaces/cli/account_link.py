"""``tanzhang account link`` and ``unlink``: two accounts of one person, as an operator knows it."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Final

import typer

from tanzhang.problems import Problem
from tanzhang.stored_time import day_number
from tanzhang.surfaces.cli.named import account_named
from tanzhang.surfaces.cli.refusals import language

One = Annotated[str, typer.Argument(help="An account's handle or number.", metavar="ONE")]
Other = Annotated[str, typer.Argument(help="The other account.", metavar="OTHER")]
Json = Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")]
Lang = Annotated[str | None, typer.Option("--lang", help="zh or en; default: by LANG.")]

_WORDS: Final = {
    "zh": {
        "linked": "已关联：自 {day} 起，两个账户的行为按同一人计算（关联 {link}）。"
        "工作进程将重新结算。",
        "ended": "关联 {link} 自 {day} 起终止。工作进程将重新结算。",
        "withdrawn": "关联 {link} 已撤销，视同从未存在。工作进程将重新结算。",
    },
    "en": {
        "linked": "Linked: from {day} on the acts of both count as one person's (link {link})."
        " A worker settles them again.",
        "ended": "Link {link} ends with {day}. A worker settles the acts again.",
        "withdrawn": "Link {link} is withdrawn, as if it had never been. A worker settles the acts"
        " again.",
    },
}


def link(
    one: One,
    other: Other,
    from_day: Annotated[
        str, typer.Option("--from", help="The first local day, like 2026-11-01.", metavar="DAY")
    ],
    factor: Annotated[
        str, typer.Option("--factor", help="How it was proved that both are hers.", metavar="TEXT")
    ],
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Count the acts of two accounts as one person's, from a local day on.

    What both reported of one act counts once from then on. Take it back with “unlink”.

    Example: tanzhang account link citic-ada bus-ada --from 2026-11-01 --factor "ID card, desk 4"
    """
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.activities.api import link_people

    first = _day(from_day)
    number = link_people(
        account_named(one), account_named(other), from_day=first, factor=factor.strip()
    )
    _tell("linked", number, from_day, as_json, lang)


def unlink(
    one: One,
    other: Other,
    why: Annotated[str, typer.Option("--why", help="Why they are parted.", metavar="TEXT")],
    from_day: Annotated[
        str | None,
        typer.Option("--from", help="The first local day on which they are two.", metavar="DAY"),
    ] = None,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Part two linked accounts: from a local day on, or as if they had never been linked.

    Without a day the link was a mistake: everything counts as it did without it.

    Example: tanzhang account unlink citic-ada bus-ada --why "two sisters"
    """
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.activities.api import unlink_people

    to_day = None if from_day is None else _day(from_day)
    number = unlink_people(account_named(one), account_named(other), to_day=to_day, why=why)
    _tell("withdrawn" if from_day is None else "ended", number, from_day, as_json, lang)


def _day(text: str) -> int:
    """A local day as days since 1970-01-01. Raises ``cli.day_malformed``."""
    try:
        return day_number(date.fromisoformat(text))
    except ValueError as error:
        raise Problem("cli.day_malformed", day=text) from error


def _tell(what: str, number: int, day: str | None, as_json: bool, lang: str | None) -> None:
    if as_json:
        typer.echo(json.dumps({what: number, "day": day}))
    else:
        typer.echo(_WORDS[language(["--lang", lang or ""])][what].format(link=number, day=day))
