"""``tanzhang cohort``: who tries what first, opened and closed while everything runs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tanzhang.problems import Problem
from tanzhang.surfaces.cli.joining import joining_of
from tanzhang.surfaces.cli.joining_text import (
    change_json,
    cohorts_json,
    print_changes,
    print_cohorts,
    print_results,
    results_json,
)
from tanzhang.surfaces.cli.partner_text import print_json
from tanzhang.surfaces.cli.refusals import language

if TYPE_CHECKING:
    from tanzhang.apps.people.api import StageEntry

app = typer.Typer(
    help="See who tries what first, and open it to others without a restart.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
)

Programme = Annotated[str, typer.Argument(help="The programme's code.", metavar="PROGRAMME")]
Number = Annotated[int, typer.Argument(help="The change's number.", metavar="NUMBER")]
By = Annotated[str, typer.Option("--by", help="Who decides it; kept for ever.")]
Note = Annotated[str, typer.Option("--note", help="Why; kept for ever.")]
Json = Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")]
Lang = Annotated[str | None, typer.Option("--lang", help="zh or en; default: by LANG.")]


@app.command()
def show(programme: Programme, as_json: Json = False, lang: Lang = None) -> None:
    """Show the cohorts of a programme with their stages, and who sees which feature.

    Example: tanzhang cohort show citic
    """
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.people.api import member_counts, stages

    number, joining = joining_of(programme)
    now, counts = stages(number), member_counts(number)
    if as_json:
        print_json({"programme": programme, **cohorts_json(joining, now, counts)})
    else:
        print_cohorts(joining, now, counts, language(sys.argv[1:]))


@app.command()
def move(
    programme: Programme,
    cohort: Annotated[str, typer.Argument(help="The cohort.", metavar="COHORT")],
    stage: Annotated[Literal["open", "closed", "everyone"], typer.Argument(help="Where it goes.")],
    by: By,
    note: Note,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Open a cohort, close it, or end it; that it becomes everyone waits for a second person.

    Example: tanzhang cohort move citic beta open --by Ling --note "the list is complete"
    """
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.people.api import move_cohort

    number, joining = joining_of(programme)
    _tell([move_cohort(number, joining, cohort, stage, by=by, note=note)], as_json=as_json)


@app.command("open")
def open_feature(
    programme: Programme,
    feature: Annotated[str, typer.Argument(help="The feature.", metavar="FEATURE")],
    audience: Annotated[
        str, typer.Option("--to", help="everyone, or cohorts with commas between them.")
    ],
    by: By,
    note: Note,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Show a feature to everyone, or to other cohorts; nearly all wait for a second person.

    Example: tanzhang cohort open citic carrying --to everyone --by Ling --note "the test went well"
    """
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.people.api import show_feature

    number, joining = joining_of(programme)
    named = tuple(part.strip() for part in audience.split(",") if part.strip())
    made = show_feature(number, joining, feature, named, by=by, note=note)
    _tell([made], as_json=as_json)


@app.command()
def approve(
    number: Number, by: By, note: Note = "", as_json: Json = False, lang: Lang = None
) -> None:
    """Approve a change that another person proposed; it is in force at once, everywhere.

    Example: tanzhang cohort approve 1 --by Mei
    """
    _decide("approved", number, by, note, as_json=as_json)


@app.command()
def refuse(
    number: Number, by: By, note: Note = "", as_json: Json = False, lang: Lang = None
) -> None:
    """Refuse a change that another person proposed.

    Example: tanzhang cohort refuse 1 --by Mei --note "not before the holidays"
    """
    _decide("refused", number, by, note, as_json=as_json)


@app.command()
def withdraw(
    number: Number, by: By, note: Note = "", as_json: Json = False, lang: Lang = None
) -> None:
    """Take one's own change back.

    Example: tanzhang cohort withdraw 1 --by Ling
    """
    _decide("withdrawn", number, by, note, as_json=as_json)


@app.command()
def changes(programme: Programme, as_json: Json = False, lang: Lang = None) -> None:
    """List what was changed, by whom and why, the latest first.

    Example: tanzhang cohort changes citic
    """
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.people.api import stage_changes

    number, _ = joining_of(programme)
    found = stage_changes(number)
    if as_json:
        print_json({"changes": [change_json(entry) for entry in found]})
    else:
        print_changes(found, language(sys.argv[1:]))


@app.command()
def survey(
    programme: Programme,
    name: Annotated[str, typer.Argument(help="The survey.", metavar="SURVEY")],
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Tell how often each answer was chosen; counts under ten are not told.

    Example: tanzhang cohort survey citic beta-first-month
    """
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.people.api import survey_results

    number, joining = joining_of(programme)
    asked = joining.surveys.get(name)
    if asked is None:
        known = ", ".join(joining.surveys) or "–"
        raise Problem("joining.survey_unknown", survey=name, known=known)
    results = survey_results(number, asked)
    if as_json:
        print_json(results_json(name, results))
    else:
        print_results(asked, results, language(sys.argv[1:]))


def _decide(decision: str, number: int, by: str, note: str, *, as_json: bool) -> None:
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.people import api as people

    decide = {
        "approved": people.approve_change,
        "refused": people.refuse_change,
        "withdrawn": people.withdraw_change,
    }[decision]
    _tell([decide(number, by=by, note=note)], as_json=as_json)


def _tell(entries: Sequence[StageEntry], *, as_json: bool) -> None:
    if as_json:
        print_json(change_json(entries[0]))
    else:
        print_changes(entries, language(sys.argv[1:]))
