"""Rows to be posted: facts with the outcome, or the difference of outcomes, of each."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from tanzhang.apps.activities.posting.facts import Facts, Halves
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.engine.acts import Outcomes
from tanzhang.engine.rules import Ints
from tanzhang.engine.settle.plan import plan_of


@dataclass(frozen=True, slots=True)
class Rows:
    """One posted outcome a row; ``credited_mg`` and ``points`` are what is added to the balance."""

    facts: Facts
    outcome_no: Ints
    gross_mg: Ints
    credited_mg: Ints
    points: Ints
    status: Ints
    reason: Ints
    pack_version_id: Ints  #: 0 where no version was in force
    lost_to: Halves  #: (0, 0) where nobody won over it
    cause: Ints
    #: The lot of the points (``lots.lot_rules``): days until they can be spent, years they live.
    available_after_days: Ints
    expires_after_years: Ints
    #: What was posted before under the same account: its points, their day and their lot.
    prior_points: Ints
    prior_day: Ints
    prior_available_after_days: Ints
    prior_expires_after_years: Ints
    cut_row: Ints
    cut_limit_id: Ints
    cut_mg: Ints

    def __len__(self) -> int:
        return len(self.outcome_no)


def first_outcomes(
    facts: Facts, outcomes: Outcomes, lots: tuple[Ints, Ints], rules: RulesInForce
) -> Rows:
    """The outcomes of acts that nothing was posted for yet; facts in the outcomes' order."""
    nothing = np.zeros(len(facts), np.int64)
    cuts = outcomes.cuts
    return Rows(
        facts=facts,
        outcome_no=nothing,
        gross_mg=outcomes.gross_mg,
        credited_mg=outcomes.credited_mg,
        points=outcomes.points,
        status=outcomes.status,
        reason=outcomes.reason,
        pack_version_id=version_ids(facts, outcomes, rules),
        lost_to=winners(facts.key, outcomes.lost_to),
        cause=nothing,
        available_after_days=lots[0],
        expires_after_years=lots[1],
        prior_points=nothing,
        prior_day=facts.day,
        prior_available_after_days=nothing,
        prior_expires_after_years=nothing,
        cut_row=cuts.row,
        cut_limit_id=limit_ids(outcomes, rules)[cuts.limit],
        cut_mg=cuts.mg,
    )


def version_ids(facts: Facts, outcomes: Outcomes, rules: RulesInForce) -> Ints:
    """The stored number of the pack version behind each outcome, 0 for none."""
    first = plan_of(rules.rulebook).first_version[rules.pack_index[facts.pack_id]]
    return np.where(outcomes.version < 0, 0, rules.version_ids[first + outcomes.version])


def limit_ids(outcomes: Outcomes, rules: RulesInForce) -> Ints:
    """The stored number of each limit that the outcomes' cuts refer to."""
    return np.array([rules.limit_ids[limit] for limit in outcomes.limits], np.int64)


def winners(keys: Halves, lost_to: Ints, witness_keys: Halves | None = None) -> Halves:
    """The event key of what each act lost to, (0, 0) for nothing."""
    found = np.zeros((len(lost_to), 2), np.uint64)
    by_row = lost_to >= 0
    found[by_row] = keys[lost_to[by_row]]
    if witness_keys is not None:
        by_witness = lost_to <= -2
        found[by_witness] = witness_keys[-2 - lost_to[by_witness]]
    return found


def joined(parts: list[Rows]) -> Rows:
    """All rows of all parts, cuts renumbered."""
    if len(parts) == 1:
        return parts[0]
    offsets = np.cumsum([0, *(len(part) for part in parts[:-1])])
    columns = {}
    for column in fields(Rows):
        values = [getattr(part, column.name) for part in parts]
        if column.name == "cut_row":
            values = [rows + offset for rows, offset in zip(values, offsets, strict=True)]
        columns[column.name] = values
    facts = columns.pop("facts")
    together = facts[0]
    for part in facts[1:]:
        together = together.followed_by(part)
    return Rows(facts=together, **{name: np.concatenate(v) for name, v in columns.items()})
