"""The full function: settle the closure of what changed, and post the differences.

    stored history + changed facts → closure → settle → new outcomes − stored outcomes

Whatever the change was — a late act, a correction, a withdrawal, a hold, another holder of a bill,
a new rule, a link — this is the one way in which it is posted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from psycopg import Cursor

from tanzhang.apps.activities.models import Cause
from tanzhang.apps.activities.posting import claims
from tanzhang.apps.activities.posting.differences import Causes, Judged, differences
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
from tanzhang.apps.activities.posting.kin import Kin
from tanzhang.apps.activities.posting.named_packs import under_named_packs
from tanzhang.apps.activities.posting.rows import Rows, winners
from tanzhang.apps.activities.scan import stored_months
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.engine.acts import Acts, State
from tanzhang.engine.localtime import calendar_months
from tanzhang.engine.rules import Flags, Ints
from tanzhang.engine.settle import settle_sorted, sorted_acts
from tanzhang.engine.settle.closure import AFTER_ALL, BEFORE_ALL, closure, needed, reach
from tanzhang.engine.settle.parties import linked
from tanzhang.engine.settle.registers import Registers
from tanzhang.engine.settle.running import Running, advanced, touched_by


@dataclass(frozen=True, slots=True)
class Order:
    """From outside: hold an event, or release it. It came in a piece as reports do.

    One that ``lifts`` lets go what an order holds, and leaves what a revision held itself.
    """

    held: bool
    piece_id: int
    lifts: bool = False

    def changes(self, state: int) -> bool:
        """Whether a stored fact in this state becomes another one by the order."""
        if self.held:
            return state & HOLD == 0
        return state & (HOLD if self.lifts else ~State.WITHDRAWN) != 0


@dataclass(frozen=True, slots=True)
class Change:
    """Why some subjects are settled anew.

    ``facts`` replace what is stored of their events (or are new); ``touched`` are stored events
    whose surroundings changed though they did not. For those of them in ``ruled`` the rules did,
    for those of ``relinked`` subjects whose acts they meet. ``kin`` are settled together.
    """

    facts: Facts
    cause: Ints  #: of each fact
    touched: set[bytes]
    ruled: frozenset[bytes]
    relinked: frozenset[int]
    touched_months: set[int]
    orders: dict[bytes, Order]
    #: The piece to which a subject's differences belong, by subject.
    piece_of: dict[int, int]
    kin: Kin

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
    positions: Stored  #: without
    facts: Facts  #: positions: all stored facts, then the changed facts
    acts: Acts  #: the same, in the same order
    changed: Flags
    current: Flags  #: is the fact that counts now (a stored fact that was replaced is not)
    causes: Causes


def settle_closure(
    cursor: Cursor[Any], change: Change, rules: RulesInForce, running: Running
) -> SlowResult:
    """Settle everything that the change can reach; the claims are written, the rows returned."""
    subjects = change.subjects
    months = set(change.facts.month.tolist()) | change.touched_months
    # Only a later revision can replace a fact that stands in another month.
    months |= months_of_events(cursor, change.facts.key[change.facts.revision > 0])
    old_ways = bool(change.ruled)
    while True:
        book = _read_book(cursor, change, subjects, months, rules)
        order, acts = sorted_acts(book.acts)
        reached = closure(acts, rules.rulebook, book.changed[order], old_ways=old_ways)
        wanted = needed(acts, rules.rulebook, reached, old_ways=old_ways)
        reached, wanted = _unsorted(reached, order), _unsorted(wanted, order)
        standing = claims.candidates(
            book.facts.take(wanted), _some(book.acts, wanted), rules.rulebook
        )
        keys = {entry.claim_key for entry in standing.entries} | claims.keys_of_kin(
            book.facts.take(wanted), _some(book.acts, wanted), rules.rulebook, change.kin
        )
        own_events, former = set(book.causes.changed), set[bytes]()
        if old_ways:
            own_events |= set(key_bytes(book.facts.key[reached]))
            stored = np.flatnonzero(reached[: len(book.positions)])
            former = claims.former_keys(book.positions, stored, rules)
        contest = claims.open_contest(cursor, keys | former, own_events)
        missing = _missing_months(cursor, book, wanted, rules, old_ways) | {
            entry.month
            for entries in contest.others.values()
            for entry in entries
            if entry.subject_id in change.piece_of
        }
        if missing <= months:
            break
        months |= missing
    concerned = _decide_claims(cursor, change, book, contest, own_events, former, rules)
    return _settle(change, book, reached, wanted, contest, concerned, rules, running)


def _read_book(
    cursor: Cursor[Any], change: Change, subjects: Ints, months: set[int], rules: RulesInForce
) -> _Book:
    stored = read_stored(cursor, subjects, months)
    positions = stored.open_rows()
    own = key_bytes(positions.facts.key)
    causes = dict(zip(key_bytes(change.facts.key), change.cause.tolist(), strict=True))
    facts, _ = under_named_packs(_under_orders(change, positions.facts), rules)
    read_anew, differs = under_named_packs(positions.facts, rules)
    ruled = np.array([key in change.ruled and key not in causes for key in own], bool)
    renamed = read_anew.take(np.flatnonzero(differs & ruled))
    facts = facts.followed_by(renamed)
    causes |= dict.fromkeys(key_bytes(renamed.key), int(Cause.RULES_CHANGED))
    facts = positions.facts.followed_by(facts)
    replaced = np.array([key in causes for key in own], bool)
    touched = np.array([key in change.touched for key in own], bool)
    new = np.ones(len(facts) - len(positions), bool)
    linked_anew = positions.facts.take(np.isin(positions.facts.subject_id, sorted(change.relinked)))
    acts = acts_of(facts, rules, ranks(facts.key), item_codes(facts.item))
    return _Book(
        stored=stored,
        positions=positions,
        facts=facts,
        acts=linked(acts, rules.rulebook, change.kin.links),
        changed=np.append(replaced | touched | _lost_to(positions, change.ruled), new),
        current=np.append(~replaced, new),
        causes=Causes(causes, change.ruled, frozenset(key_bytes(linked_anew.key))),
    )


def _lost_to(stored: Stored, winners_ruled: frozenset[bytes]) -> Flags:
    """Stored acts that lost to one of these by the rules that counted before."""
    lost = np.zeros(len(stored), bool)
    if winners_ruled:
        rows = np.flatnonzero(np.any(stored.lost_to != 0, axis=1))
        lost[rows] = [key in winners_ruled for key in key_bytes(stored.lost_to[rows])]
    return lost


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
        elif order and not order.lifts and order.piece_id > change.facts.piece_id[row]:
            states[row] &= State.WITHDRAWN
    return replace(change.facts, state=states)


def _missing_months(
    cursor: Cursor[Any], book: _Book, wanted: Flags, rules: RulesInForce, old_ways: bool
) -> set[int]:
    """The months (with partitions) in which an act could touch one of the wanted acts."""
    _, acts = sorted_acts(_some(book.acts, wanted))
    first, last = reach(acts, rules.rulebook, old_ways=old_ways)
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
    former: set[bytes],
    rules: RulesInForce,
) -> list[claims.Entry]:
    """Write who holds the keys of these events, before and now."""
    concerned_rows = np.array([key in own_events for key in key_bytes(book.facts.key)], bool)
    facts, acts = book.facts.take(concerned_rows), _some(book.acts, concerned_rows)
    current = book.current[concerned_rows]
    both = claims.candidates(facts, acts, rules.rulebook)
    keys = {entry.claim_key for entry in both.entries} | former
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
    acts = linked(acts_of(facts, rules, rank[: len(rows)], item), rules.rulebook, change.kin.links)
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
    touched = touched_by(
        positions, rules.rulebook, known, reached[order], old_ways=bool(change.ruled)
    )
    emptied = running.emptied(touched).with_items(item_ids(facts.item, acts.item))
    registers = advanced(acts, rules.rulebook, emptied, settlement, touched)
    rows_to_post = differences(
        Judged(facts, settlement.outcomes, lost_to, reached[rows]),
        book.stored,
        book.causes,
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
