"""Posting with one thing broken each: what a hurried programmer might have written instead.

Each break patches one name of the real code. (Broken rules of settlement itself are told apart by
``tests/engine/settle/mutants.py``.)
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from psycopg import Cursor

from tanzhang.apps.activities import door, keys
from tanzhang.apps.activities.models import Cause
from tanzhang.apps.activities.posting import claims, fast, settlement, slow
from tanzhang.apps.activities.posting.claims import Candidates, Contest, Entry
from tanzhang.apps.activities.posting.rows import Rows
from tanzhang.apps.activities.posting.settlement import Waiting
from tanzhang.engine import settle
from tanzhang.engine.acts import Acts
from tanzhang.engine.rules import Flags, Ints
from tanzhang.engine.settle.limits import Limited


@dataclass(frozen=True)
class Break:
    """A function in the place of another, and the checks that must notice."""

    where: Any
    name: str
    broken: Callable[..., Any]
    noticed_by: frozenset[str]


def _real(where: Any, name: str) -> Callable[..., Any]:
    function = getattr(where, name)
    assert callable(function)
    return function


EVENT_KEYS = _real(keys, "event_keys")
CLOSE_PIECES = _real(settlement, "_close_pieces")
WRITE_OUTCOMES = _real(settlement, "write_outcomes")
WRITE_LOTS = _real(settlement, "write_lots")
APPLY_LIMITS = _real(settle, "apply_limits")
GROSS_AMOUNTS = _real(settle, "gross_amounts")
OPEN_CONTEST = _real(claims, "open_contest")
TAKE_NEW_KEYS = _real(claims, "take_new_keys")
CLOSE_CONTEST = _real(claims, "close_contest")
ADD_TO_BALANCES = _real(settlement.ledger, "add_to_balances")
ROOT = _real(settlement, "root")
DIFFERENCES = _real(slow, "differences")
FIRST_OUTCOMES = _real(fast, "first_outcomes")

# Identity and once-ness.

_arrivals = itertools.count(1)


def every_arrival_is_an_event(partner: str, ids: pl.Series, id_time: Any) -> tuple[Any, Any]:
    """No identity: the key is a number of the arrival."""
    high, _ = EVENT_KEYS(partner, ids, id_time)
    return high, np.array([next(_arrivals) for _ in ids], np.uint64)


def nothing_is_known_at_the_door(cursor: Cursor[Any], items: pl.DataFrame) -> pl.DataFrame:
    return items.with_columns(code=pl.lit(None, pl.String))


def pieces_stay_in_the_queue(
    cursor: Cursor[Any], shard: int, pieces: list[Waiting], *rest: Any
) -> None:
    CLOSE_PIECES(cursor, shard, pieces, *rest)
    for piece in pieces:
        cursor.execute(
            "insert into piece_queue (shard, piece_id) values (%s, %s)", [shard, piece.id]
        )


def balances_are_added_twice(cursor: Cursor[Any], **columns: Any) -> None:
    ADD_TO_BALANCES(cursor, **columns)
    ADD_TO_BALANCES(cursor, **columns)


def numbers_are_skipped(cursor: Cursor[Any], rows: Rows) -> None:
    WRITE_OUTCOMES(cursor, replace(rows, outcome_no=rows.outcome_no + (rows.outcome_no > 0)))


# Amounts.


def caps_are_ignored(acts: Acts, plan: Any, **rest: Any) -> Limited:
    limited = APPLY_LIMITS(acts, plan, **rest)
    open_gross = np.where(rest["kept"], rest["gross_mg"], 0)
    return replace(limited, credited_mg=open_gross, stopped=np.zeros(len(acts), bool))


def rides_are_floats(acts: Acts, plan: Any, *rest: Any) -> tuple[Ints, Ints]:
    gross, refusal = GROSS_AMOUNTS(acts, plan, *rest)
    per_m = np.where(gross > 0, gross / np.maximum(acts.inputs[:, 0], 1), 0.0)
    rides = np.abs(per_m - 48.70) < 0.5
    as_float = np.floor(acts.inputs[:, 0] * 48.70 + 0.5).astype(np.int64)
    return np.where(rides, as_float, gross), refusal


def lots_stay_on_the_new_day(cursor: Cursor[Any], rows: Rows) -> None:
    WRITE_LOTS(cursor, replace(rows, prior_day=rows.facts.day))


# Conflicts and claims.


def the_first_to_arrive_holds(cursor: Cursor[Any], *rest: Any) -> Contest:
    contest = OPEN_CONTEST(cursor, *rest)
    others = {
        key: [
            replace(entry, weakness=-1000)
            if contest.holders[key].event_key == entry.event_key
            else entry
            for entry in entries
        ]
        for key, entries in contest.others.items()
    }
    return Contest(others, contest.holders)


def nobody_is_asked_again(cursor: Cursor[Any], entries: list[Entry]) -> None:
    pass


def claims_are_not_decided_again(
    cursor: Cursor[Any], contest: Contest, own: list[Entry]
) -> list[Entry]:
    return []


def a_used_key_is_no_matter(cursor: Cursor[Any], new: Candidates, rows: Flags) -> Flags:
    return np.zeros_like(TAKE_NEW_KEYS(cursor, new, rows))


# Closure, registers, fast path.


def only_what_changed_is_reached(acts: Acts, rulebook: Any, changed: Flags, **_: bool) -> Flags:
    return changed


def only_what_is_reached_is_needed(acts: Acts, rulebook: Any, wanted: Flags, **_: bool) -> Flags:
    return wanted


def no_other_month_matters(*anything: Any) -> set[int]:
    return set()


def registers_are_never_updated(
    acts: Acts, rulebook: Any, running: Any, settlement: Any, touched: Any = None
) -> Any:
    return running.registers


def everything_is_in_order(acts: Acts, rulebook: Any, running: Any, known: Flags) -> Flags:
    subjects = np.unique(acts.subject[known])
    return ~np.isin(acts.subject, subjects)


def nothing_binds(acts: Acts, *rest: Any) -> Flags:
    return np.zeros(len(acts), bool)


# Outcomes and the log.


def only_reported_changes_are_posted(settled: Any, stored: Any, causes: Any, *rest: Any) -> Rows:
    rows: Rows = DIFFERENCES(settled, stored, causes, *rest)
    kept = np.flatnonzero(rows.cause != Cause.NEIGHBOUR_CHANGED)
    columns = {
        name: getattr(rows, name)[kept] if len(getattr(rows, name)) == len(rows) else None
        for name in Rows.__dataclass_fields__
        if name != "facts" and not name.startswith("cut_")
    }
    nothing = np.empty(0, np.int64)
    cuts = dict.fromkeys(("cut_row", "cut_limit_id", "cut_mg"), nothing)
    return Rows(facts=rows.facts.take(kept), **columns, **cuts)


def cuts_are_forgotten(*given: Any) -> Rows:
    rows: Rows = FIRST_OUTCOMES(*given)
    nothing = np.empty(0, np.int64)
    return replace(rows, cut_row=nothing, cut_limit_id=nothing, cut_mg=nothing)


def leaves_are_hashed_backwards(leaves: list[bytes]) -> bytes:
    found: bytes = ROOT(leaves[::-1])
    return found


def _noticed(*names: str) -> frozenset[str]:
    return frozenset(names)


REDERIVED = "rederived_outcomes_differ"
HOLDER = "claims_of_the_wrong_holder"
DIGEST = "digest_is_not_the_recorded_one"

BREAKS = (
    Break(keys, "event_keys", every_arrival_is_an_event, _noticed(DIGEST)),
    Break(door, "judge", nothing_is_known_at_the_door, _noticed("the_key_of_identity_refuses")),
    Break(
        settlement,
        "_close_pieces",
        pieces_stay_in_the_queue,
        _noticed("the_key_of_settled_pieces_refuses"),
    ),
    Break(
        settlement.ledger,
        "add_to_balances",
        balances_are_added_twice,
        _noticed("balance_is_sum_of_outcomes", "every_unit_sums_to_zero", "lots_sum_to_points"),
    ),
    Break(
        settlement,
        "write_outcomes",
        numbers_are_skipped,
        _noticed("outcome_numbers_have_no_gaps"),
    ),
    Break(settle, "apply_limits", caps_are_ignored, _noticed("walk_is_cut_at_200_g")),
    Break(settle, "gross_amounts", rides_are_floats, _noticed("15_m_are_730_mg")),
    Break(
        settlement,
        "write_lots",
        lots_stay_on_the_new_day,
        _noticed("lots_of_the_wrong_day", "lots_follow_from_outcomes"),
    ),
    Break(claims, "open_contest", the_first_to_arrive_holds, _noticed(REDERIVED, HOLDER)),
    Break(settlement, "ask_again", nobody_is_asked_again, _noticed(REDERIVED)),
    Break(claims, "close_contest", claims_are_not_decided_again, _noticed(REDERIVED, HOLDER)),
    Break(claims, "take_new_keys", a_used_key_is_no_matter, _noticed(REDERIVED, HOLDER)),
    Break(slow, "closure", only_what_changed_is_reached, _noticed(REDERIVED)),
    Break(slow, "needed", only_what_is_reached_is_needed, _noticed(REDERIVED)),
    Break(slow, "_missing_months", no_other_month_matters, _noticed(REDERIVED)),
    Break(fast, "advanced", registers_are_never_updated, _noticed(REDERIVED)),
    Break(slow, "advanced", registers_are_never_updated, _noticed(REDERIVED)),
    Break(fast, "in_order", everything_is_in_order, _noticed(REDERIVED)),
    Break(fast, "binding", nothing_binds, _noticed(REDERIVED)),
    Break(slow, "differences", only_reported_changes_are_posted, _noticed(REDERIVED)),
    Break(fast, "first_outcomes", cuts_are_forgotten, _noticed(REDERIVED)),
    Break(
        settlement,
        "root",
        leaves_are_hashed_backwards,
        _noticed("roots_over_other_leaves"),
    ),
)
