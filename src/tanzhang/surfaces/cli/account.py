"""``tanzhang account``: an account's grams and points, and why an act counted as it did."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from tanzhang.surfaces.cli import account_link
from tanzhang.surfaces.cli.account_text import print_statement, print_story, sentences, words
from tanzhang.surfaces.cli.named import account_named
from tanzhang.surfaces.cli.refusals import language

if TYPE_CHECKING:
    from tanzhang.apps.activities.api import Statement, Story

app = typer.Typer(
    help="Show a carbon account, and why an act counted as it did.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
)
app.command()(account_link.link)
app.command()(account_link.unlink)

Account = Annotated[str, typer.Argument(help="The account's handle or number.")]
Why = Annotated[
    str | None,
    typer.Option("--why", help="Explain one event: its key, or partner:external-id."),
]
Limit = Annotated[int, typer.Option("--limit", help="How many acts to list.", min=0)]
Json = Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")]
Lang = Annotated[str | None, typer.Option("--lang", help="zh or en; default: by LANG.")]


@app.command("list")
def list_accounts(as_json: Json = False, lang: Lang = None) -> None:
    """List all accounts by handle.

    Example: tanzhang account list --json
    """
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.people.api import accounts

    found = accounts()
    if as_json:
        handles = [account.handle for account in found]
        typer.echo(json.dumps({"accounts": handles}, ensure_ascii=False))
        return
    for account in found:
        typer.echo(account.handle)
    if not found:
        typer.echo(words(language(sys.argv[1:]))["empty"])


@app.command()
def show(
    account: Account,
    why: Why = None,
    limit: Limit = 20,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Show an account's grams and points, or explain one of its acts.

    Example: tanzhang account show citic-citibike-0123456789abcdef --why citibike:ride-1
    """
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.activities import api as activities
    from tanzhang.apps.catalogue.api import rulebook_in_force

    spoken = language(sys.argv[1:])
    entry = account_named(account)
    rules = rulebook_in_force()
    programme = rules.programme_code(entry.programme_id)
    zone = ZoneInfo(rules.programme(programme).time_zone)
    if why is not None:
        told = activities.story(entry, why, rules, spoken)
        if as_json:
            _print_json(_story_json(told, spoken))
        else:
            print_story(told, rules.scene_title(programme, told.scene)[spoken], spoken, zone)
        return
    found = activities.statement(entry, rules)
    if as_json:
        _print_json(_statement_json(found))
    else:
        print_statement(found, limit, spoken, zone)


def _statement_json(found: Statement) -> dict[str, Any]:
    return {
        "account": found.account.handle,
        "programme": found.programme,
        "reduction_mg": found.reduction_mg,
        "points": found.points,
        "scenes": [
            {
                "scene": total.scene,
                "acts": total.acts,
                "reduction_mg": total.reduction_mg,
                "points": total.points,
            }
            for total in found.scenes
        ],
        "events": [
            {
                "event": line.event,
                "scene": line.scene,
                "pack": line.pack,
                "version": line.version,
                "started_at": _utc(line.started_us),
                "status": line.status,
                "reason": line.reason,
                "gross_mg": line.gross_mg,
                "reduction_mg": line.reduction_mg,
                "points": line.points,
            }
            for line in found.events
        ],
    }


def _story_json(told: Story, lang: str) -> dict[str, Any]:
    explained = told.explanation.as_json() if told.explanation else {}
    return {
        "event": told.event,
        "partner": told.partner,
        "scene": told.scene,
        "revision": told.revision,
        "state": told.state,
        "started_at": _utc(told.started_us),
        "ended_at": _utc(told.ended_us),
        "status": told.status,
        "reason": told.reason,
        "sentences": sentences(told, lang),
        "gross_mg": told.gross_mg,
        "reduction_mg": told.reduction_mg,
        "points": told.points,
        "pack": told.pack,
        "version": told.version,
        "steps": explained.get("steps", []),
        "factors": explained.get("factors", []),
        "cuts": [{"owner": c.owner, "name": c.name, "mg": c.mg} for c in told.cuts],
        "lost_to": told.lost_to,
        "history": [
            {
                "month": line.month,
                "outcome_no": line.outcome_no,
                "cause": line.cause,
                "revision": line.revision,
                "status": line.status,
                "reason": line.reason,
                "reduction_mg": line.reduction_mg,
                "points": line.points,
            }
            for line in told.history
        ],
    }


def _print_json(answer: dict[str, Any]) -> None:
    typer.echo(json.dumps(answer, ensure_ascii=False))


def _utc(instant_us: int) -> str:
    return datetime.fromtimestamp(instant_us // 1_000_000, UTC).isoformat()
