"""Do the books agree with what was posted? Every claim of the books is derived again and compared.

A check has a name and the number of offences found, so 0 is good. It reads one moment of the
database, whoever works on it meanwhile. A check that cannot be done at that moment is named among
the skipped ones, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import psycopg
from numpy.typing import NDArray

from tanzhang.apps.activities.lots_anew import LotsAnew
from tanzhang.apps.activities.models import PieceKind
from tanzhang.apps.activities.pieces import read_piece
from tanzhang.apps.activities.proving.checks import altered_pieces
from tanzhang.apps.activities.rederive import rederive
from tanzhang.apps.activities.scan import Events, key_text, scan
from tanzhang.apps.catalogue.api import RulesInForce, rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.ledger.api import altered_roots
from tanzhang.apps.people import api as people
from tanzhang.engine.acts import Status
from tanzhang.engine.localtime import calendar_months, local_days
from tanzhang.engine.rules import Flags, Ints

#: This many offences of a check are described; all are counted.
SHOWN: Final = 5

KEYS_AT_ONCE: Final = 200_000

#: While such a piece waits, outcomes are known to be out of date: somebody else's act took over a
#: shared thing, or rules or links changed. Reports and orders that wait are no stored facts yet.
_OUT_OF_DATE: Final = (PieceKind.NEIGHBOUR, PieceKind.RESETTLE, PieceKind.RELINK)

#: The checks that are one query each: it gives a description of every offence.
QUERIES: Final = {
    "every_unit_sums_to_zero": """
        with posted(programme_id, unit, amount) as (
            select programme_id, 1, reduction_mg
            from balance join account on account.id = account_id
            union all
            select programme_id, points_unit, points
            from balance join account on account.id = account_id
            union all
            select programme_id, unit, amount from source_balance)
        select format('programme %s, unit %s: %s', programme_id, unit, sum(amount))
        from posted group by programme_id, unit having sum(amount) <> 0""",
    "balance_of_own_subject": """
        select format('account %s, subject %s', account_id, balance.subject_id)
        from balance left join account on account.id = account_id
        where account.subject_id is distinct from balance.subject_id""",
    "lots_sum_to_points": """
        select format('account %s: %s in lots, %s points', account_id, lots, points)
        from (select subject_id, account_id, sum(points) as lots
              from points_lot group by subject_id, account_id) lot
        full join balance using (subject_id, account_id)
        where coalesce(lots, 0) <> coalesce(points, 0)""",
    "piece_is_queued_or_settled": """
        select format('piece %s', piece.id) from piece
        left join piece_queue on piece_queue.piece_id = piece.id
        left join piece_settlement on piece_settlement.piece_id = piece.id
        where (piece_queue.piece_id is null) = (piece_settlement.piece_id is null)""",
    "log_positions_have_no_gaps": """
        select format('position %s after %s', position, before) from (
            select position, lag(position, 1, 0::bigint) over (order by position) as before
            from log_entry) placed
        where position <> before + 1""",
    "log_says_what_was_settled": """
        select format('position %s', position) from log_entry
        join piece_settlement using (piece_id)
        where log_entry.leaf_root <> piece_settlement.leaf_root
            or log_entry.leaf_count <> piece_settlement.outcome_count
            or log_entry.leaf_version <> piece_settlement.leaf_version
            or length(log_entry.leaf_root) <> 32""",
    "erased_leaf_has_erasure": """
        select format('event %s in %s', event_key, month) from erased_leaf leaf
        where not exists (
            select from erasure where erasure.subject_id = leaf.subject_id and was_here)""",
}


@dataclass(frozen=True, slots=True)
class Skipped:
    """A check that was not done.

    The only reason so far is ``requests_wait``: stored acts wait to be settled anew.
    """

    check: str
    reason: str


@dataclass
class Verification:
    """What was found: offences counted by check, and the first of each described."""

    checks: dict[str, int] = field(default_factory=dict)
    offences: dict[str, list[str]] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    events: int = 0
    outcomes: int = 0
    waiting_pieces: int = 0

    @property
    def ok(self) -> bool:
        """Whether no check that was done found anything."""
        return not any(self.checks.values())

    def note(self, check: str, descriptions: Iterator[str] | list[str], count: int) -> None:
        """Add offences to a check."""
        self.checks[check] = self.checks.get(check, 0) + count
        shown = self.offences.setdefault(check, [])
        shown += [text for text, _ in zip(descriptions, range(SHOWN - len(shown)), strict=False)]
        if not shown:
            del self.offences[check]


def verify(journal: people.Journal | None = None) -> Verification:
    """Run every check on one moment of the database.

    With the ``journal`` of erasures, which is outside the database, no erasure can be made up.
    """
    found = Verification()
    with bulk_transaction() as cursor:
        cursor.execute("set transaction isolation level repeatable read, read only")
        seen = people.erasure_checks.lines_at_snapshot
        lines = None if journal is None else seen(cursor, journal)
        rules = rulebook_in_force()
        for check, query in QUERIES.items():
            cursor.execute(query)
            offences = [row[0] for row in cursor.fetchall()]
            found.note(check, offences, len(offences))
        _verify_erasures(cursor, found, lines)
        open_keys = _verify_events(cursor, found, rules)
        _verify_identity(cursor, found, np.sort(open_keys))
        _verify_log(cursor, found, rules)
        _verify_settlement(cursor, found, rules)
    return found


def _verify_erasures(
    cursor: psycopg.Cursor[Any], found: Verification, lines: Sequence[people.Line] | None
) -> None:
    """Behind no altered outcome stands an erasure that never was."""
    altered = people.erasure_checks.altered_erasures(cursor, lines)
    undone = people.erasure_checks.undone_erasures(cursor)
    found.note("erasures_follow_from_journal", altered, len(altered))
    found.note("erasures_were_carried_out", undone, len(undone))


def _verify_log(cursor: psycopg.Cursor[Any], found: Verification, rules: RulesInForce) -> None:
    """What was posted and published is what it was: leaves, tiles and roots computed again."""
    pieces, roots = altered_pieces(cursor, rules), altered_roots(cursor)
    found.note("leaves_follow_from_outcomes", pieces, len(pieces))
    found.note("roots_follow_from_log", roots, len(roots))


def _verify_settlement(
    cursor: psycopg.Cursor[Any], found: Verification, rules: RulesInForce
) -> None:
    """Settle all facts of settled pieces anew, unless some are known to be out of date."""
    check = "outcomes_follow_from_facts"
    cursor.execute("select distinct kind from piece join piece_queue on piece_id = id")
    if any(kind in _OUT_OF_DATE for (kind,) in cursor.fetchall()):
        found.skipped.append(Skipped(check, "requests_wait"))
        return
    differing = rederive(cursor, rules).differing
    found.note(check, differing, len(differing))


def _verify_events(
    cursor: psycopg.Cursor[Any], found: Verification, rules: RulesInForce
) -> NDArray[np.bytes_]:
    """The checks on outcomes; the keys of all open events, repeated if one is open twice."""
    sums, lots = _Sums.of_accounts(cursor), LotsAnew()
    open_keys = [np.empty(0, "S16")]
    cursor.execute("select count(*) from piece_queue")
    found.waiting_pieces = (cursor.fetchone() or (0,))[0]
    for check in _EVENT_CHECKS:
        found.note(check, [], 0)
    for events in scan(cursor):
        found.outcomes += len(events.rows["month"])
        for check, offends in _EVENT_CHECKS.items():
            _note_events(found, check, events, offends(events))
        _note_events(found, "day_is_local", events, _foreign_day(events, rules))
        sums.add(events)
        lots.add(events)
        open_keys.append(key_text(events.column("event_key")[events.open]))
    found.note("balance_is_sum_of_outcomes", *sums.compare(cursor))
    found.note("lots_follow_from_outcomes", *lots.compare(cursor, SHOWN))
    keys = np.concatenate(open_keys)
    found.events = len(keys)
    return keys


def _numbers_have_gaps(events: Events) -> Flags:
    wanted = np.arange(len(events.rows["outcome_no"])) - np.repeat(
        events.first, events.last - events.first + 1
    )
    gaps: Flags = np.logical_or.reduceat(events.rows["outcome_no"] != wanted, events.first)
    return gaps


def _closed_with_amounts(events: Events) -> Flags:
    amounts: Flags = (events.credited_mg != 0) | (events.points != 0)
    return amounts & ~events.open


def _amount_beside_status(events: Events) -> Flags:
    """A credited act has its gross at most; any other has nothing."""
    most = np.where(events.column("status") == Status.CREDITED, events.column("gross_mg"), 0)
    outside: Flags = (events.credited_mg < 0) | (events.credited_mg > most)
    return outside & events.open


def _foreign_month(events: Events) -> Flags:
    # A fact that has moved away is closed with its new day in its old month.
    foreign: Flags = calendar_months(events.column("day")) != events.column("month")
    return foreign & events.open


_EVENT_CHECKS: Final = {
    "outcome_numbers_have_no_gaps": _numbers_have_gaps,
    "moved_event_leaves_nothing": _closed_with_amounts,
    "amount_fits_status": _amount_beside_status,
    "month_is_of_day": _foreign_month,
}


def _foreign_day(events: Events, rules: RulesInForce) -> Flags:
    """Days that are not the local day of the start in the act's programme."""
    foreign = np.zeros(len(events.last), np.bool_)
    programme_ids = events.column("programme_id")
    for code, number in rules.programme_ids.items():
        own = np.flatnonzero(events.open & (programme_ids == number))
        if len(own):
            zone = rules.programme(code).time_zone
            days = local_days(events.column("started_us")[own], zone)
            foreign[own] = days != events.column("day")[own]
    return foreign


