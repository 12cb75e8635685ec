"""``tanzhang programme``: load programmes, see what would change, activate, show."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tanzhang.problems import Problem
from tanzhang.surfaces.cli.programme_text import (
    print_faults,
    print_list,
    print_loaded,
    print_shown,
)
from tanzhang.surfaces.cli.refusals import REFUSED, language

if TYPE_CHECKING:
    from tanzhang.apps.activities.api import Resettled
    from tanzhang.apps.catalogue.api import Preview, VersionEntry
    from tanzhang.engine.packs import PackLibrary, ProgrammeFile

app = typer.Typer(
    help="Load programmes, see what would change, activate versions and show them.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
)

Json = Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")]
Lang = Annotated[str | None, typer.Option("--lang", help="zh or en; default: by LANG.")]


@app.command()
def load(
    path: Annotated[
        Path,
        typer.Argument(help="A programme's file, or its folder.", metavar="FILE_OR_FOLDER"),
    ],
    from_day: Annotated[
        str | None,
        typer.Option("--from", help="The local day from which to activate, like 2027-01-01."),
    ] = None,
    by: Annotated[
        str | None, typer.Option("--by", help="Who proposes to activate what was loaded.")
    ] = None,
    approved_by: Annotated[
        str | None, typer.Option("--approved-by", help="Who approves it: another person.")
    ] = None,
    number: Annotated[
        int | None,
        typer.Option("--proposal", help="Which proposal is approved, if several wait."),
    ] = None,
    note: Annotated[str, typer.Option("--note", help="Why; kept with the proposal.")] = "",
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Load a programme and its packs as versions, and show what they would change.

    Nothing counts before it is activated: with --by the versions are proposed from --from on
    (default: their own first days), and with --approved-by another person activates them, at once
    or later. A version whose file states another end is activated again in the same way, once
    nothing newer waits. Acts of past days that they reach are settled again by the workers. Into an
    empty catalogue the first programme is installed as it comes.

    Example: tanzhang programme load packs/programmes/citic --from 2027-01-01 --by Ling
    """
    _check_persons(from_day, by, approved_by, number)
    spoken = language(sys.argv[1:])
    library, programme = _read(path, spoken, as_json=as_json)
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.catalogue import api as catalogue
    from tanzhang.engine.packs.tree import day_of

    first = day_of(from_day) if from_day else None
    loaded = catalogue.load_catalogue(library, [programme.id])
    never, ended = catalogue.pending_versions(programme.id), catalogue.ended_versions(programme.id)
    pending = never or ended
    ahead = catalogue.preview(pending, first) if pending else None
    proposal = _proposal_of([*never, *ended], number) if approved_by and not by else None
    asked = None
    if by and ahead:
        propose = partial(_propose, pending, ahead.from_day, by, note)
        proposal, asked = _activate(propose, approved_by)
    elif proposal is not None:
        proposal, asked = _activate(partial(int, proposal), approved_by)
    answer = {
        "programme": programme.id,
        "loaded": list(loaded.new),
        "ended": list(loaded.ended),
        "installed": loaded.installed,
        "pending": pending,
        "preview": _preview_json(ahead, spoken),
        "proposal": proposal,
        "activated": asked is not None,
        "resettled": asked.events if asked else 0,
    }
    if as_json:
        _print_json(answer)
    else:
        print_loaded(answer, spoken)


def _check_persons(
    from_day: str | None, by: str | None, approved_by: str | None, number: int | None
) -> None:
    if from_day and not by:
        raise typer.BadParameter("--from needs --by: somebody proposes the activation.")
    if number is not None and (by or not approved_by):
        raise typer.BadParameter("--proposal goes with --approved-by alone.")


def _read(path: Path, lang: str, *, as_json: bool) -> tuple[PackLibrary, ProgrammeFile]:
    from tanzhang.engine.packs import FaultyPacks, library_with_programme

    try:
        return library_with_programme(path)
    except FaultyPacks as faulty:
        if as_json:
            raise
        print_faults(faulty.faults, lang)
        raise typer.Exit(REFUSED) from None


def _proposal_of(names: Sequence[str], number: int | None) -> int:
    """The proposal in which one of these versions waits, or that of several with this number.

    Raises ``catalogue.proposal_missing`` and ``catalogue.proposals_several``.
    """
    from tanzhang.apps.catalogue.api import catalogue_versions

    waiting = {
        entry.proposal_id
        for entry in catalogue_versions()
        if entry.name in names and entry.proposal_id is not None
    }
    chosen = waiting if number is None else waiting & {number}
    if not chosen:
        raise Problem("catalogue.proposal_missing")
    if len(chosen) > 1:
        listed = ", ".join(map(str, sorted(chosen)))
        raise Problem("catalogue.proposals_several", proposals=listed)
    return chosen.pop()


