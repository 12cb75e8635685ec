"""Limits: a cascade in which each limit acts on what the previous one let through.

The families come in their order (design §10.13-16). Within one group — an owner and a period —
acts pass in occurrence order, and an amount limit's share is

    min(v, max(0, room - sum of what passed before))

While the room stays the same, the sum may be *raw* (what was offered, not what passed): once the
offers exceed the room, both forms give nothing to every later act. That turns a cascade into one
exclusive running sum. Where versions change the room within a period, and where linked subjects
share it, the few acts are walked: an act finds used what passed of earlier acts that meet it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from tanzhang.engine.acts import Acts, Cuts
from tanzhang.engine.localtime import period_number
from tanzhang.engine.rules import Flags, Ints, Kind, Scope
from tanzhang.engine.settle.carry import Carry
from tanzhang.engine.settle.plan import Family, Plan
from tanzhang.engine.settle.segments import Segments, distinct, segments

#: The use of a limit that a ``whole`` act has closed for the rest of its period.
CLOSED = 1 << 60


@dataclass(frozen=True, slots=True)
class Use:
    """What each act used of one limit: the registers of the running state are made of these."""

    family: int
    row: Ints
    period: Ints
    amount: Ints


@dataclass(frozen=True, slots=True)
class Limited:
    """What the cascade leaves of the gross amounts."""

    credited_mg: Ints
    #: Acts that yield no grams by design and were stopped by a count limit.
    stopped: Flags
    cuts: Cuts
    uses: tuple[Use, ...]


def apply_limits(
    acts: Acts,
    plan: Plan,
    *,
    kin: Ints,
    wallet: Ints,
    day: Ints,
    version: Ints,
    programme_version: Ints,
    kept: Flags,
    gross_mg: Ints,
    carry: Carry,
) -> Limited:
    """Run the cascade over the kept acts; rows must be sorted by (kin, start, key).

    ``kin`` is ``parties.kin_of``; ``wallet`` numbers the accounts, see ``segments.nested``.
    """
    value = np.where(kept, gross_mg, 0)
    countable = kept & plan.zero_by_design[version]
    stopped = np.zeros(len(acts), bool)
    cuts: list[tuple[Ints, Ints, Ints]] = []
    uses: list[Use] = []
    present = {True: distinct(version[kept]), False: distinct(programme_version[kept])}
    for number, family in enumerate(plan.families):
        if family.room.keys().isdisjoint(present[family.from_pack]):
            continue  # of a pack or a programme that no act here goes by
        room, whole = _room(plan, family, version, programme_version)
        live = kept & (room >= 0) & ((value > 0) | (countable & ~stopped))
        rows = np.flatnonzero(live)
        if len(rows) == 0:
            continue
        period = period_number(day[rows], family.period)
        groups = segments(*_group_columns(acts, kin, wallet, family, rows), period)
        rows, period = rows[groups.order], period[groups.order]
        offered = value[rows] if family.kind is Kind.AMOUNT else np.ones(len(rows), np.int64)
        used = carry.limit_used(number, acts.account[rows], family.part(acts, rows), period)
        meeting = None
        if family.scope is Scope.PROGRAMME and acts.party is not None:
            meeting = acts.subject[rows], acts.party[rows]
        let, use = _let_through(groups, offered, used, room[rows], whole[rows], meeting)
        uses.append(Use(number, rows, period, use))
        if family.kind is Kind.AMOUNT:
            taken = offered - let
            hit = taken > 0
        else:
            hit = let == 0
            taken = np.where(hit, value[rows], 0)
            stopped[rows] |= hit & countable[rows]
        value[rows] -= taken
        cuts.append((rows[hit], np.full(int(hit.sum()), number, np.int64), taken[hit]))
    return Limited(value, stopped, _joined(cuts), tuple(uses))


def _room(plan: Plan, family: Family, version: Ints, programme_version: Ints) -> tuple[Ints, Flags]:
    """The room that each act's own version gives (-1 where it has no such limit), and ``whole``."""
    stating = plan.versions if family.from_pack else plan.programme_versions
    room = np.full(len(stating) + 1, -1, np.int64)
    whole = np.zeros(len(stating) + 1, bool)
    for number, (value, is_whole) in family.room.items():
        room[number], whole[number] = value, is_whole
    if not family.from_pack:
        return room[programme_version], whole[programme_version]
    rows_room, rows_whole = room[version], whole[version]
    for number, (value, is_whole) in family.replaced.items():
        replaced = (programme_version == number) & (rows_room >= 0)
        rows_room = np.where(replaced, value, rows_room)
        rows_whole = np.where(replaced, is_whole, rows_whole)
    return rows_room, rows_whole


