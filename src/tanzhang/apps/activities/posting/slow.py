"""The full function: settle the closure of what changed, and post the differences.

    stored history + changed facts → closure → settle → new outcomes − stored outcomes

Whatever the change was — a late act, a correction, a withdrawal, a hold, another holder of a bill,
a new rule — this is the one way in which it is posted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from psycopg import Cursor

from tanzhang.apps.activities.posting import claims
from tanzhang.apps.activities.posting.differences import Settled, differences
from tanzhang.apps.activities.posting.facts import (
    HOLD,
    Facts,
    acts_of,
    halves,
    item_codes,
    item_ids,
    key_bytes,
    ranks,
)
from tanzhang.apps.activities.posting.history import (
    Stored,
    months_of_events,
    read_stored,
)
from tanzhang.apps.activities.posting.rows import Rows, winners
from tanzhang.apps.activities.scan import stored_months
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.engine.acts import Acts, State
from tanzhang.engine.localtime import calendar_months
from tanzhang.engine.rules import Flags, Ints
from tanzhang.engine.settle import settle_sorted, sorted_acts
from tanzhang.engine.settle.closure import AFTER_ALL, BEFORE_ALL, closure, needed, reach
from tanzhang.engine.settle.registers import Registers
from tanzhang.engine.settle.running import Running, advanced, touched_by


@dataclass(frozen=True, slots=True)
class Order:
    """From outside: hold an event, or release it. It came in a piece as reports do."""

    held: bool
    piece_id: int

    def changes(self, state: int) -> bool:
        """Whether a stored fact in this state becomes another one by the order."""
        return state & HOLD == 0 if self.held else state & ~State.WITHDRAWN != 0


@dataclass(frozen=True, slots=True)
class Change:
    """Why some subjects are settled anew.

    ``facts`` replace what is stored of their events (or are new); ``touched`` are stored events
    whose surroundings changed though they did not: (event key bytes, month).
    """

    facts: Facts
    cause: Ints  #: of each fact
    touched: set[bytes]
    touched_months: set[int]
    orders: dict[bytes, Order]
    #: The piece to which a subject's differences belong, by subject.
    piece_of: dict[int, int]

    @property
    def subjects(self) -> Ints:
        """Everyone concerned."""
        return np.array(sorted(self.piece_of), np.int64)


@dataclass(frozen=True, slots=True)
class SlowResult:
    """Differences to post, the registers afterwards, and entries of others that are concerned."""

    rows: Rows
    registers: Registers
    concerned: list[claims.Entry]


@dataclass(frozen=True, slots=True)
class _Book:
    """What is stored of the subjects, and all positions of facts: stored ones, then new ones."""

    stored: Stored  #: with what has moved away
    facts: Facts  #: positions: all stored facts, then the changed facts
    acts: Acts  #: the same, in the same order
    changed: Flags
    current: Flags  #: is the fact that counts now (a stored fact that was replaced is not)


def settle_closure(
    cursor: Cursor[Any], change: Change, rules: RulesInForce, running: Running
) -> SlowResult:
    """Settle everything that the change can reach; the claims are written, the rows returned."""
    subjects = change.subjects
    months = set(change.facts.month.tolist()) | change.touched_months
    # Only a later revision can replace a fact that stands in another month.
    months |= months_of_events(cursor, change.facts.key[change.facts.revision > 0])
    own_events = set(key_bytes(change.facts.key))
    while True:
        book = _read_book(cursor, change, subjects, months, rules)
        order, acts = sorted_acts(book.acts)
        reached = closure(acts, rules.rulebook, book.changed[order])
        wanted = needed(acts, rules.rulebook, reached)
        reached, wanted = _unsorted(reached, order), _unsorted(wanted, order)
        standing = claims.candidates(
            book.facts.take(wanted), _some(book.acts, wanted), rules.rulebook
        )
        keys = {entry.claim_key for entry in standing.entries}
        contest = claims.open_contest(cursor, keys, own_events)
        missing = _missing_months(cursor, book, wanted, rules) | {
            entry.month
            for entries in contest.others.values()
            for entry in entries
            if entry.subject_id in change.piece_of
        }
        if missing <= months:
            break
        months |= missing
    concerned = _decide_claims(cursor, change, book, contest, own_events, rules)
    return _settle(change, book, reached, wanted, contest, concerned, rules, running)


def _read_book(
    cursor: Cursor[Any], change: Change, subjects: Ints, months: set[int], rules: RulesInForce
) -> _Book:
    stored = read_stored(cursor, subjects, months)
    positions = stored.open_rows()
    facts = positions.facts.followed_by(_under_orders(change, positions.facts))
    acts = acts_of(facts, rules, ranks(facts.key), item_codes(facts.item))
    replaced = set(key_bytes(change.facts.key))
    own = key_bytes(positions.facts.key)
    new = np.ones(len(change.facts), bool)
    was_replaced = np.array([key in replaced for key in own], bool)
    touched = np.array([key in change.touched for key in own], bool)
    return _Book(
        stored=stored,
        facts=facts,
        acts=acts,
        changed=np.append(was_replaced | touched, new),
        current=np.append(~was_replaced, new),
    )


def _under_orders(change: Change, stored: Facts) -> Facts:
    """The changed facts, held where an order holds their events (design §10.2).

    A hold covers later revisions; a release also lets go what an earlier revision held itself.
    """
    holding = {
        key for key, state in zip(key_bytes(stored.key), stored.state, strict=True) if state & HOLD
    }
    states = change.facts.state.copy()
    for row, key in enumerate(key_bytes(change.facts.key)):
        order = change.orders.get(key)
        states[row] &= ~HOLD
        if key in holding if order is None else order.held:
            states[row] |= HOLD
        elif order is not None and order.piece_id > change.facts.piece_id[row]:
            states[row] &= State.WITHDRAWN
    return replace(change.facts, state=states)


def _missing_months(
    cursor: Cursor[Any], book: _Book, wanted: Flags, rules: RulesInForce
) -> set[int]:
    """The months (with partitions) in which an act could touch one of the wanted acts."""
    _, acts = sorted_acts(_some(book.acts, wanted))
    first, last = reach(acts, rules.rulebook)
    if len(first) == 0:
        return set()
    stored = stored_months(cursor)
    if first.min() == BEFORE_ALL or last.max() == AFTER_ALL:
        return set(stored)
    spans = np.unique(
        np.column_stack([calendar_months(first), calendar_months(last)]), axis=0
    ).tolist()
    return {month for month in stored if any(a <= month <= b for a, b in spans)}


def _decide_claims(
    cursor: Cursor[Any],
    change: Change,
    book: _Book,
    contest: claims.Contest,
    own_events: set[bytes],
    rules: RulesInForce,
) -> list[claims.Entry]:
    """Write who holds the keys of the changed events, before and now."""
    concerned_rows = np.array([key in own_events for key in key_bytes(book.facts.key)], bool)
    facts, acts = book.facts.take(concerned_rows), _some(book.acts, concerned_rows)
    current = book.current[concerned_rows]
    both = claims.candidates(facts, acts, rules.rulebook)
    keys = {entry.claim_key for entry in both.entries}
    if not keys:
        return []
    own = [
        entry for entry, row in zip(both.entries, both.row.tolist(), strict=True) if current[row]
    ]
    part = claims.Contest(
        {key: contest.others.get(key, []) for key in keys},
        {key: entry for key, entry in contest.holders.items() if key in keys},
    )
    entries = claims.close_contest(cursor, part, own)
    return [entry for entry in entries if entry.subject_id not in change.piece_of]


def _settle(
    change: Change,
    book: _Book,
    reached: Flags,
    wanted: Flags,
    contest: claims.Contest,
    concerned: list[claims.Entry],
    rules: RulesInForce,
    running: Running,
) -> SlowResult:
    rows = np.flatnonzero(wanted & book.current)
    others = sorted(
        {
            entry.event_key: entry
            for entries in contest.others.values()
            for entry in entries
            if entry.subject_id not in change.piece_of
        }
    )
    keys = np.concatenate([book.facts.key[rows], halves(others)])
    rank = ranks(keys)
    item = item_codes(book.facts.item[rows])
    facts = book.facts.take(rows)
    acts = acts_of(facts, rules, rank[: len(rows)], item)
    order, acts = sorted_acts(acts)
    rows, facts = rows[order], facts.take(order)
    own = claims.candidates(facts, acts, rules.rulebook)
    seen = claims.witnesses(
        contest,
        own,
        set(change.piece_of),
        dict(zip(others, rank[len(rows) :].tolist(), strict=True)),
        item[order],
    )
    settlement = settle_sorted(acts, rules.rulebook, witnesses=seen)
    by_rank = np.zeros((int(rank.max(initial=0)) + 1, 2), np.uint64)
    by_rank[rank] = keys
    lost_to = winners(facts.key, settlement.outcomes.lost_to, by_rank[seen.key])
    order, positions = sorted_acts(book.acts)
    known = running.with_items(item_ids(book.facts.item, book.acts.item))
    touched = touched_by(positions, rules.rulebook, known, reached[order])
    emptied = running.emptied(touched).with_items(item_ids(facts.item, acts.item))
    registers = advanced(acts, rules.rulebook, emptied, settlement, touched)
    rows_to_post = differences(
        Settled(facts, settlement.outcomes, lost_to, reached[rows]),
        book.stored,
        dict(zip(key_bytes(change.facts.key), change.cause.tolist(), strict=True)),
        change.piece_of,
        rules,
    )
    return SlowResult(rows_to_post, registers, concerned)


def _some(acts: Acts, flags: Flags) -> Acts:
    return acts.take(np.flatnonzero(flags))


def _unsorted(flags: Flags, order: Ints) -> Flags:
    given = np.empty_like(flags)
    given[order] = flags
    return given
