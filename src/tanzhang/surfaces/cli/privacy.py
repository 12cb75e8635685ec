"""``tanzhang privacy``: what is kept of a person, and taking it away."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from tanzhang.surfaces.cli import (
    privacy_erase,
    privacy_export,
    privacy_incident,
    privacy_records,
    privacy_retain,
    privacy_states,
)
from tanzhang.surfaces.cli.refusals import language

app = typer.Typer(
    help="Show what is kept of a person, look for her anywhere, and erase her.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
)

app.command("erase")(privacy_erase.erase)
app.command("export")(privacy_export.export)
app.command("who-read")(privacy_export.who_read)
app.command("affected")(privacy_incident.affected)
app.add_typer(privacy_incident.app, name="incident")
app.command("records")(privacy_records.records)
app.command("audit-pack")(privacy_records.audit_pack)
app.command("close")(privacy_states.close)
app.command("restrict")(privacy_states.restrict)
app.command("retain")(privacy_retain.retain)

Json = Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")]
Lang = Annotated[str | None, typer.Option("--lang", help="zh or en; default: by LANG.")]

_WORDS = {
    "en": {
        "planted": "{account}: {acts} acts, {reduction_mg} mg, {points} points. Nobody of that"
        " name exists.",
        "nothing": "Found nowhere.",
        "found": "Found in {hits} places:",
        "not_looked": "Not looked into: PostgreSQL's own files (its write-ahead log, space that is"
        " not cleaned yet) and backups; restore a backup to look into it.",
    },
    "zh": {
        "planted": "{account}：{acts} 项行为，{reduction_mg} 毫克，{points} 积分。此人并不存在。",
        "nothing": "未在任何地方找到。",
        "found": "在 {hits} 处找到：",
        "not_looked": "未查看：PostgreSQL 自身的文件（预写日志、尚未清理的空间）以及备份；"
        "请恢复备份后再查看。",
    },
}


@app.command()
def plant(
    name: Annotated[str, typer.Option("--name", help="What the fictitious person is called.")],
    phone: Annotated[str, typer.Option("--phone", help="Her phone number.")],
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Bring in a fictitious person with an account and a dozen acts, to test what is kept of her.

    Works in a demonstration or sandbox whose programme citic is loaded (“tanzhang demo”), never
    where people may be real.

    Example: tanzhang privacy plant --name 林晓雨样 --phone 10012345678 --json
    """
    from tanzhang.config import setup

    setup()
    from tanzhang.workbench.planting import plant as bring_in

    planted = bring_in(name, phone)
    _tell(
        {
            "account": planted.account,
            "acts": planted.acts,
            "reduction_mg": planted.reduction_mg,
            "points": planted.points,
            "references": dict(planted.references),
            "receipt": str(planted.receipt),
            "fictitious": True,
        },
        "planted",
        as_json=as_json,
    )


@app.command()
def scan(
    needle: Annotated[
        str, typer.Option("--needle", help="What to look for; “-” reads it from standard input.")
    ],
    also: Annotated[
        list[Path] | None, typer.Option("--also", help="A further folder to look into.")
    ] = None,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Look for a name, a phone number or a reference in every table, log, export and other file.

    Finds it in other spellings and encodings, inside of what is compressed, as a digest, and as the
    keyed hashes that this installation makes of it. Says where and how often, and nothing of what
    stands around it.

    Example: tanzhang privacy scan --needle 10012345678 --json
    """
    from tanzhang.config import database, setup

    setup()
    from tanzhang.workbench.scanning import scan as look

    text = sys.stdin.read() if needle == "-" else needle
    found = look(text.strip(), [database.home(), *(also or ())])
    where = [{"place": one.place, "count": one.count} for one in found]
    hits = sum(one.count for one in found)
    if as_json:
        typer.echo(json.dumps({"hits": hits, "where": where}, ensure_ascii=False))
        return
    words = _WORDS[language(sys.argv[1:])]
    typer.echo(words["found"].format(hits=hits) if found else words["nothing"])
    for one in found:
        typer.echo(f"  {one.place}: {one.count}")
    typer.echo(words["not_looked"])


def _tell(answer: dict[str, Any], sentence: str, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(answer, ensure_ascii=False))
    else:
        typer.echo(_WORDS[language(sys.argv[1:])][sentence].format(**answer))
