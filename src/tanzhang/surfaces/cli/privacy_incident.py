"""``tanzhang privacy affected`` and ``incident``: whom it concerns, by when, and what they read."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from tanzhang.problems import Problem
from tanzhang.surfaces.cli.documents import write_file
from tanzhang.surfaces.cli.refusals import language

if TYPE_CHECKING:
    from tanzhang.apps.activities.api import incidents as door

Key = Annotated[str | None, typer.Option("--key", help="A partner's signing key, by its id.")]
Partner = Annotated[str | None, typer.Option("--partner", help="A partner's code.")]
Pack = Annotated[str | None, typer.Option("--pack", help="A pack's id.")]
Staff = Annotated[str | None, typer.Option("--staff", help="A log-in of staff: what it read.")]
Since = Annotated[str, typer.Option("--since", help="From when on: a date or an instant.")]
Until = Annotated[str | None, typer.Option("--until", help="Until before when; default: now.")]
By = Annotated[str, typer.Option("--by", help="Who does this; kept for ever.")]
Json = Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")]
Lang = Annotated[str | None, typer.Option("--lang", help="zh or en; default: by LANG.")]

app = typer.Typer(
    help="Put an incident on record, see its clock, and write the notice to the people.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
)

_WORDS: Final = {
    "en": {
        "head": "{people} people, {acts} acts, {kg} and {points} points are concerned"
        " ({seconds} s).",
        "line": "  {day}  {scene}: {people} people, {acts} acts",
        "opened": "Incident {number}: {people} people are affected. Report it by {report_by}.",
        "incident": "{number}  {suspect} {name}: {people} people; noticed {noticed_at}",
        "left": "  {minutes} minutes are left to report it.",
        "late": "  It should have been reported {minutes} minutes ago.",
        "reported": "  Reported at {at}.",
        "step": "  {at}  {move} ({by}): {words}",
        "none": "No incident is on record.",
        "noted": "Noted.",
        "nobody": "nobody is named yet; set TANZHANG_PRIVACY_CONTACT",
    },
    "zh": {
        "head": "涉及 {people} 人、{acts} 项行为、{kg} 和 {points} 积分（用时 {seconds} 秒）。",
        "line": "  {day}  {scene}：{people} 人，{acts} 项行为",
        "opened": "第 {number} 号事件：影响 {people} 人。须在 {report_by} 前报告。",
        "incident": "{number}  {suspect} {name}：{people} 人；发现于 {noticed_at}",
        "left": "  距报告期限还有 {minutes} 分钟。",
        "late": "  已超过报告期限 {minutes} 分钟。",
        "reported": "  已于 {at} 报告。",
        "step": "  {at}  {move}（{by}）：{words}",
        "none": "没有登记的事件。",
        "noted": "已记录。",
        "nobody": "尚未指定负责人；请设置 TANZHANG_PRIVACY_CONTACT",
    },
}


def affected(
    since: Since,
    key: Key = None,
    partner: Partner = None,
    pack: Pack = None,
    staff: Staff = None,
    until: Until = None,
    people_file: Annotated[
        Path | None,
        typer.Option("--people", help="Where to write the accounts' handles, one a line."),
    ] = None,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Say whom it concerns if a key, a partner, a pack or a member of staff went wrong.

    People are counted by day and scene, with the grams and points that were posted because of it.

    Example: tanzhang privacy affected --key 0807B471DA4AD906 --since 2026-05-01T08:00+08:00
    """
    _set_up()
    query = _query(key, partner, pack, staff, since, until)
    found, seconds = _look(query)
    if people_file is not None:
        handles = _handles(found.people)
        write_file(people_file, "".join(f"{handle}\n" for handle in handles).encode())
    told = _json(found) | {"seconds": seconds}
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    _print(found, seconds)


