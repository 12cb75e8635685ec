"""Settling pieces: one transaction takes a shard's waiting pieces to outcomes and balances.

The order inside the transaction: take the shard's lock, read the pieces, take the shards of linked
subjects, hold the claim keys that are new, settle what comes in order from registers and everything
else with its history, append the outcomes, add to the balances, make the leaves, and strike the
pieces off the queue. A process that dies anywhere leaves the pieces as they were.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import polars as pl
from psycopg import Cursor

from tanzhang.apps.activities.models import Cause, PieceKind
from tanzhang.apps.activities.pieces import read_piece
from tanzhang.apps.activities.posting import claims
from tanzhang.apps.activities.posting.facts import (
    Facts,
    facts_of_items,
    key_bytes,
    newest_revisions,
    no_facts,
)
from tanzhang.apps.activities.posting.fast import running_of, settle_in_order, sorted_facts
from tanzhang.apps.activities.posting.kin import hold_kin
from tanzhang.apps.activities.posting.lots import write_lots
from tanzhang.apps.activities.posting.named_packs import under_named_packs
from tanzhang.apps.activities.posting.rows import Rows, joined
from tanzhang.apps.activities.posting.slow import settle_closure
from tanzhang.apps.activities.posting.unsettled import ask_again, facts_asked_for
from tanzhang.apps.activities.posting.writing import leaves_by_piece, write_outcomes
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.apps.database import bytea_array, int8_array
from tanzhang.apps.ledger import api as ledger
from tanzhang.apps.people import api as people
from tanzhang.engine.acts import State
from tanzhang.engine.log import LEAF_VERSION, root
from tanzhang.engine.rules import Flags, Ints
from tanzhang.engine.settle.running import Running, trimmed
from tanzhang.faults import fault_point


@dataclass(frozen=True, slots=True)
class Waiting:
    """A piece in the queue."""

    id: int
    kind: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Settled:
    """What one transaction did."""

    pieces: int
    items: int
    fast: int
    outcomes: int


def settle_pieces(
    cursor: Cursor[Any], shard: int, pieces: list[Waiting], rules: RulesInForce
) -> Settled:
    """Settle these pieces of a shard whose lock the transaction holds."""
    reports = [piece for piece in pieces if piece.kind == PieceKind.REPORT]
    facts, _ = under_named_packs(_reported(reports), rules)
    asked = [piece for piece in pieces if piece.kind != PieceKind.REPORT]
    requests = facts_asked_for(cursor, asked)
    facts, acts = sorted_facts(facts, rules)
    concerned = np.union1d(facts.subject_id, requests.subjects)
    kin = hold_kin(cursor, shard, concerned)
    fault_point("settle.kin_held")
    book = ledger.read_books(cursor, np.union1d(concerned, kin.subjects))
    running = running_of(book, facts.followed_by(requests.facts), rules)

    first_seen = facts.revision == 0
    new = claims.candidates(facts, acts, rules.rulebook)
    known = claims.take_new_keys(cursor, new, first_seen) | ~first_seen
    known |= np.isin(facts.subject_id, np.union1d(requests.subjects, kin.subjects))
    known |= _sharing_with_known(facts, known)
    fault_point("settle.claims_taken")
    fast = settle_in_order(facts, acts, rules, running, known)
    fault_point("settle.fast_settled")
    registers, parts = fast.registers, [fast.rows] if fast.rows is not None else []
    slow = np.isin(facts.subject_id, fast.slow_subjects)
    if np.any(slow) or len(requests.subjects):
        change = requests.joined_to(facts.take(np.flatnonzero(slow)), _causes(facts, slow), kin)
        after = running.with_registers(registers)
        result = settle_closure(cursor, change, rules, after)
        registers = result.registers
        if len(result.rows):
            parts.append(result.rows)
        ask_again(cursor, result.concerned)
    fault_point("settle.history_settled")
    rows = joined(parts) if parts else None
    if rows is not None:
        write_outcomes(cursor, rows)
        fault_point("settle.outcomes_written")
    state = running.with_registers(registers)
    _write_books(cursor, shard, state, rows, rules)
    fault_point("settle.books_written")
    _close_pieces(cursor, shard, pieces, rows, int(np.sum(~slow)), rules)
    items = len(facts) + len(requests.facts)
    return Settled(len(pieces), items, int(np.sum(~slow)), 0 if rows is None else len(rows))


def _reported(pieces: list[Waiting]) -> Facts:
    """The newest fact of every event in the pieces."""
    if not pieces:
        return no_facts()
    frames = [read_piece(piece.body) for piece in pieces]
    piece_ids = np.array([piece.id for piece in pieces], np.int64)
    piece_id = np.repeat(piece_ids, [len(frame) for frame in frames])
    return newest_revisions(facts_of_items(pl.concat(frames), piece_id))


def _causes(facts: Facts, rows: Flags) -> Ints:
    """Why each of the rows changes its event's outcome."""
    withdrawn = facts.state == State.WITHDRAWN
    later = np.where(withdrawn, int(Cause.WITHDRAWN), int(Cause.CORRECTED))
    return np.where(facts.revision == 0, int(Cause.REPORTED), later)[rows]


