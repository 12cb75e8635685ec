"""Settlement: a pure function from accepted facts to outcomes (design §2 and §10).

    settle(facts of some subjects, rules in force) -> one outcome for each fact

No clock, no randomness, no network; the same facts in any order give the same outcomes. The order
of work is eligibility → claims → conflicts → quantify → limits → points, one module each.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tanzhang.engine.acts import Acts, Cuts, Outcomes, Reason, Status, Witnesses
from tanzhang.engine.rules import Ints, Rulebook
from tanzhang.engine.settle.carry import Carry, NoCarry
from tanzhang.engine.settle.claims import NOBODY, lost_claims, once_periods
from tanzhang.engine.settle.conflicts import lost_conflicts
from tanzhang.engine.settle.eligibility import days_of, reasons
from tanzhang.engine.settle.limits import Limited, apply_limits
from tanzhang.engine.settle.parties import kin_of
from tanzhang.engine.settle.plan import Plan, plan_of
from tanzhang.engine.settle.points import Earned, earn_points
from tanzhang.engine.settle.quantities import gross_amounts
from tanzhang.engine.settle.segments import nested, sorting_order

__all__ = ["Settlement", "settle", "settle_sorted", "sorted_acts"]


@dataclass(frozen=True, slots=True)
class Settlement:
    """Outcomes in sorted row order, with the sums that a running state is made of."""

    outcomes: Outcomes
    limited: Limited
    earned: Earned


def settle(
    acts: Acts,
    rulebook: Rulebook,
    *,
    witnesses: Witnesses | None = None,
    carry: Carry | None = None,
) -> Outcomes:
    """Settle facts of any number of subjects, given in any row order.

    All facts that the outcomes depend on must be there (see ``closure``), or be carried in; nothing
    is carried in for who is linked to somebody. ``witnesses`` are eligible acts of people who are
    not settled here and may hold a claim.
    """
    order, ordered = sorted_acts(acts)
    outcomes = settle_sorted(ordered, rulebook, witnesses=witnesses, carry=carry).outcomes
    return _in_given_order(outcomes, order)


def sorted_acts(acts: Acts) -> tuple[Ints, Acts]:
    """The rows sorted by (kin, start, key), and the order that sorts them.

    Everybody is her own kin, unless subjects are linked (``parties.kin_of``).
    """
    order = sorting_order(kin_of(acts), acts.started_us, acts.key)
    return order, acts.take(order)


def settle_sorted(
    acts: Acts,
    rulebook: Rulebook,
    *,
    witnesses: Witnesses | None = None,
    carry: Carry | None = None,
) -> Settlement:
    """Settle rows that are sorted by (kin, start, key) already."""
    plan = plan_of(rulebook)
    kin = kin_of(acts)
    carry = carry or NoCarry()
    day = days_of(acts, plan)
    version = plan.pack_version(acts.pack, day)
    programme_version = plan.programme_version(acts.programme, day)

    reason = reasons(acts, plan, day, version)
    eligible = reason == Reason.NONE
    competing = np.where(eligible, version, -1)
    lost_to, conflict = _conflicts(acts, plan, kin, day, competing, witnesses)
    kept = eligible & (lost_to == NOBODY)
    gross, refusal = gross_amounts(acts, plan, day, competing, kept, carry)
    rejected = kept & (refusal != Reason.NONE)
    reason = np.where(rejected, refusal, np.where(lost_to != NOBODY, conflict, reason))
    kept &= ~rejected

    wallet = nested(kin, acts.account)
    limited = apply_limits(
        acts,
        plan,
        kin=kin,
        wallet=wallet,
        day=day,
        version=version,
        programme_version=programme_version,
        kept=kept,
        gross_mg=gross,
        carry=carry,
    )
    used_up = kept & (limited.stopped | ((gross > 0) & (limited.credited_mg == 0)))
    earned = earn_points(
        acts,
        plan,
        wallet=wallet,
        day=day,
        programme_version=programme_version,
        credited_mg=limited.credited_mg,
        rewarded=kept & ~used_up & ((limited.credited_mg > 0) | plan.zero_by_design[version]),
        duplicate=lost_to != NOBODY,
        carry=carry,
    )
    outcomes = Outcomes(
        status=_statuses(reason, lost_to, used_up),
        reason=np.where(used_up, Reason.LIMIT, reason),
        version=np.where(version < 0, -1, version - plan.first_version[acts.pack]),
        day=day,
        gross_mg=gross,
        credited_mg=limited.credited_mg,
        points=earned.points,
        lost_to=lost_to,
        cuts=limited.cuts,
        limits=tuple((family.owner, family.name) for family in plan.families),
    )
    return Settlement(outcomes, limited, earned)


def _conflicts(
    acts: Acts, plan: Plan, kin: Ints, day: Ints, version: Ints, witnesses: Witnesses | None
) -> tuple[Ints, Ints]:
    """The act that each eligible act lost to, and whether by claim, once-key or overlap."""
    classes = np.append(plan.class_of_version, -1)[version]
    periods = once_periods(plan, classes, day)
    claimed = lost_claims(acts, plan, classes, periods, witnesses)
    free = np.where(claimed == NOBODY, classes, -1)
    lost_to, conflict = lost_conflicts(acts, plan, kin, free, periods)
    by_claim = claimed != NOBODY
    return np.where(by_claim, claimed, lost_to), np.where(by_claim, Reason.CLAIM, conflict)


def _statuses(reason: Ints, lost_to: Ints, used_up: Ints) -> Ints:
    status = np.full(len(reason), Status.REJECTED, np.int64)
    status[reason == Reason.NONE] = Status.CREDITED
    status[reason == Reason.WITHDRAWN] = Status.WITHDRAWN
    status[reason == Reason.HELD] = Status.HELD
    status[lost_to != NOBODY] = Status.DUPLICATE
    status[used_up] = Status.LIMITED
    return status


def _in_given_order(outcomes: Outcomes, order: Ints) -> Outcomes:
    """Outcomes of sorted rows, put back in the order in which the acts were given."""

    def restored(column: Ints) -> Ints:
        given = np.empty_like(column)
        given[order] = column
        return given

    lost_to = outcomes.lost_to
    lost_to = np.where(lost_to >= 0, order[np.maximum(lost_to, 0)], lost_to)
    cuts = outcomes.cuts
    return Outcomes(
        status=restored(outcomes.status),
        reason=restored(outcomes.reason),
        version=restored(outcomes.version),
        day=restored(outcomes.day),
        gross_mg=restored(outcomes.gross_mg),
        credited_mg=restored(outcomes.credited_mg),
        points=restored(outcomes.points),
        lost_to=restored(lost_to),
        cuts=Cuts(order[cuts.row] if len(cuts.row) else cuts.row, cuts.limit, cuts.mg),
        limits=outcomes.limits,
    )
