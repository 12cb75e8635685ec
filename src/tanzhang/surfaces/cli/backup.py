"""``tanzhang backup`` and ``tanzhang restore``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from tanzhang.surfaces.cli.refusals import language

Folder = Annotated[Path, typer.Argument(help="The backup's folder.")]
Json = Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")]
Lang = Annotated[str | None, typer.Option("--lang", help="zh or en; default: by LANG.")]

_WORDS = {
    "en": {
        "made": "The database is backed up in {folder}. Keys are not in it: back up {keys} by"
        " itself, and keep it elsewhere.",
        "restored": "Restored what was backed up at {made_at}; {erased} erasures were carried out"
        " again, of {journal} in the journal. Bring the keys back too, if they are not here.",
    },
    "zh": {
        "made": "数据库已备份到 {folder}。其中不含密钥：请单独备份 {keys}，并另处保存。",
        "restored": "已恢复 {made_at} 的备份；删除日志共 {journal} 条，其中 {erased} 条已重新执行。"
        "如此处没有密钥，请一并恢复。",
    },
}


def backup(folder: Folder, as_json: Json = False, lang: Lang = None) -> None:
    """Back the database up into a new folder, by PostgreSQL's own pg_dump.

    Personal fields are sealed in it, and the keys to them are not. The journal of erasures is
    copied beside it, now and after each further erasure as long as the folder can be reached.

    Example: tanzhang backup backups/monday
    """
    from tanzhang.config import setup

    setup()
    from tanzhang.config import backups, database, environment

    made = backups.make_backup(folder)
    keys = environment.text("TANZHANG_KEYS") or str(database.home() / "keys")
    told = {"folder": str(folder), "sm3": made.sm3, "erasures": made.erasures, "keys": keys}
    _tell(told, "made", as_json=as_json)


def restore(
    folder: Folder,
    erasures: Annotated[
        list[Path] | None,
        typer.Option("--erasures", help="A folder with a newer copy of the journal of erasures."),
    ] = None,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Bring a backup into an empty database, and erase again whoever was erased since.

    Takes the longest copy of the journal of erasures that it finds: beside the backup, in this home
    or in a folder that you name. Before anything of the backup is shown to anybody, what the
    journal says is carried out.

    Example: tanzhang restore backups/monday --erasures /mnt/shared/erasures
    """
    from tanzhang.config import backups

    found, carried = backups.restore_backup(folder, erasures or ())
    from tanzhang.config.opening import journal

    told = {
        "folder": str(folder),
        "made_at": found.made_at.isoformat(),
        "erased": carried,
        "journal": len(journal().lines()),
    }
    _tell(told, "restored", as_json=as_json)


def _tell(told: dict[str, object], sentence: str, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        typer.echo(_WORDS[language(sys.argv[1:])][sentence].format(**told))