def _propose(names: Sequence[str], from_day: int, by: str, note: str) -> int:
    from tanzhang.apps.catalogue.api import propose_activation

    return propose_activation(names, from_day=from_day, by=by, note=note)


def _activate(propose: Callable[[], int], approved_by: str | None) -> tuple[int, Resettled | None]:
    """Propose, and approve if there is a second person; both or neither."""
    if approved_by is None:
        return propose(), None
    from tanzhang.apps.activities.api import change_rules
    from tanzhang.apps.catalogue.api import RulesChange, approve_activation

    numbers: list[int] = []

    def activate() -> list[RulesChange]:
        numbers.append(propose())
        return [approve_activation(numbers[0], by=approved_by)]

    asked = change_rules(activate)
    return numbers[0], asked


@app.command()
def show(
    programme: Annotated[str, typer.Argument(help="The programme's id.", metavar="ID")],
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Show a programme: its versions and when each is in force, its scenes, who activated what.

    Example: tanzhang programme show citic --lang zh
    """
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.catalogue import api as catalogue

    spoken = language(sys.argv[1:])
    file = catalogue.loaded_programme(programme)
    packs = {scene.pack for scenes in file.scenes.values() for scene in scenes.values()}
    versions = [v for v in catalogue.catalogue_versions() if v.code in {programme, *packs}]
    own = {version.name for version in versions}
    history = [entry for entry in catalogue.activations() if own & set(entry.versions)]
    answer = {
        "programme": file.id,
        "title": {"zh": file.title.zh, "en": file.title.en},
        "operator": {"zh": file.operator.zh, "en": file.operator.en},
        "time_zone": file.rules.time_zone,
        "versions": [_version_json(v) for v in versions if v.kind == "programme"],
        "packs": [_version_json(v) for v in versions if v.kind == "pack"],
        "scenes": {
            version: [
                {
                    "scene": scene.id,
                    "title": {"zh": scene.title.zh, "en": scene.title.en},
                    "state": scene.state,
                    "pack": scene.pack or None,
                    "partners": list(scene.partners),
                }
                for scene in scenes.values()
            ]
            for version, scenes in file.scenes.items()
        },
        "activations": [
            {
                "proposal": entry.id,
                "versions": list(entry.versions),
                "decision": entry.decision or None,
                "sentences": list(entry.sentences(spoken)),
            }
            for entry in history
        ],
    }
    if as_json:
        _print_json(answer)
    else:
        print_shown(answer, spoken)


@app.command("list")
def list_programmes(as_json: Json = False, lang: Lang = None) -> None:
    """List all versions of programmes, with the days on which each is in force.

    Example: tanzhang programme list --json
    """
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.catalogue.api import catalogue_versions

    found = [_version_json(v) for v in catalogue_versions() if v.kind == "programme"]
    if as_json:
        _print_json({"programmes": found})
    else:
        print_list(found, language(sys.argv[1:]))


def _version_json(entry: VersionEntry) -> dict[str, Any]:
    from tanzhang.engine.packs.tree import write_day
    from tanzhang.engine.rules import FOR_EVER

    def until(end: int) -> str | None:
        return None if end == FOR_EVER else write_day(end)

    span = entry.in_force
    return {
        "code": entry.code,
        "version": entry.version,
        "title": {"zh": entry.title.zh, "en": entry.title.en},
        "state": entry.state,
        "valid_from": write_day(entry.valid_from),
        "valid_to": until(entry.valid_to),
        "in_force_from": write_day(span[0]) if span else None,
        "in_force_to": until(span[1]) if span else None,
        "proposal": entry.proposal_id,
    }


def _preview_json(ahead: Preview | None, lang: str) -> list[dict[str, Any]]:
    return [
        {
            "version": version.name,
            "title": {"zh": version.title.zh, "en": version.title.en},
            "against": version.against or None,
            "changes": [change.text(lang) for change in version.changes],
        }
        for version in (ahead.versions if ahead else ())
    ]


def _print_json(answer: dict[str, Any]) -> None:
    typer.echo(json.dumps(answer, ensure_ascii=False))
