"""``tanzhang privacy export`` and ``who-read``: a person's copy, and who read what of her."""

from __future__ import annotations

import getpass
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tanzhang.problems import Problem
from tanzhang.surfaces.cli.named import account_named, evidence_in_force
from tanzhang.surfaces.cli.refusals import language

if TYPE_CHECKING:
    from tanzhang.apps.people.api import AccountEntry, Cursor, Reader

Account = Annotated[str, typer.Argument(help="The account's handle or number.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Reason = Annotated[
    str, typer.Option("--reason", help="Why; the person reads it beside the reading.")
]
Json = Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")]
Lang = Annotated[str | None, typer.Option("--lang", help="zh or en; default: by LANG.")]

_WORDS = {
    "en": {
        "ask": "Write everything that is kept of {account}'s owner into {out}? She will see that"
        " it was done.",
        "done": "{files} files with {rows} rows are in {out}. {then}",
        "delete": "Hand them over, then delete them.",
        "goes": "Hand them over; they are removed after {days} days.",
        "nobody": "Nobody but the person has read anything.",
        "line": "{at}  {who}: {why} ({what}){reason}",
        "times": " × {count}",
        "broken": "The log of readings was tampered with: the row {position} does not fit.",
    },
    "zh": {
        "ask": "将 {account} 的用户的全部信息写入 {out}？本人会看到这一操作。",
        "done": "{out} 中有 {files} 个文件，共 {rows} 行。{then}",
        "delete": "请交付后删除。",
        "goes": "请尽快交付；{days} 天后自动清除。",
        "nobody": "除本人外，无人查阅过任何内容。",
        "line": "{at}  {who}：{why}（{what}）{reason}",
        "times": " × {count}",
        "broken": "查阅日志已被篡改：第 {position} 行与前文不符。",
    },
}


def export(
    account: Account,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="An empty or new folder; default: in the home, under exports."),
    ] = None,
    reason: Reason = "",
    yes: Yes = False,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Write a person's copy: all that is kept of her, for machines (signed) and for her to read.

    The folder gets export.json, index.html and a table for each kind of thing. The person sees
    that it was made, by whom and why. Without --out it waits in the home of an installation that
    has its own database, and goes from there when its term is over or its person was erased.
    “tanzhang verify export” checks the signed file.

    Example: tanzhang privacy export citic-citibike-0123456789abcdef --out copy --yes
    """
    _set_up()
    entry, words = account_named(account), _WORDS[language(sys.argv[1:])]
    folder = out or _waiting_place(entry)
    if not (yes or as_json):
        typer.confirm(words["ask"].format(account=entry.handle, out=folder), abort=True)
    rows, files = _write(entry, folder, reason)
    told = {"account": entry.handle, "out": str(folder), "files": files, "sections": rows}
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        total = sum(rows.values())
        then = words["delete"] if out else words["goes"].format(days=_term_days())
        typer.echo(words["done"].format(files=len(files), rows=total, out=folder, then=then))


def who_read(
    account: Account,
    limit: Annotated[int, typer.Option("--limit", help="How many lines.", min=1)] = 50,
    reason: Reason = "",
    yes: Annotated[bool, typer.Option("--yes", help="As elsewhere; nothing is asked.")] = False,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """List who read what of a person, when and why, the latest first.

    Clicks of one reader within a minute are one line. The whole log is followed first, so that a
    row that was removed, changed or moved is told. The person sees that the list was read, too.

    Example: tanzhang privacy who-read citic-citibike-0123456789abcdef
    """
    _set_up()
    from tanzhang.apps.database import bulk_transaction
    from tanzhang.apps.partners.api import partner_codes, partner_lines
    from tanzhang.apps.people import api as people

    entry, spoken = account_named(account), language(sys.argv[1:])
    with bulk_transaction() as cursor:
        chain = people.follow_accesses(cursor)
        found = people.readers_of(
            cursor, entry.subject_id, partner_codes(), before=datetime.now(UTC), lines=limit
        )
        _note(cursor, entry, "who_read", "readers", reason)
    titles = {line.code: line.title(spoken) for line in partner_lines()}
    lines = [_line(reader, titles, spoken) for reader in found.lines]
    if as_json:
        told = {
            "account": entry.handle,
            "readers": lines,
            "log_holds": chain.holds,
            "broken_at": chain.broken_at,
        }
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        _print(lines, chain.broken_at, _WORDS[spoken])
    raise typer.Exit(0 if chain.holds else 1)


def _write(entry: AccountEntry, folder: Path, reason: str) -> tuple[dict[str, int], list[str]]:
    """Note it, then write it: what was not noted was not read."""
    from tanzhang.apps.database import bulk_transaction
    from tanzhang.surfaces.citizen.own_copy import own_copy

    if folder.exists() and any(folder.iterdir()):
        raise Problem("privacy.folder_full", folder=str(folder))
    with bulk_transaction() as cursor:
        _note(cursor, entry, "copy", "everything", reason)
    made = own_copy(entry, evidence_in_force(), language(sys.argv[1:]))
    for name, content in made.files.items():
        path = folder / name
        _make_private(path.parent)
        path.touch(mode=0o600)
        path.write_bytes(content)
    return dict(made.rows), list(made.files)


def _make_private(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for ourselves alone."""
    for missing in reversed([each for each in (folder, *folder.parents) if not each.exists()]):
        missing.mkdir(mode=0o700, exist_ok=True)


def _waiting_place(entry: AccountEntry) -> Path:
    from tanzhang.config import copies

    if not copies.may_wait():
        raise Problem("privacy.out_missing")
    return copies.place_for(entry.handle, datetime.now(UTC))


def _term_days() -> int:
    from tanzhang.apps.people.api import terms

    return terms()["copies"].days


def _note(cursor: Cursor, entry: AccountEntry, purpose: str, what: str, reason: str) -> None:
    """Whoever may open a shell of the installation is an operator, named by her log-in there."""
    from tanzhang.apps.people import api as people

    people.note_access(
        cursor,
        entry.subject_id,
        reader_kind=people.ReaderKind.STAFF,
        reader=f"operator:{getpass.getuser()}",
        purpose=purpose,
        fields=[what],
        reason=reason,
    )


def _line(reader: Reader, titles: dict[str, str], lang: str) -> dict[str, Any]:
    from tanzhang.apps.people import api as people

    return {
        "at": reader.at.astimezone(UTC).isoformat(timespec="seconds"),
        "first": reader.first.astimezone(UTC).isoformat(timespec="seconds"),
        "kind": reader.reader_kind,
        "reader": reader.reader,
        "purpose": reader.purpose,
        "fields": list(reader.fields),
        "reason": reader.reason,
        "rows": reader.rows,
        "who": people.reader_in_words(reader, titles, lang),
        "why": people.purpose_in_words(reader, lang),
        "what": people.fields_in_words(reader.fields, lang),
    }


def _print(lines: list[dict[str, Any]], broken_at: int | None, words: dict[str, str]) -> None:
    for line in lines:
        reason = f" – {line['reason']}" if line["reason"] else ""
        times = words["times"].format(count=line["rows"]) if line["rows"] > 1 else ""
        typer.echo(words["line"].format(**line | {"reason": reason}) + times)
    if not lines:
        typer.echo(words["nobody"])
    if broken_at is not None:
        typer.secho(words["broken"].format(position=broken_at), fg="red", err=True)


def _set_up() -> None:
    from tanzhang.config import setup

    setup()
