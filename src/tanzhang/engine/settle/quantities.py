"""Quantify: the gross reduction of every eligible act, losers included (design §10.11-12)."""

from __future__ import annotations

import numpy as np

from tanzhang.engine.acts import Acts, Reason
from tanzhang.engine.rules import Flags, Ints, LookBack
from tanzhang.engine.settle.carry import ONE_ACT, Carry
from tanzhang.engine.settle.plan import Plan
from tanzhang.engine.settle.segments import by_code, dense


def gross_amounts(
    acts: Acts, plan: Plan, day: Ints, version: Ints, kept: Flags, carry: Carry
) -> tuple[Ints, Ints]:
    """Gross milligrams of each act and the reason why it has none, if so.

    ``version`` is the version's number for eligible acts and -1 for all others. ``kept`` marks the
    acts that are eligible and won their conflicts: only those are read by look-backs.
    """
    gross = np.zeros(len(acts), np.int64)
    reason = np.zeros(len(acts), np.int64)
    for number, rows in by_code(version):
        rule = plan.versions[number]
        columns, gaps = _columns(acts, plan, rows, day, version, kept, carry)
        if rule.zero_by_design:
            continue
        mg, zero_divisor = rule.quantify(columns)
        refused = gaps | zero_divisor
        gross[rows] = np.where(refused, 0, mg)
        reason[rows] = np.where(
            gaps, Reason.LOOK_BACK_GAP, np.where(zero_divisor, Reason.ZERO_DIVISOR, Reason.NONE)
        )
    return gross, reason


def _columns(
    acts: Acts, plan: Plan, rows: Ints, day: Ints, version: Ints, kept: Flags, carry: Carry
) -> tuple[dict[str, Ints], Flags]:
    rule = plan.versions[version[rows[0]]]
    columns = {"evidence_grade": acts.grade[rows]}
    gaps = np.zeros(len(rows), bool)
    slots = {declared.name: slot for slot, declared in enumerate(rule.inputs)}
    for declared in rule.inputs:
        columns[declared.name] = plan.input_values(acts, version, slots[declared.name], rows)
    for look_back in rule.look_backs:
        slot = slots[look_back.input]
        read = np.flatnonzero(kept & (acts.pack == acts.pack[rows[0]]))
        value = plan.input_values(acts, version, slot, read)
        values, gap = _look_back(acts, look_back, rows, slot, day, read, value, carry)
        columns[look_back.name] = values
        gaps |= gap
    return columns, gaps


def _look_back(
    acts: Acts,
    look_back: LookBack,
    rows: Ints,
    slot: int,
    day: Ints,
    read: Ints,
    value_read: Ints,
    carry: Carry,
) -> tuple[Ints, Flags]:
    """The window's value for each row, in 1/scale units, and whether it has none.

    It sums ``value_read`` of the acts ``read`` by day, over days d-n … d-1 of the same (account,
    pack, item).
    """
    pack = int(acts.pack[rows[0]])
    both = np.append(read, rows)
    series = dense_pairs(acts.account[both], acts.item[both])
    codes = series * (1 << 32) + day[both]  # one day of one series
    known, place = np.unique(codes[: len(read)], return_inverse=True)
    sums = np.zeros(len(known), np.int64)
    np.add.at(sums, place, value_read)
    asked = codes[len(read) :]
    total = np.zeros(len(rows), np.int64)
    length = np.zeros(len(rows), np.int64)
    last = np.zeros(len(rows), np.int64)
    for days_ago in range(1, look_back.days + 1):
        found, value = _lookup(known, sums, asked - days_ago)
        earlier = carry.day_input(
            pack, slot, acts.account[rows], acts.item[rows], day[rows] - days_ago
        )
        value = value + earlier % ONE_ACT
        total += value
        length += (found > 0) | (earlier > 0)
        if days_ago == 1:
            last = value
    gap = length < look_back.days if look_back.gaps == "reject" else np.zeros(len(rows), bool)
    if look_back.gaps == "skip":
        gap = length == 0
    else:
        length = np.full(len(rows), look_back.days, np.int64)
    if look_back.reduce == "sum":
        return total, gap
    if look_back.reduce == "last":
        return last, gap
    return total * (look_back.scale // np.maximum(length, 1)), gap


def dense_pairs(first: Ints, second: Ints) -> Ints:
    """Numbers that are equal exactly where both columns are."""
    first, second = dense(first), dense(second)
    return dense(first * (int(second.max(initial=0)) + 1) + second)


def _lookup(known: Ints, sums: Ints, asked: Ints) -> tuple[Ints, Ints]:
    """Whether each asked code is known (0 or 1), and its sum (0 if not)."""
    if len(known) == 0:
        return np.zeros(len(asked), np.int64), np.zeros(len(asked), np.int64)
    place = np.minimum(np.searchsorted(known, asked), len(known) - 1)
    found = known[place] == asked
    return found.astype(np.int64), np.where(found, sums[place], 0)
