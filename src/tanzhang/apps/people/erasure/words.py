"""What was written freely about a person: notes of staff, reasons, the names of her groups.

Letters, appeals and requests are sealed under her key and go with it. Notes are not: whoever
decides about people reads them every day. They are taken away by name, and who decided stays.
"""

from __future__ import annotations

from typing import Any, Final

import psycopg

from tanzhang.apps.people.erasure.meanwhile import is_forgotten, stay
from tanzhang.apps.people.privacy import when_erased
from tanzhang.apps.people.vault.keeping import own, store

Cursor = psycopg.Cursor[Any]

#: Stands where something was written (the database's functions say the same).
FORGOTTEN: Final = "erased"

# Her groups, and whether anybody else belongs to them now.
_GROUPS: Final = """
select parent.subject_id, exists (
    select from membership other join account on account.id = other.member_id
    where other.parent_id = parent.id and other.to_day is null and account.subject_id <> %(whose)s)
from account parent where id in (
    select parent_id from membership join account on account.id = member_id
    where account.subject_id = %(whose)s)
order by parent.id
"""


def words_about(cursor: Cursor, subject_id: int, text: str) -> str:
    """What is to be stored of words about a person: nothing of them once she is erased.

    She is not erased before this transaction ends.
    """
    stay(cursor, [subject_id])
    return FORGOTTEN if text and is_forgotten(cursor, subject_id) else text


def words_of_account(cursor: Cursor, account_id: int, text: str) -> str:
    """``words_about`` whose account this is."""
    cursor.execute("select subject_id from account where id = %s", [account_id])
    return words_about(cursor, cursor.fetchall()[0][0], text)


def forget_words(cursor: Cursor, subject_id: int) -> int:
    """Take away notes and reasons; how many."""
    cursor.execute("select forget_words(%s)", [subject_id])
    return int(cursor.fetchall()[0][0])


def forget_group_names(cursor: Cursor, subject_id: int) -> int:
    """Take away names of her groups that nobody else is in, or that hold her name; how many."""
    name = own(cursor, subject_id, ["name"]).get("name", "")
    cursor.execute(_GROUPS, {"whose": subject_id})
    gone = 0
    for group, has_others in cursor.fetchall():
        called = own(cursor, group, ["group_name"]).get("group_name", "")
        if called and (not has_others or (name and name in called)):
            store(cursor, group, {"group_name": ""})
            gone += 1
    return gone


def register_words() -> None:
    """Tell the register to ask us; group names by a name that comes before her own name is gone."""
    when_erased("words", forget_words)
    when_erased("group names", forget_group_names)