def _note_events(found: Verification, check: str, events: Events, offends: Flags) -> None:
    places = np.flatnonzero(offends)
    keys = key_text(events.column("event_key")[places[:SHOWN]])
    months = events.column("month")[places[:SHOWN]].tolist()
    texts = [f"event {_hex(key)} in {month}" for key, month in zip(keys, months, strict=True)]
    found.note(check, texts, len(places))


@dataclass
class _Sums:
    """What the outcomes of each account add up to, by the account's number."""

    reduction_mg: Ints
    points: Ints
    subject_id: Ints

    @classmethod
    def of_accounts(cls, cursor: psycopg.Cursor[Any]) -> _Sums:
        cursor.execute("select id, subject_id from account")
        rows = cursor.fetchall()
        size = max((row[0] for row in rows), default=0) + 1
        subjects = np.zeros(size, np.int64)
        for number, subject in rows:
            subjects[number] = subject
        return cls(np.zeros(size, np.int64), np.zeros(size, np.int64), subjects)

    def add(self, events: Events) -> None:
        accounts = events.rows["account_id"]
        np.add.at(self.reduction_mg, accounts, events.rows["credited_mg"])
        np.add.at(self.points, accounts, events.rows["points"])

    def compare(self, cursor: psycopg.Cursor[Any]) -> tuple[list[str], int]:
        """Accounts whose balance is something else: descriptions of some, and how many."""
        stored_mg, stored_points = np.zeros_like(self.points), np.zeros_like(self.points)
        cursor.execute("select account_id, reduction_mg, points from balance")
        for number, milligrams, points in cursor.fetchall():
            stored_mg[number], stored_points[number] = milligrams, points
        wrong = np.flatnonzero((stored_mg != self.reduction_mg) | (stored_points != self.points))
        texts = [
            f"account {number}: balance {stored_mg[number]} mg and {stored_points[number]} points,"
            f" outcomes {self.reduction_mg[number]} mg and {self.points[number]} points"
            for number in wrong[:SHOWN].tolist()
        ]
        return texts, len(wrong)


