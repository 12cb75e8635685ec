"""What a restored backup must do before it opens: the erasures that it does not know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import connection

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.erasure.erasing import carry_out, mark_of
from tanzhang.apps.people.erasure.journal import Journal, Line
from tanzhang.problems import Problem

Cursor = psycopg.Cursor[Any]


def replay(journal: Journal, *, is_lost: bool = False) -> int:
    """Carry out every line of the journal that the database does not know; how many.

    A line is on the disk before its erasure is committed. A journal shorter than what the database
    knows is therefore not the one that was written: the real one may name more people. It is
    refused (``privacy.journal_short``) unless ``is_lost`` says that no longer one is to be had;
    then it gets the missing lines back. Each line is a transaction of its own; two who replay wait
    for each other. Raises ``privacy.journal_other`` if both tell different stories.
    """
    carried = 0
    with journal.locked() as lines:
        known = _known()
        for number, digest in enumerate((line.digest for line in known), start=1):
            if number <= len(lines) and lines[number - 1].digest != digest:
                raise Problem("privacy.journal_other", file=str(journal.file))
        if len(known) > len(lines):
            if not is_lost:
                counts = {"written": len(lines), "known": len(known)}
                raise Problem("privacy.journal_short", file=str(journal.file), **counts)
            journal.append(known[len(lines) :])
        for line in lines[len(known) :]:
            with bulk_transaction() as cursor:
                carry_out(cursor, line, is_here=_is_here(cursor, line))
            carried += 1
    return carried


def last_erased() -> bytes | None:
    """The digest of the last line that this database has carried out; None if there is none.

    One look at an index, for whoever asks before each piece of work.
    """
    with connection.cursor() as cursor:
        cursor.execute("select digest from erasure order by number desc limit 1")
        found = cursor.fetchone()
    return None if found is None else bytes(found[0])


def _known() -> Sequence[Line]:
    """The lines that this database has carried out."""
    with bulk_transaction() as cursor:
        cursor.execute("select number, at, subject_id, mark, digest from erasure order by number")
        return [
            Line(number, at, subject_id, bytes(mark), bytes(digest))
            for number, at, subject_id, mark, digest in cursor.fetchall()
        ]


def _is_here(cursor: Cursor, line: Line) -> bool:
    """Whether the subject that a line means is in this database and not erased yet."""
    cursor.execute("select from subject where id = %s", [line.subject_id])
    return cursor.fetchone() is not None and mark_of(cursor, line.subject_id) == line.mark
