"""``tanzhang privacy retain``: how long things are kept, and removing what is over its term."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from tanzhang.surfaces.cli.refusals import language

Json = Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")]
Lang = Annotated[str | None, typer.Option("--lang", help="zh or en; default: by LANG.")]

_WORDS = {
    "en": {
        "line": "{title}: {days} days ({reason})",
        "due": "  {rows} would be removed",
        "gone": "  {rows} removed",
        "stays": "  stays",
    },
    "zh": {
        "line": "{title}：{days} 天（{reason}）",
        "due": "  到期 {rows} 条，将被移除",
        "gone": "  已移除 {rows} 条",
        "stays": "  长期保存",
    },
}


def retain(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only count what would be removed.")
    ] = False,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Remove what is kept longer than its term, and say how long each kind is kept and why.

    The scheduler does it by itself. Nothing goes before its term: the database refuses.

    Example: tanzhang privacy retain --dry-run
    """
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.people.api import retain as remove

    found = remove(dry_run=dry_run)
    spoken = language(sys.argv[1:])
    if as_json:
        kinds = [
            {
                "kind": one.term.name,
                "days": one.term.days,
                "least_days": one.term.least_days,
                "rows": one.rows,
            }
            for one in found
        ]
        typer.echo(json.dumps({"dry_run": dry_run, "kinds": kinds}))
        return
    words = _WORDS[spoken]
    for one in found:
        term = one.term
        head = words["line"].format(
            title=term.title[spoken], days=term.days, reason=term.reason[spoken]
        )
        what = "stays" if one.rows is None else "due" if dry_run else "gone"
        typer.echo(f"{head}\n{words[what].format(rows=one.rows)}")
