"""Is every erasure that the database tells of one that happened?

A row of ``erasure`` lets hashes stand in the place of a person's leaves. Whoever can write to the
database could make one up, and hide an altered outcome behind it. The journal outside the database
has a line for each real one; and of whom a row says that she was here, everything must be gone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import psycopg

from tanzhang.apps.people.erasure.journal import Journal, Line, chained
from tanzhang.apps.people.erasure.models import State

Cursor = psycopg.Cursor[Any]

# Who is said to be erased and has a key, a way in, or an account that is not.
_UNDONE: Final = """
select number from erasure where was_here and (
    not exists (select from person_key key
        where key.subject_id = erasure.subject_id and destroyed_at is not null)
    or exists (select from partner_link link where link.subject_id = erasure.subject_id)
    or exists (select from personal_field field where field.subject_id = erasure.subject_id)
    or exists (select from account where account.subject_id = erasure.subject_id and coalesce((
        select state from account_state last where last.account_id = account.id
        order by last.id desc limit 1), 'open') <> %s))
order by number
"""

# Who is erased, and no row says so.
_UNSAID: Final = """
select distinct subject_id from account_state join account on account.id = account_id
where state = %s and not exists (
    select from erasure where erasure.subject_id = account.subject_id and was_here)
order by subject_id
"""


def lines_at_snapshot(cursor: Cursor, journal: Journal) -> Sequence[Line]:
    """The journal's lines as they are when the transaction's view of the database begins.

    The transaction is repeatable, and nothing was read in it yet. Raises what ``lines`` raises.
    """
    if not journal.folder.is_dir():
        return []
    with journal.locked() as lines:  # nobody is between writing a line and committing it
        cursor.execute("select 1")
    return lines


def altered_erasures(cursor: Cursor, journal_lines: Sequence[Line] | None) -> list[str]:
    """Rows that do not follow from those before them, or not from the journal's line."""
    cursor.execute("select number, at, subject_id, mark, digest from erasure order by number")
    rows = [
        Line(number, at, subject_id, bytes(mark), bytes(digest))
        for number, at, subject_id, mark, digest in cursor.fetchall()
    ]
    return [*_altered(cursor, rows, journal_lines)]


def undone_erasures(cursor: Cursor) -> list[str]:
    """Erasures of which something was not done, and people whom no row of an erasure names."""
    cursor.execute(_UNDONE, [State.ERASED.value])
    undone = [f"erasure {number}" for (number,) in cursor.fetchall()]
    cursor.execute(_UNSAID, [State.ERASED.value])
    return undone + [f"subject {subject_id}" for (subject_id,) in cursor.fetchall()]


def _altered(cursor: Cursor, rows: Sequence[Line], written: Sequence[Line] | None) -> Iterator[str]:
    cursor.execute("select encode(public_id, 'hex') from installation")
    own = chained(cursor.fetchall()[0][0], rows)
    for place, row in enumerate(rows):
        line = written[place] if written is not None and place < len(written) else None
        if own[place] != row:
            yield f"erasure {row.number} does not follow from those before it"
        elif written is not None and line != row:
            yield f"erasure {row.number} is not in the journal"
    for line in (written or ())[len(rows) :]:
        yield f"line {line.number} of the journal was not carried out"
