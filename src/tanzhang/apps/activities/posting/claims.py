"""Claim keys in the database: who holds a bill, an order, a meter's month.

Every eligible act of a class that counts once a key is listed under its *claim key*: the first in
conflict order as the holder (``claim``), all others as rivals (``claim_rival``). An act whose key
nobody used before needs no history; anything else is settled with all that stand under the key.

Rows of ``claim`` are taken in three steps: the new keys of what was reported (``take_new_keys``),
then, where history is needed, all keys that it touches (``open_contest``), then those of them that
nobody held (``close_contest``). Within a step every worker takes them in the order of the keys, and
two workers never wait in a circle. Over two steps they may: what history touches is known only once
the new keys are held. PostgreSQL then breaks one of the two off, after its ``deadlock_timeout``,
and the other goes on: a circle always leaves one done. The one broken off has written nothing, and
tries again (``worker.work_on``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from psycopg import Cursor
from psycopg.errors import SerializationFailure

from tanzhang.apps.activities.posting.facts import Facts, halves, key_bytes
from tanzhang.apps.activities.posting.history import Stored
from tanzhang.apps.activities.posting.kin import Kin
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.apps.database import int8_array, uuid_array
from tanzhang.engine.acts import Acts, Witnesses
from tanzhang.engine.localtime import period_number
from tanzhang.engine.log import sm3
from tanzhang.engine.rules import ConflictClass, Flags, Ints, Rulebook
from tanzhang.engine.settle.claims import once_keys

_COLUMNS = "claim_key, event_key, subject_id, started_us, month, grade"


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """One act under a claim key. Entries sort in conflict order: grade, start, event key."""

    weakness: int  #: the grade, negated
    started_us: int
    event_key: bytes
    subject_id: int
    month: int
    claim_key: bytes

    @property
    def row(self) -> tuple[bytes, bytes, int, int, int, int]:
        """The values of ``_COLUMNS``."""
        return (
            self.claim_key,
            self.event_key,
            self.subject_id,
            self.started_us,
            self.month,
            -self.weakness,
        )


@dataclass(frozen=True, slots=True)
class Candidates:
    """The acts of some facts that compete for keys: their rows and entries, and what they share."""

    row: Ints
    entries: list[Entry]
    class_names: list[str]
    period: Ints


def candidates(facts: Facts, acts: Acts, rulebook: Rulebook) -> Candidates:
    """The eligible acts among ``facts`` whose class counts once a key."""
    found = once_keys(acts, rulebook)
    rows = found.row
    keys, items = key_bytes(facts.key[rows]), key_bytes(facts.item[rows])
    entries = []
    for place, row in enumerate(rows.tolist()):
        subject = int(facts.subject_id[row])
        claim_key = _claim_key(
            found.conflict_class[place], items[place], int(found.period[place]), subject
        )
        entries.append(
            Entry(
                weakness=-int(facts.grade[row]),
                started_us=int(facts.started_us[row]),
                event_key=keys[place],
                subject_id=subject,
                month=int(facts.month[row]),
                claim_key=claim_key,
            )
        )
    return Candidates(rows, entries, [c.name for c in found.conflict_class], found.period)


def _claim_key(conflict_class: ConflictClass, item: bytes, period: int, subject: int) -> bytes:
    """The key of a thing in a once-period; within one subject where the class is not shared."""
    named = conflict_class.name.encode() + b"\0" + item + period.to_bytes(8, "big", signed=True)
    return sm3(named if conflict_class.shared else named + subject.to_bytes(8, "big"))[:16]


def keys_of_kin(facts: Facts, acts: Acts, rulebook: Rulebook, kin: Kin) -> set[bytes]:
    """The keys under which the same things would stand if others of the same person reported them.

    A thing that is not shared has a key for each subject; where subjects are one person, an act of
    one may take it from another's.
    """
    if not kin.links:
        return set()
    found = once_keys(acts, rulebook)
    items, subjects = key_bytes(facts.item[found.row]), facts.subject_id[found.row].tolist()
    return {
        _claim_key(conflict_class, item, period, other)
        for conflict_class, item, period, subject in zip(
            found.conflict_class, items, found.period.tolist(), subjects, strict=True
        )
        for other in (() if conflict_class.shared else kin.of_subject.get(subject, ()))
    }


def former_keys(stored: Stored, rows: Ints, rules: RulesInForce) -> set[bytes]:
    """The keys under which these stored acts may stand by the versions that settled them.

    Not every such act was eligible: a key too many is asked for in vain.
    """
    facts, version_ids = stored.facts, stored.pack_version_id
    rows = rows[(version_ids[rows] > 0) & np.any(facts.item[rows] != 0, axis=1)]
    codes = {number: code for code, number in rules.pack_ids.items()}
    keys: set[bytes] = set()
    for pack_id, version_id in set(
        zip(facts.pack_id[rows].tolist(), version_ids[rows].tolist(), strict=True)
    ):
        edition = rules.edition(codes[pack_id], version_id)
        conflict_class = None if edition is None else edition.rules.conflict_class
        if conflict_class is None or conflict_class.once is None:
            continue
        own = rows[(facts.pack_id[rows] == pack_id) & (version_ids[rows] == version_id)]
        items = key_bytes(facts.item[own])
        periods = period_number(facts.day[own], conflict_class.once).tolist()
        subjects = facts.subject_id[own].tolist()
        keys |= {
            _claim_key(conflict_class, *named)
            for named in zip(items, periods, subjects, strict=True)
        }
    return keys


def take_new_keys(cursor: Cursor[Any], new: Candidates, rows: Flags) -> Flags:
    """Hold the keys that nobody used before; say which of the flagged rows did not get theirs.

    Two acts under one new key: the first in conflict order holds it, the other needs history.
    """
    first: dict[bytes, tuple[Entry, int]] = {}
    for entry, row in zip(new.entries, new.row.tolist(), strict=True):
        if rows[row]:
            known = first.get(entry.claim_key)
            if known is None or entry < known[0]:
                first[entry.claim_key] = (entry, row)
    held = _insert_holders(cursor, [entry for entry, _ in first.values()])
    contested = np.zeros(len(rows), bool)
    contested[new.row] = rows[new.row]
    contested[[row for entry, row in first.values() if entry.claim_key in held]] = False
    return contested


def _insert_holders(cursor: Cursor[Any], entries: Iterable[Entry]) -> set[bytes]:
    """Insert what is not there yet; the keys that are now held."""
    rows = sorted(entry.row for entry in entries)
    if not rows:
        return set()
    cursor.execute(
        f"insert into claim ({_COLUMNS}) select * from unnest(%s, %s, %s, %s, %s, %s)"
        " on conflict (claim_key) do nothing returning claim_key",
        _arrays(rows),
    )
    return {row[0].bytes for row in cursor.fetchall()}


def _arrays(rows: list[tuple[bytes, bytes, int, int, int, int]]) -> list[object]:
    """The rows' columns as parameters; PostgreSQL narrows the numbers when it stores them."""
    claim_keys, event_keys, *numbers = zip(*rows, strict=True)
    keys = (halves(list(column)) for column in (claim_keys, event_keys))
    return [
        *(uuid_array(key[:, 0], key[:, 1]) for key in keys),
        *(int8_array(np.array(column, np.int64)) for column in numbers),
    ]


