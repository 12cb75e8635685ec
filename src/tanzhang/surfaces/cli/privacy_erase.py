"""``tanzhang privacy erase``: taking a person away, and looking whether anything of her is left."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tanzhang.problems import Problem
from tanzhang.surfaces.cli.named import account_named
from tanzhang.surfaces.cli.refusals import language

if TYPE_CHECKING:
    from tanzhang.apps.people.api import AccountEntry
    from tanzhang.workbench.scanning import Found

Account = Annotated[str, typer.Argument(help="The account's handle or number.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Look = Annotated[
    bool, typer.Option("--look/--no-look", help="Look everywhere for her name and phone after.")
]
Json = Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")]
Lang = Annotated[str | None, typer.Option("--lang", help="zh or en; default: by LANG.")]

_WORDS = {
    "en": {
        "head": "This erases the person behind {account}, with all her accounts here:",
        "line": "  {handle}: {reduction_mg} mg of CO2e, {points} points that lapse unspent",
        "gone": "Destroyed: her personal data and the keys to them, log-ins, partners' references,"
        " what partners sent about her and their own ids of her acts.",
        "stays": "Kept, under numbers that lead to nobody: outcomes and amounts, so that totals and"
        " proofs stay right; consents, as evidence that collecting was lawful; who read what.",
        "linked": "Not touched: {count} other accounts that she linked as her own. Erase each.",
        "ask": "It cannot be taken back. Erase?",
        "done": "Erased.",
        "clean": "Looked everywhere for what was kept of her: found nowhere.",
        "left": "Looked everywhere for what was kept of her: still found in",
        "missed": "The journal could not be copied to these backups; do it before they are used:",
    },
    "zh": {
        "head": "将删除 {account} 背后的本人，连同其在此处的全部账户：",
        "line": "  {handle}：二氧化碳当量 {reduction_mg} 毫克，未使用的 {points} 积分将失效",
        "gone": "销毁：个人数据及其密钥、登录方式、合作方的人员标识、"
        "合作方报送的原文及其行为编号。",
        "stays": "保留（仅对应不指向任何人的编号）：结论与数额，使总数与证明保持正确；"
        "授权记录，作为合法收集的凭据；以及谁查看过什么。",
        "linked": "不受影响：本人关联的另外 {count} 个账户，请分别删除。",
        "ask": "删除无法撤回。确认删除？",
        "done": "已删除。",
        "clean": "已在各处查找其保存过的内容：均未找到。",
        "left": "已在各处查找其保存过的内容：以下位置仍能找到",
        "missed": "删除日志未能复制到以下备份，请在使用这些备份之前补上：",
    },
}


def erase(
    account: Account, yes: Yes = False, look: Look = True, as_json: Json = False, lang: Lang = None
) -> None:
    """Erase the person behind an account, with all accounts of hers that are one subject here.

    Says first what goes, what stays and why, and which points lapse unspent. Balances, totals and
    proofs stay as they are. Afterwards her name and phone, as they were kept, are looked for in
    every table, log and file. A backup that is restored later erases her again before it opens.

    Example: tanzhang privacy erase citic-7k3m-9x2q-4v8d
    """
    from tanzhang.config import setup

    setup()
    entry, words = account_named(account, even_restricted=True), _WORDS[language(sys.argv[1:])]
    standing = _standing(entry)
    if not yes:
        if as_json:
            raise Problem("privacy.yes_missing")
        _explain(entry, standing, words)
        typer.confirm(words["ask"], abort=True)
    told, found, missed = _erase(entry, look=look)
    told |= {"accounts": standing, "stays": words["stays"]}
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    typer.echo(words["done"])
    if look:
        typer.echo(words["left" if found else "clean"])
        for one in found:
            typer.echo(f"  {one.place}: {one.count}")
    if missed:
        typer.echo(words["missed"])
        typer.echo("\n".join(f"  {folder}" for folder in missed))


def _erase(entry: AccountEntry, *, look: bool) -> tuple[dict[str, Any], list[Found], list[str]]:
    from tanzhang.apps.database import bulk_transaction
    from tanzhang.apps.people import api as people
    from tanzhang.config import copies, database, opening
    from tanzhang.workbench.scanning import scan

    with bulk_transaction() as cursor:
        kept = people.vault.own(cursor, entry.subject_id, ("name", "phone")) if look else {}
    journal = opening.journal()
    people.replay(journal)
    erased = people.erase(entry.subject_id, journal)
    copies.remove_of_erased()
    missed = [str(folder) for folder in opening.copy_to_backups()]
    found = [one for text in kept.values() for one in scan(text, [database.home()])]
    told = {
        "account": entry.handle,
        "erased": True,
        "number": erased.number,
        "rows": dict(erased.rows),
        "left": [{"place": one.place, "count": one.count} for one in found],
        "backups_missed": missed,
    }
    return told, found, missed


def _standing(entry: AccountEntry) -> list[dict[str, Any]]:
    """Each account of the subject, with what is on it."""
    from tanzhang.apps.database import bulk_transaction
    from tanzhang.apps.ledger.api import balance_of
    from tanzhang.apps.people.api import accounts_of_subject

    with bulk_transaction() as cursor:
        found = []
        for account in accounts_of_subject(entry.subject_id):
            mg, points = balance_of(cursor, account.subject_id, account.id)
            found.append({"account": account.handle, "reduction_mg": mg, "points": points})
        return found


def _explain(entry: AccountEntry, standing: list[dict[str, Any]], words: dict[str, str]) -> None:
    from tanzhang.apps.database import bulk_transaction
    from tanzhang.apps.people.api import person_of

    typer.echo(words["head"].format(account=entry.handle))
    for one in standing:
        typer.echo(words["line"].format(handle=one["account"], **one))
    typer.echo(words["gone"])
    typer.echo(words["stays"])
    with bulk_transaction() as cursor:
        windows = person_of(cursor, [entry.subject_id])
    others = len({window.subject for window in windows} - {entry.subject_id})
    if others:
        typer.echo(words["linked"].format(count=others))
