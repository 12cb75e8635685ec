"""``tanzhang pack``: list, check and explain methodology packs. Needs no database."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tanzhang.problems import PARTS
from tanzhang.surfaces.cli.refusals import REFUSED, language

if TYPE_CHECKING:
    from rich.console import Console

    from tanzhang.engine.packs import CompiledPack, Explanation, Fault, PackLibrary

app = typer.Typer(
    help="List, check and explain methodology packs.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
)

Json = Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")]
Lang = Annotated[str | None, typer.Option("--lang", help="zh or en; default: by LANG.")]

#: How a mark is shown: a reader must see at a glance which figures are nobody's but ours.
_MARK_STYLES = {
    "standard": "green",
    "published": "green",
    "secondary": "yellow",
    "assumption": "magenta",
}
_WORDS = {
    "zh": {
        "standard": "标准",
        "published": "公布",
        "secondary": "二手",
        "assumption": "假设",
        "pack": "方法学包",
        "title": "名称",
        "version": "版本",
        "validity": "有效期",
        "class": "冲突类",
        "marks": "来源标记",
        "factors": "因子",
        "limits": "限额（结算时适用）",
        "fine": "{count} 个方法学包均无误。",
        "one_fine": "该方法学包无误。",
        "id": "编号",
        "missing": "缺少什么",
        "number": "文号",
        "waiting": "另有 {count} 项方法学仅知其名：tanzhang pack list --registered",
    },
    "en": {
        "standard": "standard",
        "published": "published",
        "secondary": "secondary",
        "assumption": "assumption",
        "pack": "pack",
        "title": "title",
        "version": "version",
        "validity": "in force",
        "class": "class",
        "marks": "sources",
        "factors": "Factors",
        "limits": "Limits, which settlement applies",
        "fine": "{count} packs, no fault.",
        "one_fine": "The pack has no fault.",
        "id": "id",
        "missing": "what is missing",
        "number": "number",
        "waiting": "{count} more are known by title only: tanzhang pack list --registered",
    },
}


@app.command("list")
def list_packs(
    registered: Annotated[
        bool,
        typer.Option("--registered", help="The methodologies that are known by title only."),
    ] = False,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """List all packs with their versions and the marks of their figures.

    As JSON the answer holds both: packs, and the methodologies registered by title.

    Example: tanzhang pack list --lang zh
    """
    from tanzhang.engine.packs import load_packs

    library = load_packs()
    editions = [edition for own in library.packs.values() for edition in own]
    if as_json:
        waiting = [entry.as_json() for entry in library.registered.values()]
        _print_json({"packs": [_listed(edition) for edition in editions], "registered": waiting})
    elif registered:
        _show_registered(library, language(sys.argv[1:]))
    else:
        _show_packs(editions, language(sys.argv[1:]))
        if library.registered:
            words = _WORDS[language(sys.argv[1:])]["waiting"]
            _console().print(f"\n{words.format(count=len(library.registered))}", style="dim")


def _show_packs(editions: list[CompiledPack], spoken: str) -> None:
    from rich.table import Table

    words = _WORDS[spoken]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("pack", "title", "version", "validity", "class", "marks"):
        table.add_column(words[column], overflow="fold", no_wrap=column in ("pack", "version"))
    for edition, above in zip(editions, [None, *editions], strict=False):
        known = above is not None and above.id == edition.id
        table.add_row(
            "" if known else edition.id,
            "" if known else edition.definition.title[spoken],
            edition.version,
            edition.describe_validity(),
            edition.definition.conflict_class or "–",
            _marks(edition, spoken),
        )
    _console().print(table)


def _show_registered(library: PackLibrary, spoken: str) -> None:
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("id", "title", "number", "missing"):
        table.add_column(_WORDS[spoken][column], overflow="fold", no_wrap=column == "id")
    for entry in library.registered.values():
        title, missing = escape(entry.title[spoken]), escape(entry.missing[spoken])
        table.add_row(entry.id, title, entry.document_number or "–", missing)
    _console().print(table)


@app.command()
def check(
    path: Annotated[
        Path | None,
        typer.Argument(help="A packs folder or one pack's; default: the packs in use."),
    ] = None,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Check packs and programmes, and report everything that is wrong with file and line.

    The exit code is 1 if there is any fault.

    Example: tanzhang pack check packs/methodologies/meituan-bike
    """
    from tanzhang.engine.packs import check as find_faults

    faults = find_faults(path)
    spoken = language(sys.argv[1:])
    if as_json:
        _print_json({"ok": not faults, "faults": [_fault_json(f, spoken) for f in faults]})
    elif faults:
        _show_faults(faults, spoken)
    else:
        _console().print(_fine(path, spoken), style="green")
    if faults:
        raise typer.Exit(REFUSED)


