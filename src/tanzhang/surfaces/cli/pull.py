"""``tanzhang pull``: fetch partners' own files, once or for good."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from tanzhang.problems import Problem
from tanzhang.surfaces.cli.refusals import REFUSED, language
from tanzhang.surfaces.cli.signals import Told

if TYPE_CHECKING:
    from tanzhang.workbench.pulling import Pulled, Source

app = typer.Typer(
    help="Fetch partners' own export files by HTTPS or SFTP, and bring them to the door.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
)

Json = Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")]
Lang = Annotated[str | None, typer.Option("--lang", help="zh or en; default: by LANG.")]

_WORDS: Final = {
    "en": {
        "nothing": "{source}: nothing new.",
        "file": "{source}: {file}: {accepted} accepted, {duplicate} duplicate, {conflict} conflict,"
        " {rejected} rejected, {held} held.",
        "broken": "{source}: {file} is broken behind these rows ({problem}).",
    },
    "zh": {
        "nothing": "{source}：没有新文件。",
        "file": "{source}：{file}：受理 {accepted}，重复 {duplicate}，冲突 {conflict}，"
        "拒绝 {rejected}，暂挂 {held}。",
        "broken": "{source}：{file} 在这些行之后已损坏（{problem}）。",
    },
}


@app.command()
def run(
    source: Annotated[Path, typer.Argument(help="The source's file.", metavar="SOURCE.toml")],
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Look at one source now, and bring what is new to the door.

    Example: tanzhang pull run pulls/citibike.toml
    """
    spoken = language(sys.argv[1:])
    from tanzhang.config import setup

    setup()
    from tanzhang.workbench.pulling import read_source

    found = read_source(source)
    files = _pull(found)
    if as_json:
        told = [{"file": f.name, "problem": f.problem, **f.counts} for f in files]
        typer.echo(json.dumps({"source": found.name, "files": told}, ensure_ascii=False))
    else:
        _tell(found, files, spoken)
    if any(file.problem for file in files):
        raise typer.Exit(REFUSED)


@app.command()
def watch(
    folder: Annotated[Path, typer.Argument(help="Where the sources' files are.", metavar="FOLDER")],
    lang: Lang = None,
) -> None:
    """Look at every source of a folder, each as often as it says, until told to end.

    A source that cannot be reached is said so and looked at again next time.

    Example: tanzhang pull watch pulls
    """
    spoken = language(sys.argv[1:])
    told = Told()
    from tanzhang.config import setup

    setup()
    from tanzhang.workbench.pulling import read_sources

    sources = read_sources(folder)
    due = {source.name: 0.0 for source in sources}
    while not told.to_end():
        for source in sources:
            if time.monotonic() < due[source.name] or told.to_end():
                continue
            try:
                _tell(source, _pull(source), spoken)
            except Problem as problem:
                typer.echo(problem.text(spoken), err=True)
            due[source.name] = time.monotonic() + source.every_minutes * 60
        time.sleep(0.2)


def _pull(source: Source) -> list[Pulled]:
    from tanzhang.config import database
    from tanzhang.workbench.pulling import pull

    return pull(source, database.home())


def _tell(source: Source, files: list[Pulled], lang: str) -> None:
    words: dict[str, Any] = _WORDS[lang]
    if not files:
        typer.echo(words["nothing"].format(source=source.name))
    for file in files:
        typer.echo(words["file"].format(source=source.name, file=file.name, **file.counts))
        if file.problem:
            said = words["broken"].format(source=source.name, file=file.name, problem=file.problem)
            typer.echo(said, err=True)