def _group_columns(acts: Acts, kin: Ints, wallet: Ints, family: Family, rows: Ints) -> list[Ints]:
    """The columns that say whose acts share the room."""
    columns = [wallet[rows], family.part(acts, rows)]
    if family.scope is Scope.PROGRAMME:
        columns = [kin[rows], acts.programme[rows]]
    if family.per_item_key:
        columns.append(acts.item[rows])
    return columns


def _let_through(
    groups: Segments,
    offered: Ints,
    used: Ints,
    room: Ints,
    whole: Flags,
    meeting: tuple[Ints, Ints] | None,
) -> tuple[Ints, Ints]:
    """What passes of each offer, and what it uses. Columns are in the order of the groups.

    An offer passes as a whole, in the part that fits, or not at all where ``whole`` forbids a part;
    the first act that ``whole`` stops closes the limit. ``meeting`` are subject and party of each
    act, where not all acts of a group meet.
    """
    left = room - used - groups.exclusive_sum(offered)
    let = np.minimum(offered, np.maximum(left, 0))
    stopped = whole & (let < offered)
    let = np.where(stopped, 0, let)
    closes = stopped & (groups.exclusive_sum(stopped.astype(np.int64)) == 0) & (used < CLOSED)
    use = np.where(closes, CLOSED, let)
    varies = (room != room[groups.start]) | (whole != whole[groups.start])
    if meeting is not None:
        varies |= meeting[0] != meeting[0][groups.start]
    for start in np.unique(groups.start[varies]).tolist():
        rows = np.flatnonzero(groups.start == start)
        _walk(rows, offered, used, room, whole, meeting, let, use)
    return let, use


def _walk(
    rows: Ints,
    offered: Ints,
    used: Ints,
    room: Ints,
    whole: Flags,
    meeting: tuple[Ints, Ints] | None,
    let: Ints,
    use: Ints,
) -> None:
    """Let one group through act by act, each by the room that its own version gives.

    What acts that meet one have used is what its subject used and what its party used, less what
    both did, which is in either. The limit is closed for whoever meets the act that closed it.
    """
    nobody = [0] * len(rows)
    subjects, parties = nobody, nobody
    if meeting is not None:
        subjects, parties = (column[rows].tolist() for column in meeting)
    before = int(used[rows[0]])
    passed, closed = Counter[tuple[int | None, int | None]](), set[tuple[int | None, int | None]]()
    for row, subject, party in zip(rows.tolist(), subjects, parties, strict=True):
        own, shared, both = (subject, None), (None, party), (subject, party)
        total = before + passed[own] + passed[shared] - passed[both]
        is_open = total < CLOSED and closed.isdisjoint((own, shared))
        offer = int(offered[row])
        part = min(offer, max(0, int(room[row]) - total)) if is_open else 0
        stopped = bool(whole[row]) and part < offer
        let[row] = use[row] = 0 if stopped else part
        if stopped and is_open:
            use[row] = CLOSED - total
            closed |= {own, shared}
        for side in (own, shared, both):
            passed[side] += int(let[row])


def _joined(cuts: list[tuple[Ints, Ints, Ints]]) -> Cuts:
    if not cuts:
        nothing = np.empty(0, np.int64)
        return Cuts(nothing, nothing, nothing)
    row, limit, mg = (np.concatenate(column) for column in zip(*cuts, strict=True))
    return Cuts(row, limit, mg)