@app.command()
def explain(
    pack: Annotated[str, typer.Argument(help="A pack's id, or id@version.", metavar="ID")],
    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            help="name=value, in the input's unit or another of its kind (distance_m=2.3km). A "
            "look-back is a list of days, the day before first (week_before=9kWh,9kWh,-).",
            metavar="NAME=VALUE",
        ),
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", help="The day of the act, like 2023-06-01.")
    ] = None,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Explain one act: each step with its numbers, and where each factor comes from.

    The amount is what the act yields before conflicts and limits. Without a day or a version the
    latest edition counts.

    Example: tanzhang pack explain meituan-bike distance_m=2.3km --lang zh
    """
    from tanzhang.engine.packs import columns_of, explain as explain_act, load_packs

    given = dict(_given(argument) for argument in inputs or [])
    library = load_packs()
    compiled = library.find(pack) if on is None else library.find_on(pack, on)
    explained = explain_act(compiled, columns_of(compiled, given), language(sys.argv[1:]))
    if as_json:
        _print_json(explained.as_json())
    else:
        _show_explanation(explained, language(sys.argv[1:]))


def _given(argument: str) -> tuple[str, str]:
    name, sign, value = argument.partition("=")
    if not sign or not name or not value:
        raise typer.BadParameter(f"“{argument}” is not of the form name=value.")
    return name, value


def _listed(edition: CompiledPack) -> dict[str, Any]:
    definition = edition.definition
    return {
        "pack": edition.id,
        "version": edition.version,
        "title": {"zh": definition.title.zh, "en": definition.title.en},
        "in_force": edition.describe_validity(),
        "status": definition.status,
        "conflict_class": definition.conflict_class,
        "inputs": [
            {"name": entry.name, "unit": entry.unit, "values": list(entry.values)}
            for entry in edition.rules.inputs
        ],
        "kinds": sorted({line.mark.kind for line in edition.factors}),
        "digest": edition.digest,
    }


def _marks(edition: CompiledPack, lang: str) -> str:
    kinds = dict.fromkeys(line.mark.kind for line in edition.factors)
    return ", ".join(f"[{_MARK_STYLES[kind]}]{_WORDS[lang][kind]}[/]" for kind in kinds)


def _fault_json(fault: Fault, lang: str) -> dict[str, Any]:
    said = {part: fault.problem.part(part, lang) for part in PARTS}
    return {"code": fault.code, "file": str(fault.file), "line": fault.line, **said}


def _fine(path: Path | None, lang: str) -> str:
    from tanzhang.engine.packs import load_packs

    if path is None or (path / "vocabulary.yaml").is_file():
        return _WORDS[lang]["fine"].format(count=len(load_packs(path).packs))
    return _WORDS[lang]["one_fine"]


def _show_faults(faults: list[Fault], lang: str) -> None:
    for fault in faults:
        said = {part: fault.problem.part(part, lang) for part in PARTS}
        typer.secho(f"{fault.file}:{fault.line}", bold=True, nl=False)
        typer.secho(f"  [{fault.code}]", dim=True)
        typer.secho(f"  {said['what']}", fg="red")
        typer.echo(f"  {said['why']}")
        typer.secho(f"  {said['now']}\n", fg="green")


def _show_explanation(explained: Explanation, lang: str) -> None:
    from rich.markup import escape
    from rich.padding import Padding

    console, words = _console(), _WORDS[lang]
    console.print(f"[bold]{escape(explained.title)}[/]  [dim]{explained.pack}@{explained.version}")
    console.print(escape(explained.sentence), style="green")
    console.print()
    for number, step in enumerate(explained.steps, 1):
        console.print(
            Padding(f"[dim]{number}[/]  {escape(step.text())}", (0, 0, 0, 1), expand=False)
        )
    console.print(f"\n[bold]{words['factors']}")
    for line in explained.factors:
        mark = f"[{_MARK_STYLES[line.mark.kind]}]{words[line.mark.kind]}[/]"
        note = " ".join(part for part in (line.row, line.dated[lang]) if part)
        title = escape(line.title[lang] + (f" ({note})" if note else ""))
        console.print(f" • {title}: [bold]{line.value} {line.unit}[/]  {mark}")
        console.print(
            Padding(escape(line.mark.source[lang]), (0, 0, 0, 3), expand=False), style="dim"
        )
    if explained.limits:
        console.print(f"\n[bold]{words['limits']}")
        for limit in explained.limits:
            console.print(f" • {escape(limit)}")


def _console() -> Console:
    from rich.console import Console

    return Console(highlight=False)


def _print_json(answer: dict[str, Any]) -> None:
    typer.echo(json.dumps(answer, ensure_ascii=False))