@dataclass(frozen=True, slots=True)
class Contest:
    """What stands under some keys, the acts of this settlement left out."""

    others: dict[bytes, list[Entry]]
    holders: dict[bytes, Entry]


def open_contest(cursor: Cursor[Any], claim_keys: set[bytes], own_events: set[bytes]) -> Contest:
    """Lock the keys and read who stands under them."""
    wanted = [_hex(sorted(claim_keys))]
    cursor.execute(
        f"select {_COLUMNS} from claim where claim_key = any(%s::uuid[]) order by claim_key"
        " for update",
        wanted,
    )
    holders = {entry.claim_key: entry for entry in map(_entry, cursor.fetchall())}
    cursor.execute(f"select {_COLUMNS} from claim_rival where claim_key = any(%s::uuid[])", wanted)
    others: dict[bytes, list[Entry]] = {key: [] for key in claim_keys}
    for entry in [*holders.values(), *map(_entry, cursor.fetchall())]:
        if entry.event_key not in own_events:
            others[entry.claim_key].append(entry)
    return Contest(others, holders)


def close_contest(cursor: Cursor[Any], contest: Contest, own: list[Entry]) -> list[Entry]:
    """Write who holds each key now. The entries of other subjects whose outcome may change by it.

    Everyone who lost by a key names its holder, so a new holder concerns all who stand under it.
    """
    standing = {key: list(entries) for key, entries in contest.others.items()}
    for entry in own:
        standing[entry.claim_key].append(entry)
    keys = _hex(sorted(standing))
    own_subjects = {entry.subject_id for entry in own}
    cursor.execute("delete from claim_rival where claim_key = any(%s::uuid[])", [keys])
    concerned: list[Entry] = []
    holders, rivals, gone = [], [], []
    for key, entries in sorted(standing.items()):
        ranked = sorted(entries)
        before = contest.holders.get(key)
        if not ranked:
            gone.append(key)
            continue
        holders.append(ranked[0])
        rivals += ranked[1:]
        if before is None or before.event_key != ranked[0].event_key:
            concerned += [e for e in contest.others[key] if e.subject_id not in own_subjects]
    cursor.execute("delete from claim where claim_key = any(%s::uuid[])", [_hex(gone)])
    _take_unlocked_keys(cursor, [e for e in holders if e.claim_key not in contest.holders])
    _replace_holders(cursor, [e for e in holders if e.claim_key in contest.holders])
    if rivals:
        cursor.execute(
            f"insert into claim_rival ({_COLUMNS}) select * from unnest(%s, %s, %s, %s, %s, %s)",
            _arrays([entry.row for entry in rivals]),
        )
    return concerned