def _sharing_with_known(facts: Facts, known: Flags) -> Flags:
    """Rows whose thing is also named by a row that needs history."""
    named = np.any(facts.item != 0, axis=1)
    keys = key_bytes(facts.item)
    contested = {key for key, flag in zip(keys, (known & named).tolist(), strict=True) if flag}
    if not contested:
        return np.zeros(len(facts), bool)
    return np.asarray(named & np.array([key in contested for key in keys], bool))


def _write_books(
    cursor: Cursor[Any], shard: int, state: Running, rows: Rows | None, rules: RulesInForce
) -> None:
    registers = trimmed(state, rules.rulebook, state.registers)
    accounts = len(state.number)
    mg, points = np.zeros(accounts, np.int64), np.zeros(accounts, np.int64)
    if rows is not None:
        place = state.place(rows.facts.account_id)
        np.add.at(mg, place, rows.credited_mg)
        np.add.at(points, place, rows.points)
        ledger.issue(
            cursor,
            programme_id=rows.facts.programme_id,
            shard=shard,
            mg=rows.credited_mg,
            points=rows.points,
            points_unit=people.points_units(cursor, rows.facts.account_id),
        )
        write_lots(cursor, rows)
    ledger.add_to_balances(
        cursor,
        account_id=state.number,
        subject_id=state.subject,
        mg=mg,
        points=points,
        running=registers.encode(accounts),
    )


def _close_pieces(
    cursor: Cursor[Any],
    shard: int,
    pieces: list[Waiting],
    rows: Rows | None,
    fast: int,
    rules: RulesInForce,
) -> None:
    made = leaves_by_piece(cursor, rows, rules) if rows is not None else {}
    own = [made.get(piece.id, []) for piece in pieces]
    # Pieces of one transaction are settled together: the first one carries their fast share.
    shares = [fast, *([0] * (len(pieces) - 1))]
    cursor.execute(
        "insert into piece_settlement (piece_id, settled_at, item_count, fast_count,"
        " outcome_count, leaf_version, leaf_root)"
        " select id, %s, item_count, fast, outcomes, %s, root"
        " from unnest(%s, %s, %s, %s) as s(piece_id, fast, outcomes, root)"
        " join piece on piece.id = s.piece_id",
        [
            datetime.now(UTC),
            LEAF_VERSION,
            int8_array(np.array([piece.id for piece in pieces], np.int64)),
            int8_array(np.array(shares, np.int64)),
            int8_array(np.array([len(leaves) for leaves in own], np.int64)),
            bytea_array([root(leaves) for leaves in own]),
        ],
    )
    cursor.execute(
        "delete from piece_queue where shard = %s and piece_id = any(%s)",
        [shard, [piece.id for piece in pieces]],
    )
