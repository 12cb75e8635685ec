"""Which subjects are one natural person, since when, and how that was proved (design §10.4).

A link names two subjects and the local days from which, and until which, their acts meet. It is
*ended* from a day on when the two stop being one, and *withdrawn* when it was a mistake: then it
counts as if it had never been. Links are kept as they were made; what they make together — one
person of three subjects, say — is computed (``engine.kinship``).

Writing a link changes how acts count, so that whoever writes one also asks for those acts to be
settled again: rooms above do both in one transaction (``activities.linking``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
import psycopg

from tanzhang.apps.database import int8_array
from tanzhang.apps.people.erasure.meanwhile import refuse_erased
from tanzhang.apps.people.erasure.words import words_about
from tanzhang.engine.kinship import Link, Window, windows
from tanzhang.engine.rules import FOR_EVER
from tanzhang.problems import Problem

#: So many subjects can be one person at most: people have a few accounts, farms have many.
MOST_SUBJECTS: Final = 16

_COLUMNS: Final = "id, one_subject_id, other_subject_id, from_day, to_day, factor, made_at"


@dataclass(frozen=True, slots=True)
class LinkEntry:
    """A link that counts: two subjects, [from_day, to_day) in days since 1970, how it was proved.

    ``to_day`` is None while no end is known.
    """

    id: int
    subject_ids: tuple[int, int]
    from_day: int
    to_day: int | None
    factor: str
    made_at: datetime

    @property
    def link(self) -> Link:
        """The link as settlement takes it."""
        to_day = FOR_EVER if self.to_day is None else self.to_day
        return Link(*self.subject_ids, self.from_day, to_day)


def links_of(cursor: psycopg.Cursor[Any], subject_ids: Iterable[int]) -> list[LinkEntry]:
    """Every link of these subjects and of whoever links connect with them, at whatever time."""
    found: dict[int, LinkEntry] = {}
    asked: set[int] = set()
    wanted = {int(subject) for subject in subject_ids}
    while wanted:
        subjects = int8_array(np.array(sorted(wanted), np.int64))
        cursor.execute(
            f"select {_COLUMNS} from subject_link where withdrawn_at is null"
            " and (one_subject_id = any(%s) or other_subject_id = any(%s))",
            [subjects, subjects],
        )
        new = [_entry(row) for row in cursor.fetchall()]
        found |= {entry.id: entry for entry in new}
        asked |= wanted
        wanted = {subject for entry in new for subject in entry.subject_ids} - asked
    return [found[number] for number in sorted(found)]


def every_link(cursor: psycopg.Cursor[Any]) -> list[LinkEntry]:
    """Every link that counts."""
    cursor.execute(f"select {_COLUMNS} from subject_link where withdrawn_at is null order by id")
    return [_entry(row) for row in cursor.fetchall()]


def person_of(cursor: psycopg.Cursor[Any], subject_ids: Iterable[int]) -> list[Window]:
    """All subjects that are or were one person with these, with the days over which; by subject.

    Empty for subjects that are linked to nobody. Windows of one ``party`` are of one person.
    """
    return windows(entry.link for entry in links_of(cursor, subject_ids))


def link_subjects(
    cursor: psycopg.Cursor[Any],
    subject_ids: tuple[int, int],
    from_day: int,
    *,
    factor: str,
    at: datetime,
) -> int:
    """Write that two subjects are one person for acts from a local day on; the link's number.

    ``factor`` says how that was proved. The caller holds what settles the subjects. Raises
    ``people.link_to_itself``, ``people.already_linked``, ``people.too_many_linked`` and
    ``people.account_erased``.
    """
    one, other = sorted(subject_ids)
    refuse_erased(cursor, one, other)
    if one == other:
        raise Problem("people.link_to_itself")
    entries = links_of(cursor, (one, other))
    own = [entry for entry in entries if entry.subject_ids == (one, other)]
    if any(entry.to_day is None or entry.to_day > from_day for entry in own):
        raise Problem("people.already_linked")
    together = {one, other}.union(*(entry.subject_ids for entry in entries))
    if len(together) > MOST_SUBJECTS:
        raise Problem("people.too_many_linked", most=MOST_SUBJECTS)
    cursor.execute(
        "insert into subject_link (one_subject_id, other_subject_id, from_day, factor, made_at)"
        " values (%s, %s, %s, %s, %s) returning id",
        [one, other, from_day, factor, at],
    )
    return int(cursor.fetchall()[0][0])


def end_link(cursor: psycopg.Cursor[Any], link_id: int, to_day: int, *, why: str) -> LinkEntry:
    """Let a link hold for acts before this local day alone; what it was.

    A link that would hold for no day at all is withdrawn. Raises ``people.link_unknown``.
    """
    before = _link(cursor, link_id)
    if to_day <= before.from_day:
        return withdraw_link(cursor, link_id, why=why)
    cursor.execute(
        "update subject_link set to_day = %s, undone_why = %s where id = %s",
        [to_day, _about_both(cursor, before, why), link_id],
    )
    return before


def withdraw_link(cursor: psycopg.Cursor[Any], link_id: int, *, why: str) -> LinkEntry:
    """Let a link count as if it had never been; what it was. Raises ``people.link_unknown``."""
    before = _link(cursor, link_id)
    cursor.execute(
        "update subject_link set withdrawn_at = now(), undone_why = %s where id = %s",
        [_about_both(cursor, before, why), link_id],
    )
    return before


def _link(cursor: psycopg.Cursor[Any], link_id: int) -> LinkEntry:
    cursor.execute(
        f"select {_COLUMNS} from subject_link where id = %s and withdrawn_at is null for update",
        [link_id],
    )
    row = cursor.fetchone()
    if row is None:
        raise Problem("people.link_unknown", link=link_id)
    return _entry(row)


def _about_both(cursor: psycopg.Cursor[Any], entry: LinkEntry, why: str) -> str:
    """The reason as it is stored: nothing of it if one of the two is erased."""
    one, other = entry.subject_ids
    return words_about(cursor, other, words_about(cursor, one, why))


def _entry(row: tuple[Any, ...]) -> LinkEntry:
    number, one, other, from_day, to_day, factor, made_at = row
    return LinkEntry(number, (one, other), from_day, to_day, factor, made_at)
