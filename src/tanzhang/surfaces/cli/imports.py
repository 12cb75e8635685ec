"""``tanzhang import`` and ``tanzhang quantify``: a partner's file in."""

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

#: Labels of the answer; what is not here is shown under its own name.
_WORDS = {
    "en": {"fictitious": "The people of this file are fictitious: the mapping makes them up."},
    "zh": {
        "rows": "行数",
        "accepted": "已受理",
        "duplicate": "重复",
        "conflict": "冲突",
        "rejected": "已拒绝",
        "held": "暂挂",
        "quantified": "已计算",
        "reduction_mg": "减排量（毫克）",
        "credited": "已入账",
        "limited": "已达限额",
        "withdrawn": "已撤回",
        "fictitious": "文件中的人物均为虚构，由映射文件生成。",
    },
}

if TYPE_CHECKING:
    from tanzhang.engine.mapping import FieldMapping

File = Annotated[Path, typer.Argument(help="CSV (also gzipped), JSON Lines or Parquet.")]
Map = Annotated[
    Path, typer.Option("--map", help="The mapping, a TOML file such as those in maps/.")
]
Programme = Annotated[
    str | None, typer.Option("--programme", help="Programme id; default: the mapping's.")
]
Partner = Annotated[
    str | None, typer.Option("--partner", help="Partner id; default: the mapping's.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would happen; keep nothing.")]
Results = Annotated[
    Path | None,
    typer.Option("--results", help="Write one line for each row: .csv, .jsonl or .parquet."),
]
Out = Annotated[
    Path | None,
    typer.Option("--out", help="Write each row's milligrams: .csv, .jsonl or .parquet."),
]
NoSettle = Annotated[bool, typer.Option("--no-settle", help="Leave settling to a worker.")]
Json = Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")]
Lang = Annotated[str | None, typer.Option("--lang", help="zh or en; default: by LANG.")]


def import_(
    file: File,
    map_file: Map,
    programme: Programme = None,
    partner: Partner = None,
    dry_run: DryRun = False,
    results: Results = None,
    no_settle: NoSettle = False,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Report a partner's file, and see what became of each row.

    Every row is accepted, duplicate, conflict, rejected or held; the five add up to all rows. A
    file may be imported again at any time: what is known counts once. If the file turns out to be
    broken on the way, the rows before that place stand, and the exit code is 1.

    Example: tanzhang import rides.csv.gz --map maps/citibike-2013.toml --programme citic --partner
    citibike --results results.csv
    """
    from tanzhang.workbench.files import load_map, open_file
    from tanzhang.workbench.importing import Tally, import_file

    mapping = load_map(map_file)
    spoken = language(["--lang", lang or ""])
    address = _address(mapping, programme, partner)
    tally, broken = Tally(), None
    with (
        open_file(file, mapping) as opened,
        _writer(results, file, mapping, spoken) as write,
        door(*address, enrol=mapping.person.enrol, keep=not dry_run) as to_door,
    ):
        try:
            chunks = import_file(opened, mapping, to_door)
            for part in with_progress(chunks, file.name, shown=not as_json):
                tally.add(part)
                write(part)
        except Problem as problem:
            if not tally.rows:
                raise
            broken = problem
    worth = {} if dry_run else settled(tally.event_keys(), settle=not no_settle)
    answer = tally.as_json() | {"reduction_mg": None, "outcomes": {}} | worth
    answer |= {"dry_run": dry_run, "fictitious": mapping.person.fictitious}
    _tell(answer, mapping, broken, spoken, as_json=as_json)


def quantify(
    file: File,
    pack: Annotated[str, typer.Option("--pack", help="A pack's id, or id@version.")],
    map_file: Map,
    out: Out = None,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Turn a file into grams by one pack, without a database.

    Each row is judged by itself: nothing is a duplicate of anything and no limit applies. Rows that
    the mapping refuses or holds, and acts that the pack refuses, are rejected.

    Example: tanzhang quantify rides.csv.gz --pack meituan-bike --map maps/citibike-2013.toml --json
    """
    from tanzhang.engine.packs import load_packs
    from tanzhang.workbench.files import load_map, open_file
    from tanzhang.workbench.quantifying import editions_named, quantify_file

    editions = editions_named(load_packs(), pack)
    mapping = load_map(map_file)
    spoken = language(["--lang", lang or ""])
    rows, reduction_mg, codes = 0, 0, Counter[str]()
    with open_file(file, mapping) as opened, _writer(out, file, mapping, spoken) as write:
        chunks = quantify_file(opened, mapping, editions)
        for part in with_progress(chunks, file.name, shown=not as_json):
            rows += len(part)
            reduction_mg += int(part["reduction_mg"].sum())
            codes.update(part["code"].drop_nulls().to_list())
            write(part)
    answer = {
        "rows": rows,
        "quantified": rows - codes.total(),
        "rejected": codes.total(),
        "reduction_mg": reduction_mg,
        "codes": dict(sorted(codes.items())),
    }
    _tell(answer, mapping, None, spoken, as_json=as_json)


def _address(mapping: FieldMapping, programme: str | None, partner: str | None) -> tuple[str, str]:
    """Programme and partner: what the command says, else what the mapping says."""
    named = {"programme": programme or mapping.programme, "partner": partner or mapping.partner}
    for what, name in named.items():
        if not name:
            raise Problem("imports.address_missing", what=what)
    return str(named["programme"]), str(named["partner"])


@contextlib.contextmanager
def _writer(path: Path | None, source: Path, mapping: FieldMapping, lang: str) -> Iterator[Any]:
    """Writes results to ``path`` if there is one, and never over the file that is read."""
    from tanzhang.workbench.importing import ResultWriter

    if path is None:
        yield lambda results: None
        return
    if path.exists() and path.samefile(source):
        raise Problem("imports.results_unwritable", file=str(path))
    with ResultWriter(path, mapping, lang) as writer:
        yield writer.write


def _tell(
    answer: dict[str, Any],
    mapping: FieldMapping,
    broken: Problem | None,
    lang: str,
    *,
    as_json: bool,
) -> None:
    if as_json:
        if broken:
            said = {part: broken.part(part, lang) for part in PARTS}
            answer["problem"] = {"code": broken.code, **said, "details": broken.details}
        typer.echo(json.dumps(answer, ensure_ascii=False))
    else:
        _print_answer(answer, mapping, lang)
        if broken:
            typer.secho(broken.text(lang), fg="red", err=True)
    if broken:
        raise typer.Exit(REFUSED)


def _print_answer(answer: dict[str, Any], mapping: FieldMapping, lang: str) -> None:
    """Counts as a short table; each code with its sentence."""
    from tanzhang.workbench.importing.reasons import reason

    words = _WORDS[lang]
    counts = {name: value for name, value in answer.items() if type(value) is int}
    outcomes: dict[str, int] = answer.get("outcomes", {})
    for part in (counts, outcomes):
        for name, value in part.items():
            typer.echo(f"{value:>16,}  {words.get(name, name)}")
        typer.echo("")
    for code, count in answer["codes"].items():
        typer.echo(f"{count:>16,}  {code}: {reason(code, mapping, lang)}")
    if mapping.person.fictitious:
        typer.echo(words["fictitious"])
