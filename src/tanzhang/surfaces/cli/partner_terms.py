"""``tanzhang partner agree`` and ``end``: what a partner may do, how much, for how long."""

from __future__ import annotations

import hashlib
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from tanzhang.problems import Problem
from tanzhang.surfaces.cli.partner_files import instant
from tanzhang.surfaces.cli.partner_text import agreement_json, moment, print_json, say
from tanzhang.surfaces.cli.refusals import language

Code = Annotated[str, typer.Argument(help="The partner's code.", metavar="CODE")]
By = Annotated[str, typer.Option("--by", help="Who decides it; kept for ever.")]
Json = Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")]
Lang = Annotated[str | None, typer.Option("--lang", help="zh or en; default: by LANG.")]

KINDS = ("report", "read_balance", "pull", "hand_over")


def agree(
    code: Code,
    kind: Annotated[str, typer.Option("--kind", help="report, read_balance, pull or hand_over.")],
    by: By,
    scenes: Annotated[
        str | None, typer.Option("--scenes", help="Which, with commas; default: all it may.")
    ] = None,
    from_instant: Annotated[
        str | None, typer.Option("--from", help="Its first instant; default: now.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", help="The instant before which it ends.")
    ] = None,
    grade: Annotated[
        int | None, typer.Option("--grade", help="Of acts whose report states none.", min=0)
    ] = None,
    most_grade: Annotated[
        int | None, typer.Option("--most-grade", help="Highest that an act may claim.", min=0)
    ] = None,
    items_a_day: Annotated[
        int | None, typer.Option("--items-a-day", help="Most items a day (UTC).", min=1)
    ] = None,
    calls_a_minute: Annotated[
        int | None, typer.Option("--calls-a-minute", help="Most calls a minute.", min=1)
    ] = None,
    text: Annotated[
        Path | None, typer.Option("--text", help="The signed text; its SM3 is kept.")
    ] = None,
    approved_by: Annotated[
        str | None, typer.Option("--approved-by", help="A second person; kept for ever.")
    ] = None,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Agree on what a partner may do; an agreement of the same kind ends where this one begins.

    Scenes that the programme's file gives to others need a second person (--approved-by).

    Example: tanzhang partner agree citibike --kind report --scenes bike --by Ling
    """
    if kind not in KINDS:
        raise typer.BadParameter("--kind is report, read_balance, pull or hand_over.")
    begins, ends = instant(from_instant), instant(until)
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.partners import api as partners

    entry = partners.partner(code)
    defaults = partners.Terms(partners.AgreementKind(kind))
    terms = partners.Terms(
        defaults.kind,
        scenes=_scenes(scenes, entry.programme_id),
        default_grade=defaults.default_grade if grade is None else grade,
        items_a_day=items_a_day or defaults.items_a_day,
        calls_a_minute=calls_a_minute or defaults.calls_a_minute,
        valid_from=begins,
        valid_until=ends,
        text_digest=None if text is None else _digest(text),
        most_grade=defaults.most_grade if most_grade is None else most_grade,
        approved_by=approved_by,
    )
    own = _own_scenes(code, entry.programme_id)
    number = partners.agree(entry.id, terms, by=by, own_scenes=own)
    _tell("agreed", code, entry.id, number, as_json=as_json)


def end(
    code: Code,
    number: Annotated[int, typer.Argument(help="The agreement's number.", metavar="NUMBER")],
    reason: Annotated[str, typer.Option("--reason", help="Why; kept for ever.")],
    by: By,
    at: Annotated[
        str | None, typer.Option("--at", help="The instant before which it ends; default: now.")
    ] = None,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """End an agreement early. What was accepted under it stays, and no balance changes.

    Example: tanzhang partner end citibike 3 --reason "leaves the alliance" --by Ling
    """
    ends = instant(at)
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.partners import api as partners

    partner_id = partners.partner(code).id
    partners.end_agreement(partner_id, number, reason=reason, by=by, at=ends)
    _tell("ended", code, partner_id, number, as_json=as_json)


def _scenes(listed: str | None, programme_id: int) -> list[str] | None:
    """The scenes by name; each must be one of the programme's."""
    if listed is None:
        return None
    from tanzhang.apps.catalogue.api import rulebook_in_force

    rules = rulebook_in_force()
    programme = rules.programme_code(programme_id)
    names = [name.strip() for name in listed.split(",") if name.strip()]
    for name in names:
        if (programme, name) not in rules.scene_ids:
            raise Problem("partners.scene_unknown", scene=name, programme=programme)
    if not names:
        raise typer.BadParameter("--scenes names at least one scene.")
    return names


def _own_scenes(code: str, programme_id: int) -> list[str]:
    """What the programme's file, in its latest version, gives the partner."""
    from tanzhang.apps.catalogue.api import rulebook_in_force

    rules = rulebook_in_force()
    latest = list(rules.programme_file(rules.programme_code(programme_id)).scenes.values())[-1]
    return [scene.id for scene in latest.values() if code in scene.partners]


def _digest(text: Path) -> bytes:
    try:
        return hashlib.new("sm3", text.read_bytes()).digest()
    except OSError as error:
        said = error.strerror
        raise Problem("partners.file_unreadable", path=str(text), said=said) from None


def _tell(done: str, code: str, partner_id: int, number: int, *, as_json: bool) -> None:
    from tanzhang.apps.partners.api import agreements

    made = next(entry for entry in agreements(partner_id) if entry.id == number)
    if as_json:
        print_json({"partner": code, **agreement_json(made, datetime.now(UTC))})
    else:
        at = moment(made.valid_from if done == "agreed" else made.valid_until)
        say(done, language(sys.argv[1:]), partner=code, number=number, at=at)
