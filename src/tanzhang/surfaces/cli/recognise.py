"""``tanzhang recognise``: the low-carbon acts among a host's own transactions."""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tanzhang.problems import PARTS, Problem
from tanzhang.surfaces.cli.refusals import REFUSED, language
from tanzhang.surfaces.cli.reporting import door, settled, with_progress

if TYPE_CHECKING:
    from tanzhang.engine.packs import PackLibrary
    from tanzhang.engine.recognise import FaultyRules, Recogniser
    from tanzhang.workbench.importing import Door

_WORDS = {
    "en": {
        "fine": "The rules have no fault.",
        "recognised": "recognised as acts",
        "refused": "recognised, but broken",
        "not_complete": "failed, pending or closed: created nothing",
        "unknown_kind": "of no kind that a rule names: created nothing",
        "not_connected": "of scenes that are not connected: created nothing",
        "rows": "transactions read; nothing of the others is kept",
        "precision": "precision",
        "recall": "recall",
        "reduction_mg": "milligrams credited",
    },
    "zh": {
        "fine": "识别规则无误。",
        "recognised": "识别为低碳行为",
        "refused": "已识别但数据有误",
        "not_complete": "失败、处理中或已关闭：不产生任何行为",
        "unknown_kind": "不属于任何规则：不产生任何行为",
        "not_connected": "场景尚未接入：不产生任何行为",
        "rows": "笔交易；其余交易不保留任何内容",
        "precision": "准确率",
        "recall": "召回率",
        "reduction_mg": "已入账毫克数",
    },
}


def recognise(
    file: Annotated[
        Path | None, typer.Argument(help="Transactions: CSV (also gzipped), JSON Lines or Parquet.")
    ] = None,
    programme: Annotated[str, typer.Option("--programme", help="Programme id.")] = "citic",
    rules: Annotated[
        Path | None, typer.Option("--rules", help="The rules; default: the programme's own.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Check the rules and read no file.")
    ] = False,
    labels: Annotated[
        str | None,
        typer.Option("--labels", help="The column that says what each one is: measure the rules."),
    ] = None,
    post: Annotated[bool, typer.Option("--post", help="Report the acts, and settle them.")] = False,
    no_settle: Annotated[
        bool, typer.Option("--no-settle", help="Leave settling to a worker.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")] = False,
    lang: Annotated[str | None, typer.Option("--lang", help="zh or en; default: by LANG.")] = None,
) -> None:
    """Find the low-carbon acts among a host's own transactions, by rules that are data.

    Transactions of other kinds create nothing and are not kept: only their number is told. Without
    --post nothing is reported and no database is needed.

    Example: tanzhang recognise packs/programmes/citic/labelled_transactions.csv --labels label
    """
    from tanzhang.engine.packs import load_packs
    from tanzhang.engine.recognise import FaultyRules, read_recogniser
    from tanzhang.workbench.recognising import rules_of

    spoken = language(["--lang", lang or ""])
    library = load_packs()
    try:
        recogniser = read_recogniser(rules or rules_of(programme), library)
    except FaultyRules as faulty:
        _tell_faults(faulty, spoken, as_json=as_json)
        raise typer.Exit(REFUSED) from None
    broken = None
    if check:
        answer: dict[str, Any] = {"ok": True, "faults": [], "rules": len(recogniser.rules)}
    elif file is None:
        raise Problem("recognise.file_or_check")
    elif labels and post:
        raise Problem("recognise.labels_and_post", column=labels)
    elif labels:
        answer = _measured(file, recogniser, labels)
    else:
        answer, broken = _found(
            file, recogniser, library, post=post, settle=not no_settle, shown=not as_json
        )
    _tell(answer, broken, spoken, as_json=as_json)


def _measured(file: Path, recogniser: Recogniser, labels: str) -> dict[str, Any]:
    from tanzhang.workbench.recognising import score_file

    findings, scores = score_file(file, recogniser, labels)
    told = {
        scene: {
            "right": score.right,
            "wrong": score.wrong,
            "missed": score.missed,
            "precision": round(float(score.precision), 4),
            "recall": round(float(score.recall), 4),
        }
        for scene, score in scores.items()
    }
    return findings.as_json() | {"scores": told}


