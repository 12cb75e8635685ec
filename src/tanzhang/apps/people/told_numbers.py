"""What hosts tell of a person's phone, each as far as it knows: a change is news, a habit is not.

Two hosts may hold different numbers of one customer and tell them each time that they send her. If
the last word always won, her number would change to and fro, and every other log-in end with it.
So of each host's last word a keyed digest is kept, and only what differs from it says something.
"""

from __future__ import annotations

import hmac
from typing import Any

import psycopg

from tanzhang.apps.people.phones import normalised
from tanzhang.apps.people.vault.secret import installation_secret


def is_news(cursor: psycopg.Cursor[Any], account_id: int, host_id: int, number: str) -> bool:
    """Whether a host's word is a reason to change the number by which an account opens.

    It is one if the host told another number before, or is the first to tell one of an account that
    no phone opens. Its word is remembered. Raises ``people.phone_malformed``.
    """
    told = _digest(account_id, number)
    cursor.execute(
        "select phone_told from partner_link where account_id = %s and partner_id = %s"
        " order by person_ref for update",
        [account_id, host_id],
    )
    before = {bytes(word) for (word,) in cursor.fetchall() if word is not None}
    cursor.execute(
        "update partner_link set phone_told = %s where account_id = %s and partner_id = %s"
        " and phone_told is distinct from %s",
        [told, account_id, host_id, told],
    )
    if before:
        return told not in before
    cursor.execute("select from phone_login where account_id = %s", [account_id])
    return cursor.fetchone() is None


def _digest(account_id: int, number: str) -> bytes:
    """A keyed digest that tells nobody whether two accounts have one number."""
    told = f"the number that a host told\0{account_id}\0{normalised(number)}"
    return hmac.digest(installation_secret(), told.encode(), "sm3")
