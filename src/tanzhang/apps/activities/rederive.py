"""Re-derivation: settle the whole book from its facts and compare with what was posted.

This is the auditor's question put to the machine. It reads facts, never outcomes, and asks the same
pure function; no running state, no closure, no fast path is involved.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from psycopg import Cursor

from tanzhang.apps.activities.posting.facts import acts_of, item_codes, key_bytes, ranks
from tanzhang.apps.activities.posting.history import Stored, read_stored
from tanzhang.apps.activities.posting.lots import lot_rules
from tanzhang.apps.activities.posting.named_packs import under_named_packs
from tanzhang.apps.activities.posting.rows import limit_ids, version_ids, winners
from tanzhang.apps.activities.scan import stored_months
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.apps.people import api as people
from tanzhang.engine.settle import settle
from tanzhang.engine.settle.parties import linked


@dataclass(frozen=True, slots=True)
class Rederived:
    """How many outcomes were compared, and the event keys of those that differ."""

    compared: int
    differing: list[str]


def rederive(cursor: Cursor[Any], rules: RulesInForce) -> Rederived:
    """Settle all stored facts together; every stored outcome must come out again."""
    stored = read_stored(cursor, None, stored_months(cursor)).open_rows()
    if len(stored) == 0:
        return Rederived(0, [])
    facts, _ = under_named_packs(stored.facts, rules)
    acts = acts_of(facts, rules, ranks(facts.key), item_codes(facts.item))
    links = [entry.link for entry in people.every_link(cursor)]
    outcomes = settle(linked(acts, rules.rulebook, links), rules.rulebook)
    same = stored.status == outcomes.status
    same &= stored.reason == outcomes.reason
    same &= stored.gross_mg == outcomes.gross_mg
    same &= stored.credited_mg == outcomes.credited_mg
    same &= stored.points == outcomes.points
    same &= stored.pack_version_id == version_ids(facts, outcomes, rules)
    same &= np.all(stored.lost_to == winners(facts.key, outcomes.lost_to), axis=1)
    after_days, after_years = lot_rules(facts, outcomes.points, rules)
    same &= stored.available_after_days == after_days
    same &= stored.expires_after_years == after_years
    cuts: dict[int, list[tuple[int, int]]] = {}
    limits = limit_ids(outcomes, rules)[outcomes.cuts.limit]
    for row, limit_id, mg in zip(
        outcomes.cuts.row.tolist(), limits.tolist(), outcomes.cuts.mg.tolist(), strict=True
    ):
        cuts.setdefault(row, []).append((limit_id, mg))
    same &= _same_cuts(stored, cuts)
    keys = key_bytes(facts.key[~same])
    return Rederived(len(stored), [key.hex() for key in keys])


def _same_cuts(stored: Stored, cuts: dict[int, list[tuple[int, int]]]) -> np.ndarray[Any, Any]:
    return np.array(
        [tuple(sorted(cuts.get(row, ()))) == own for row, own in enumerate(stored.cuts)], bool
    )