def _verify_identity(
    cursor: psycopg.Cursor[Any], found: Verification, open_keys: NDArray[np.bytes_]
) -> None:
    """Every accepted event has exactly one current outcome, unless it still waits."""
    twice = open_keys[1:][open_keys[1:] == open_keys[:-1]]
    found.note("event_has_one_current_outcome", map(_name, twice), len(twice))
    waiting = _waiting_keys(cursor)
    known = np.zeros(len(open_keys), np.bool_)
    found.note("accepted_event_has_outcome", [], 0)
    for keys in _identity(cursor):
        places = np.searchsorted(open_keys, keys)
        has = np.zeros(len(keys), np.bool_)
        inside = places < len(open_keys)
        has[inside] = open_keys[places[inside]] == keys[inside]
        known[places[has]] = True
        lost = keys[~has & ~np.isin(keys, waiting)]
        found.note("accepted_event_has_outcome", map(_name, lost), len(lost))
    strange = open_keys[~known]
    first = strange[np.append(True, strange[1:] != strange[:-1])[: len(strange)]]
    first = first[~np.isin(first, twice)]
    found.note("outcome_has_accepted_event", map(_name, first), len(first))


def _identity(cursor: psycopg.Cursor[Any]) -> Iterator[NDArray[np.bytes_]]:
    """The keys of accepted events in order, some at a time."""
    after = bytes(16)
    while True:
        cursor.execute(
            "select uuid_send(event_key) from event_identity where event_key >"
            " encode(%s, 'hex')::uuid group by event_key order by event_key limit %s",
            [after, KEYS_AT_ONCE],
        )
        rows = cursor.fetchall()
        if not rows:
            return
        yield np.frombuffer(b"".join(bytes(row[0]) for row in rows), "S16")
        after = bytes(rows[-1][0])


def _waiting_keys(cursor: psycopg.Cursor[Any]) -> NDArray[np.bytes_]:
    """The events of reports that wait for settlement."""
    cursor.execute("select body from piece join piece_queue on piece_id = id where kind = 0")
    keys = [np.empty(0, "S16")]
    for (body,) in cursor:
        keys.append(key_text(read_piece(bytes(body)).select("key_hi", "key_lo").to_numpy()))
    return np.unique(np.concatenate(keys))


def _name(key: bytes) -> str:
    return f"event {_hex(key)}"


def _hex(key: bytes) -> str:
    return bytes(key).ljust(16, b"\0").hex()