def _take_unlocked_keys(cursor: Cursor[Any], holders: list[Entry]) -> None:
    """Insert keys that stood nowhere when the contest was opened, so that no lock was held.

    Where another worker was faster, its act was not seen: the transaction must be tried again.
    """
    if len(_insert_holders(cursor, holders)) < len(holders):
        raise SerializationFailure("a claim key was taken meanwhile")


def _replace_holders(cursor: Cursor[Any], holders: list[Entry]) -> None:
    if not holders:
        return
    cursor.execute(
        f"insert into claim ({_COLUMNS}) select * from unnest(%s, %s, %s, %s, %s, %s)"
        " on conflict (claim_key) do update set"
        " event_key = excluded.event_key, subject_id = excluded.subject_id,"
        " started_us = excluded.started_us, month = excluded.month, grade = excluded.grade",
        _arrays([entry.row for entry in holders]),
    )


def witnesses(
    contest: Contest,
    own: Candidates,
    subjects: set[int],
    key_rank: dict[bytes, int],
    item: Ints,
) -> Witnesses:
    """The others under the keys of ``own`` acts, in the numbering of the acts being settled.

    Entries of the subjects being settled are left out: those acts are settled themselves.
    """
    rows: list[tuple[str, Entry, int, int]] = []
    seen: set[bytes] = set()
    for place, entry in enumerate(own.entries):
        if entry.claim_key in seen:
            continue
        seen.add(entry.claim_key)
        for other in contest.others.get(entry.claim_key, ()):
            if other.subject_id not in subjects:
                code, period = int(item[own.row[place]]), int(own.period[place])
                rows.append((own.class_names[place], other, code, period))

    def ints(values: Iterable[int]) -> Ints:
        return np.fromiter(values, np.int64)

    return Witnesses(
        conflict_class=tuple(name for name, *_ in rows),
        subject=ints(other.subject_id for _, other, _, _ in rows),
        key=ints(key_rank[other.event_key] for _, other, _, _ in rows),
        started_us=ints(other.started_us for _, other, _, _ in rows),
        grade=ints(-other.weakness for _, other, _, _ in rows),
        item=ints(code for _, _, code, _ in rows),
        period=ints(period for _, _, _, period in rows),
    )


def _entry(row: tuple[Any, ...]) -> Entry:
    claim_key, event_key, subject_id, started_us, month, grade = row
    return Entry(-grade, started_us, event_key.bytes, subject_id, month, claim_key.bytes)


def _hex(keys: Iterable[bytes]) -> list[str]:
    return [key.hex() for key in keys]