def _found(
    file: Path,
    recogniser: Recogniser,
    library: PackLibrary,
    *,
    post: bool,
    settle: bool,
    shown: bool,
) -> tuple[dict[str, Any], Problem | None]:
    """What a file came to, and what was wrong with it as a whole, from some row on."""
    from tanzhang.engine.recognise import connected_scenes
    from tanzhang.workbench.importing import Tally
    from tanzhang.workbench.recognising import Findings, open_transactions, recognise_file

    findings, tally, broken = Findings(), Tally(), None
    with open_transactions(file, recogniser) as opened, _door(recogniser, post=post) as to_door:
        connected = connected_scenes(_programme(recogniser, library, post=post), recogniser)
        try:
            parts = recognise_file(opened, recogniser, connected, findings)
            for report in with_progress(parts, file.name, shown=shown):
                if to_door and len(report):
                    tally.add(to_door(report))
        except Problem as problem:
            if not findings.rows:
                raise
            broken = problem
    answer = findings.as_json() | {"posted": post}
    if post:
        verdicts = {name: count for name, count in tally.as_json().items() if type(count) is int}
        codes = dict(sorted((Counter(answer["codes"]) + tally.codes).items()))
        del verdicts["rows"]
        answer |= verdicts | {"codes": codes} | settled(tally.event_keys(), settle=settle)
    return answer, broken


@contextlib.contextmanager
def _door(recogniser: Recogniser, *, post: bool) -> Iterator[Door | None]:
    """The door, if the acts are to be reported."""
    if not post:
        yield None
        return
    with door(recogniser.programme, recogniser.partner, enrol=False, keep=True) as to_door:
        yield to_door


def _programme(recogniser: Recogniser, library: PackLibrary, *, post: bool) -> Any:
    """The programme as it is in force, or as the files have it where nothing is reported."""
    if not post:
        return library.programmes[recogniser.programme]
    from tanzhang.apps.catalogue.api import rulebook_in_force

    return rulebook_in_force().programme_file(recogniser.programme)


def _tell_faults(faulty: FaultyRules, lang: str, *, as_json: bool) -> None:
    faults = [
        {"file": str(fault.file), "line": fault.line, "code": fault.code}
        | {part: fault.problem.part(part, lang) for part in PARTS}
        for fault in faulty.faults
    ]
    if as_json:
        typer.echo(json.dumps({"ok": False, "faults": faults}, ensure_ascii=False))
        return
    for fault in faulty.faults:
        typer.secho(fault.text(lang), fg="red", err=True)


def _tell(answer: dict[str, Any], broken: Problem | None, lang: str, *, as_json: bool) -> None:
    if as_json:
        if broken:
            said = {part: broken.part(part, lang) for part in PARTS}
            answer["problem"] = {"code": broken.code, **said, "details": broken.details}
        typer.echo(json.dumps(answer, ensure_ascii=False))
    elif "faults" in answer:
        typer.secho(_WORDS[lang]["fine"], fg="green")
    else:
        _print(answer, lang)
        if broken:
            typer.secho(broken.text(lang), fg="red", err=True)
    if broken:
        raise typer.Exit(REFUSED)


def _print(answer: dict[str, Any], lang: str) -> None:
    """Counts as a short table; scenes with their scores where they were measured."""
    from tanzhang.problems import sentences

    words = _WORDS[lang]
    counts = {"rows": answer["rows"], "recognised": answer["recognised"]} | answer["nothing"]
    counts["refused"] = answer["refused"]
    counts |= {"reduction_mg": answer["reduction_mg"]} if answer.get("posted") else {}
    for name, count in counts.items():
        typer.echo(f"{count:>12,}  {words[name]}")
    typer.echo("")
    scores: dict[str, Any] = answer.get("scores", {})
    for scene, count in answer["scenes"].items():
        measured = "".join(
            f"  {words[name]} {scores[scene][name]:.1%}"
            for name in ("precision", "recall")
            if scene in scores
        )
        typer.echo(f"{count:>12,}  {scene}{measured}")
    for code, count in answer["codes"].items():
        known = sentences()
        found = known.get(f"imports.row_{code}") or known[f"door.{code}"]
        typer.echo(f"{count:>12,}  {code}: {found[lang]['what']}")
