"""Telling a person, by every way in that her account has, that something happens to it."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import psycopg

from tanzhang.apps.people.providers import CodeProvider, provider
from tanzhang.apps.people.selectors import AccountEntry
from tanzhang.apps.people.vault import api as vault
from tanzhang.problems import Problem

#: What goes to her phone. It names neither her nor the account: a number may be a stranger's now.
RECOVERY_ASKED: Final = (
    "有人申请找回您的碳账户。如非本人操作，请登录账户，申请将自动取消。"
    " Somebody asks to recover your carbon account. If it was not you, log in: that cancels it."
)

log = logging.getLogger("tanzhang.people")

_postmen = ThreadPoolExecutor(2, "notices")


def tell_ways_in(cursor: psycopg.Cursor[Any], account: AccountEntry) -> list[str]:
    """Tell every way in that somebody asks for the account; the names of those that were told.

    ``page`` is always among them: whoever logs in reads it there, and thereby cancels it.
    """
    told = ["page"]
    number = vault.own(cursor, account.subject_id, ["phone"]).get("phone")
    carrier = _carrier()
    if number is not None and carrier is not None and hasattr(carrier, "notify"):
        _postmen.submit(_deliver, carrier, number)
        told.append("phone")
    return told


def _carrier() -> CodeProvider | None:
    try:
        return provider()
    except Problem:
        return None  # nobody logs in by phone here, so no phone is a way in


def _deliver(carrier: Any, number: str) -> None:
    try:
        carrier.notify(number, RECOVERY_ASKED)
    except Exception:
        log.error("A notice could not be delivered.", exc_info=True)
