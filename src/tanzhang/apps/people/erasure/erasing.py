"""Erasing a person: one transaction, and one line in a journal that outlives every backup.

The order makes it whole whenever it is cut off. Everything is taken away in the transaction; then
the line is written and on the disk; then the transaction is committed. Cut off before the line,
nothing has happened. Cut off after it, the next process that opens the installation finds a line
that the database does not know and carries it out.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import psycopg

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.erasure.journal import Journal, Line
from tanzhang.apps.people.erasure.meanwhile import alone_with
from tanzhang.apps.people.erasure.models import State
from tanzhang.apps.people.erasure.states import account_state, lock_sources_of, set_account_state
from tanzhang.apps.people.handles import SIGNS, drawn_handle
from tanzhang.apps.people.privacy import erasers
from tanzhang.apps.people.vault.person_keys import destroy_key
from tanzhang.engine.log import sm3
from tanzhang.faults import fault_point
from tanzhang.problems import Problem

Cursor = psycopg.Cursor[Any]

#: What is drawn of a handle, after its programme's code: nothing can be read from it, so it stays.
_DRAWN: Final = re.compile(rf"(-[{SIGNS}]{{4}}){{3}}")

_LOG_INS: Final = ("phone_login", "channel_login")

_INSERT: Final = """
insert into erasure (number, subject_id, was_here, transaction, at, mark, digest)
values (%s, %s, %s, pg_current_xact_id()::text::bigint, %s, %s, %s)
"""


@dataclass(frozen=True, slots=True)
class Erased:
    """What was done: the line's number, the accounts, and the rows taken away by section."""

    number: int
    account_ids: tuple[int, ...]
    rows: Mapping[str, int]


def erase(subject_id: int, journal: Journal, *, at: datetime | None = None) -> Erased:
    """Erase a subject with all her accounts. Raises ``people.account_erased`` if that was done.

    Her key and personal fields, log-ins, references and what other rooms registered are destroyed;
    amounts, outcomes and proofs stay under numbers that lead to nobody. Raises what the journal
    raises.
    """
    now = (at or datetime.now(UTC)).astimezone(UTC)
    with journal.locked() as lines, bulk_transaction() as cursor:
        refuse_unknown_lines(cursor, journal, lines)
        account_ids = _accounts(cursor, subject_id)
        if any(one.state is State.ERASED for one in account_state(cursor, account_ids).values()):
            raise Problem("people.account_erased")
        line = journal.next_line(lines, now, subject_id, mark_of(cursor, subject_id))
        rows = carry_out(cursor, line, is_here=True)
        fault_point("erase.before_journal")
        journal.append([line])
        fault_point("erase.before_commit")
    fault_point("erase.after_commit")
    return Erased(line.number, tuple(account_ids), rows)


def mark_of(cursor: Cursor, subject_id: int) -> bytes:
    """What tells a subject from any other of the same number; nothing of it remains with her."""
    cursor.execute("select key from subject where id = %s", [subject_id])
    return sm3(b"erasure\0" + bytes(cursor.fetchall()[0][0]))[:16]


def carry_out(cursor: Cursor, line: Line, *, is_here: bool) -> dict[str, int]:
    """Do what a line of the journal says, or note that the subject of it is not here.

    Whatever is being written of her is waited for, and found; who comes later finds her erased.
    """
    subject_id = line.subject_id
    alone_with(cursor, subject_id)
    given = [line.number, subject_id, is_here, line.at, line.mark, line.digest]
    cursor.execute(_INSERT, given)
    if not is_here:
        return {}
    account_ids = _accounts(cursor, subject_id)
    lock_sources_of(cursor, account_ids)
    rows = {name: erase(cursor, subject_id) for name, erase in erasers().items()}
    fault_point("erase.rooms_done")
    set_account_state(cursor, account_ids, State.ERASED, "erased", at=line.at)
    rows["log-ins"] = sum(_delete(cursor, table, subject_id) for table in _LOG_INS)
    rows["personal fields"] = destroy_key(cursor, subject_id)
    rows["references"] = _forget(cursor, subject_id, account_ids)
    fault_point("erase.person_done")
    return rows


def references_of(cursor: Cursor, subject_id: int) -> dict[int, set[bytes]]:
    """The keyed hashes of what each partner calls a subject, by the partner's number."""
    cursor.execute(
        "select partner_id, person_ref from partner_link where subject_id = %s", [subject_id]
    )
    found: dict[int, set[bytes]] = {}
    for partner_id, ref in cursor.fetchall():
        found.setdefault(partner_id, set()).add(bytes(ref))
    return found


def refuse_unknown_lines(cursor: Cursor, journal: Journal, lines: Sequence[Line]) -> None:
    """Raise ``privacy.journal_behind`` unless journal and database know the same erasures."""
    cursor.execute("select count(*) from erasure")
    known = int(cursor.fetchall()[0][0])
    if known != len(lines):
        raise Problem("privacy.journal_behind", known=known, written=len(lines))


def _accounts(cursor: Cursor, subject_id: int) -> list[int]:
    cursor.execute("select id from account where subject_id = %s order by id", [subject_id])
    return [row[0] for row in cursor.fetchall()]


def _delete(cursor: Cursor, table: str, subject_id: int) -> int:
    """Take away log-ins, and with a phone's the codes that are under way to it."""
    if table == "phone_login":
        cursor.execute(
            "delete from one_time_code using phone_login login where subject_id = %s"
            " and login.phone_index = one_time_code.phone_index",
            [subject_id],
        )
    cursor.execute(f"delete from {table} where subject_id = %s", [subject_id])
    return cursor.rowcount


def _forget(cursor: Cursor, subject_id: int, account_ids: Sequence[int]) -> int:
    """References, the key of her leaves, and handles that tell something of her."""
    cursor.execute(
        "select account.id, handle, code from account join programme on programme.id = programme_id"
        " where account.id = any(%s)",
        [list(account_ids)],
    )
    telling = {number: code for number, handle, code in cursor.fetchall() if _tells(handle, code)}
    fresh = [drawn_handle(code) for code in telling.values()]
    cursor.execute(
        "select forget_subject(%s, %s, %s, %s)",
        [subject_id, os.urandom(32), list(telling), fresh],
    )
    return int(cursor.fetchall()[0][0])


def _tells(handle: str, programme: str) -> bool:
    """Whether a handle is anything but drawn for its programme: it may hold a reference."""
    drawn = handle.removeprefix(programme)
    return drawn == handle or not _DRAWN.fullmatch(drawn)