@app.command("open")
def open_(
    since: Since,
    cause: Annotated[str, typer.Option("--cause", help="What happened, in plain words.")],
    by: By,
    key: Key = None,
    partner: Partner = None,
    pack: Pack = None,
    staff: Staff = None,
    until: Until = None,
    noticed: Annotated[
        str | None, typer.Option("--noticed", help="When it was noticed; default: now.")
    ] = None,
    kinds: Annotated[str, typer.Option("--kinds", help="Which kinds of data.")] = "",
    harm: Annotated[str, typer.Option("--harm", help="What may come of it.")] = "",
    remedy: Annotated[
        str, typer.Option("--remedy", help="What was done, and what people can do.")
    ] = "",
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Put an incident on record, with how many people it affects; the four hours run.

    Example: tanzhang privacy incident open --key 0807B471DA4AD906 --since 2026-05-01 --cause "A key
    was copied" --by li
    """
    _set_up()
    from tanzhang.apps.activities.api import incidents

    query = _query(key, partner, pack, staff, since, until, or_none=True)
    found, _ = _look(query)
    now = datetime.now(UTC)
    number = incidents.open_incident(
        query,
        incidents.Circumstances(kinds, cause, harm, remedy),
        people=len(found.people),
        noticed_at=now if noticed is None else incidents.instant_given(noticed),
        by=by,
    )
    made = incidents.incident(number)
    told = {"number": number, "people": made.people, "report_by": _utc(made.report_by)}
    _tell(told, "opened", as_json=as_json)


@app.command()
def show(
    number: Annotated[
        int | None, typer.Argument(help="The incident; all if none is named.")
    ] = None,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Show incidents with their clocks and steps.

    Example: tanzhang privacy incident show 1
    """
    _set_up()
    from tanzhang.apps.activities.api import incidents

    found = incidents.all_incidents() if number is None else [incidents.incident(number)]
    now = datetime.now(UTC)
    if as_json:
        listed = [_incident_json(each, now) for each in found]
        typer.echo(json.dumps({"incidents": listed}, ensure_ascii=False))
        return
    for each in found:
        _print_incident(each, now)
    if not found:
        typer.echo(_words()["none"])


@app.command()
def step(
    number: Annotated[int, typer.Argument(help="The incident.")],
    move: Annotated[str, typer.Argument(help="reported, notified, noted or closed.")],
    words: Annotated[str, typer.Option("--words", help="What was done, in plain words.")],
    by: By,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Note what was done about an incident; “reported” stops the clock.

    Example: tanzhang privacy incident step 1 reported --words "By phone, case 17" --by li
    """
    _set_up()
    from tanzhang.apps.activities.api import incidents

    known = {each.value: each for each in incidents.IncidentMove}
    if move not in known:
        raise typer.BadParameter(", ".join(known), param_hint="MOVE")
    incidents.note_incident_step(number, known[move], words, by=by)
    _tell({"number": number, "move": move}, "noted", as_json=as_json)


@app.command()
def notice(
    number: Annotated[int, typer.Argument(help="The incident.")],
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Write the text by which people are told, in the language of --lang.

    Example: tanzhang privacy incident notice 1 --lang zh
    """
    _set_up()
    from tanzhang.apps.activities.api import incidents
    from tanzhang.config.handler import privacy_contact

    found = incidents.incident(number)
    contact = privacy_contact() or _words()["nobody"]
    if as_json:
        texts = {each: incidents.incident_notice(found, contact, each) for each in ("zh", "en")}
        typer.echo(json.dumps({"number": number, **texts}, ensure_ascii=False))
        return
    typer.echo(incidents.incident_notice(found, contact, language(sys.argv[1:])), nl=False)


def _query(
    key: str | None,
    partner: str | None,
    pack: str | None,
    staff: str | None,
    since: str,
    until: str | None,
    *,
    or_none: bool = False,
) -> door.IncidentQuery:
    """What is looked for: exactly one of them, or none where an incident need not name any."""
    from tanzhang.apps.activities.api import incidents

    given = {
        incidents.Suspect.KEY: key,
        incidents.Suspect.PARTNER: partner,
        incidents.Suspect.PACK: pack,
        incidents.Suspect.STAFF: staff,
    }
    named = [(suspect, name) for suspect, name in given.items() if name is not None]
    if or_none and not named:
        named = [(incidents.Suspect.OTHER, "")]
    if len(named) != 1:
        raise Problem("incidents.suspect_missing")
    end = datetime.now(UTC) if until is None else incidents.instant_given(until)
    return incidents.IncidentQuery(*named[0], incidents.instant_given(since), end)


def _look(query: door.IncidentQuery) -> tuple[door.Affected, float]:
    """Whom it concerns, and how many seconds that took."""
    from time import perf_counter

    from tanzhang.apps.activities.api import incidents
    from tanzhang.apps.catalogue.api import rulebook_in_force
    from tanzhang.apps.database import bulk_transaction

    rules, start = rulebook_in_force(), perf_counter()
    with bulk_transaction() as cursor:
        found = incidents.affected(cursor, query, rules)
    return found, round(perf_counter() - start, 3)


def _handles(people: Sequence[int]) -> list[str]:
    from tanzhang.apps.database import bulk_transaction
    from tanzhang.apps.people.api import handles_of_subjects

    with bulk_transaction() as cursor:
        return handles_of_subjects(cursor, people)


def _json(found: door.Affected) -> dict[str, Any]:
    return {
        "people": len(found.people),
        "acts": found.acts,
        "reduction_mg": found.reduction_mg,
        "points": found.points,
        "lines": [
            {
                "day": line.day.isoformat(),
                "scene": line.scene,
                "acts": line.acts,
                "people": line.people,
                "reduction_mg": line.reduction_mg,
                "points": line.points,
            }
            for line in found.lines
        ],
    }


def _print(found: door.Affected, seconds: float) -> None:
    from tanzhang.apps.activities.api import kilograms

    words, kg = _words(), kilograms(found.reduction_mg, language(sys.argv[1:]))
    head = {"people": len(found.people), "acts": found.acts, "points": found.points}
    typer.echo(words["head"].format(**head, kg=kg, seconds=seconds))
    for line in _json(found)["lines"]:
        typer.echo(words["line"].format(**line))


def _incident_json(found: door.IncidentEntry, now: datetime) -> dict[str, Any]:
    left = found.left(now)
    return {
        "number": found.id,
        "suspect": found.query.suspect.value,
        "name": found.query.name,
        "since": _utc(found.query.since),
        "until": _utc(found.query.until),
        "noticed_at": _utc(found.noticed_at),
        "opened_by": found.opened_by,
        "people": found.people,
        "report_by": _utc(found.report_by),
        "reported_at": None if found.reported_at is None else _utc(found.reported_at),
        "minutes_left": None if left is None else left // timedelta(minutes=1),
        "closed": found.is_closed,
        "steps": [
            {"at": _utc(each.at), "move": each.move.value, "by": each.made_by, "words": each.words}
            for each in found.steps
        ],
    }


def _print_incident(found: door.IncidentEntry, now: datetime) -> None:
    words, told = _words(), _incident_json(found, now)
    typer.echo(words["incident"].format(**told))
    minutes = told["minutes_left"]
    if minutes is None:
        typer.echo(words["reported"].format(at=told["reported_at"]))
    else:
        typer.echo(words["left" if minutes >= 0 else "late"].format(minutes=abs(minutes)))
    for each in told["steps"]:
        typer.echo(words["step"].format(**each))


def _words() -> dict[str, str]:
    return _WORDS[language(sys.argv[1:])]


def _tell(told: dict[str, Any], sentence: str, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        typer.echo(_words()[sentence].format(**told))


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _set_up() -> None:
    from tanzhang.config import setup

    setup()
