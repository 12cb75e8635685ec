"""``tanzhang privacy close`` and ``restrict``: what may still be done with an account."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any

import typer

from tanzhang.surfaces.cli.named import account_named
from tanzhang.surfaces.cli.refusals import language

Account = Annotated[str, typer.Argument(help="The account's handle or number.")]
Json = Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")]
Lang = Annotated[str | None, typer.Option("--lang", help="zh or en; default: by LANG.")]

_WORDS = {
    "en": {
        "closed": "{account} is closed since {closed_at}; nothing is collected any more. Its person"
        " is erased by {due_on} at the latest, once all accounts of hers are closed.",
        "restricted": "{account} is restricted: kept and protected, and read by nobody.",
        "lifted": "{account} may be read again; it is {state}.",
    },
    "zh": {
        "closed": "账户 {account} 自 {closed_at} 起已注销，不再收集任何内容。"
        "其本人的全部账户注销后，最迟于 {due_on} 删除其个人信息。",
        "restricted": "{account} 已限制处理：仅存储与保护，任何人不得读取。",
        "lifted": "{account} 已解除限制，当前状态为 {state}。",
    },
}


def close(account: Account, as_json: Json = False, lang: Lang = None) -> None:
    """Close an account on its owner's behalf: nothing is collected from now on.

    Example: tanzhang privacy close citic-7k3m-9x2q-4v8d
    """
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.people.api import close_account

    entry = account_named(account, even_restricted=True)
    found = close_account(entry, reason="closed by an operator")
    told = {
        "account": entry.handle,
        "closed_at": found.closed_at.isoformat(timespec="seconds"),
        "due_on": found.due_on.isoformat(),
    }
    _tell(told, "closed", as_json=as_json)


def restrict(
    account: Account,
    reason: Annotated[str, typer.Option("--reason", help="Why; without personal data.")],
    lift: Annotated[bool, typer.Option("--lift", help="Lift a restriction.")] = False,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Keep an account and let nobody read it, as long as the law requires it to be kept.

    Example: tanzhang privacy restrict citic-7k3m-9x2q-4v8d --reason "case 12"
    """
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.database import bulk_transaction
    from tanzhang.apps.people.api import State, lift_restriction, set_account_state

    entry = account_named(account, even_restricted=True)
    state = State.RESTRICTED
    with bulk_transaction() as cursor:
        if lift:
            state = lift_restriction(cursor, entry.id, reason)
        else:
            set_account_state(cursor, [entry.id], state, reason)
    said = "lifted" if lift else "restricted"
    _tell({"account": entry.handle, "state": state.value}, said, as_json=as_json)


def _tell(told: dict[str, Any], sentence: str, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        typer.echo(_WORDS[language(sys.argv[1:])][sentence].format(**told))
