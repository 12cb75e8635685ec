"""The running state: settling acts in order without reading what came before them.

Nearly every act comes after everything its subject has. Such an act can change no earlier outcome,
and of the past it needs only a few sums: its limits' use, its day's points, and when the last trip
ended. Those are the account's *registers*. ``in_order`` decides which subjects' batches can be
settled from registers alone; everything else is settled with its history (see ``closure``).

Registers are upper bounds where they bound time, and exact where they carry sums: a stale time
sends an act the slow way for nothing, never to a wrong outcome.

What decides a subject's whole batch:

- an act on the account's newest day must start after that day's last act, an act on the day before
  after that day's last act (so that yesterday's files stay fast), older acts are never in order;
- a trip must start when every earlier trip has ended, and yesterday's must have ended by midnight;
- a subject with several accounts must be later than all she has;
- an act that look-backs read must be of the newest day;
- limits per thing and keys that are known already need history.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tanzhang.engine.acts import Acts, Reason, Status
from tanzhang.engine.localtime import day_starts_us, period_number
from tanzhang.engine.rules import Flags, Ints, Period, Rulebook, Scope
from tanzhang.engine.settle import Settlement
from tanzhang.engine.settle.carry import ONE_ACT
from tanzhang.engine.settle.eligibility import days_of
from tanzhang.engine.settle.plan import Family, Plan, plan_of
from tanzhang.engine.settle.registers import (
    BUSY_US,
    FIRST_LIMIT,
    LAST_US,
    LONG_AGO,
    LOOK_BACK,
    MASS_MG,
    PARTS,
    TABLE_POINTS,
    Registers,
)
from tanzhang.engine.settle.segments import distinct, segments

#: A rejection after which an act still blocks others (design §10.11).
STILL_BLOCKS = (Reason.LOOK_BACK_GAP, Reason.ZERO_DIVISOR)


@dataclass(frozen=True, slots=True)
class Running:
    """The registers of all accounts of some subjects, and how limits are numbered in them.

    ``number`` holds the accounts' ids in rising order: account ``number[i]`` has registers ``i``
    and belongs to ``subject[i]``. ``limit_ids`` gives each family of the plan its stable number,
    ``pack_ids`` each pack.
    """

    number: Ints
    subject: Ints
    families: Sequence[Family]
    limit_ids: Sequence[int]
    pack_ids: Ints
    registers: Registers
    #: For each number in the acts' ``item`` column a number that stays the same for ever.
    item_ids: Ints | None = None

    def place(self, account: Ints) -> Ints:
        """The register number of each account."""
        return np.searchsorted(self.number, account)

    def keys(self, family: int, part: Ints) -> Ints:
        """The key under which the use of a limit by a part of the acts is kept."""
        by_pack = self.families[family].scope is Scope.ITEM and not self.families[family].from_pack
        return (
            FIRST_LIMIT
            + self.limit_ids[family] * PARTS
            + (self.pack_ids[part] if by_pack else part)
        )

    # What settlement carries in (see ``carry.Carry``).

    def limit_used(self, family: int, account: Ints, part: Ints, period: Ints) -> Ints:
        """What the limit was offered in the period so far, by this account."""
        return self.registers.read_each(self.place(account), self.keys(family, part), period)

    def day_mass_mg(self, account: Ints, day: Ints) -> Ints:
        """The day's credited milligrams that earn points by mass, so far."""
        return self.registers.read(self.place(account), MASS_MG, day)

    def day_act_points(self, account: Ints, day: Ints) -> Ints:
        """The day's points by the table, so far."""
        return self.registers.read(self.place(account), TABLE_POINTS, day)

    def day_input(self, pack: int, slot: int, account: Ints, item: Ints, day: Ints) -> Ints:
        """The number and the sum of the day's inputs so far, see ``carry.ONE_ACT``."""
        key = self.look_back_keys(pack, slot, item)
        return self.registers.read_each(self.place(account), key, day)

    def look_back_keys(self, pack: int, slot: int, item: Ints) -> Ints:
        """The key under which a day's inputs of one thing (item 0: of all) are kept."""
        thing = item if self.item_ids is None else self.item_ids[item]
        return LOOK_BACK | ((thing ^ (int(self.pack_ids[pack]) << 3 | slot)) & (LOOK_BACK - 1))

    def with_items(self, item_ids: Ints) -> Running:
        """The same state for acts whose ``item`` numbers mean these things."""
        return replace(self, item_ids=item_ids)

    def emptied(self, touched: Registers) -> Running:
        """The same state with the touched sums at nothing, to be filled by what they are now."""
        nothing = np.zeros(len(touched.value), np.int64)
        return self.with_registers(
            self.registers.written(touched.account, touched.key, touched.period, nothing)
        )

    def with_registers(self, registers: Registers) -> Running:
        """The same accounts with other registers."""
        return replace(self, registers=registers)


def in_order(acts: Acts, rulebook: Rulebook, running: Running, known: Flags) -> Flags:
    """Which rows belong to a subject whose whole batch can be settled from registers.

    Rows are sorted by (subject, start, key). ``known`` marks rows that need history whatever the
    registers say: revisions of stored events, and keys that other acts have used.
    """
    plan = plan_of(rulebook)
    day = days_of(acts, plan)
    version = plan.pack_version(acts.pack, day)
    programme_version = plan.programme_version(acts.programme, day)
    place = running.place(acts.account)
    newest = running.registers.latest_day(len(running.number))
    yesterday = day == newest[place] - 1

    late = known | (day < newest[place] - 1)
    late |= acts.started_us <= running.registers.read(place, LAST_US, day)
    late |= _needs_history(plan, version, programme_version)
    late |= _read_by_look_backs(plan)[acts.pack] & yesterday
    late |= _behind_other_accounts(acts, plan, running, programme_version, version)
    trips = _overlapping(plan)[version]
    everyone = len(running.number)
    busy = running.registers.busy_until_us(everyone, newest)[place]
    busy_before = running.registers.busy_until_us(everyone, newest - 1)[place]
    late |= trips & (acts.started_us < np.where(yesterday, busy_before, busy))
    nightly = np.flatnonzero(trips & yesterday)
    late[nightly] |= acts.ended_us[nightly] > _midnights(acts, plan, nightly, day[nightly] + 1)
    return ~_of_those_subjects(acts.subject, late)


def binding(acts: Acts, rulebook: Rulebook, running: Running, settlement: Settlement) -> Flags:
    """Rows of subjects for whom a longer limit binds while an act of yesterday came after today's.

    Such an act would take room from later acts that are stored already; only the whole history
    can tell. A limit whose room varies by version may bind today though it left yesterday alone.
    ``settlement`` is what registers gave.
    """
    plan = plan_of(rulebook)
    newest = running.registers.latest_day(len(running.number))
    yesterday = settlement.outcomes.day < newest[running.place(acts.account)]
    cuts = settlement.outcomes.cuts
    longer = np.array([family.period > Period.DAY for family in plan.families], bool)
    cut = np.zeros(len(acts), bool)
    cut[cuts.row[longer[cuts.limit]]] = True
    for use in settlement.limited.uses:
        family = plan.families[use.family]
        if longer[use.family] and len({*family.room.values(), *family.replaced.values()}) > 1:
            cut[use.row] = True
    return _of_those_subjects(acts.subject, yesterday) & _of_those_subjects(acts.subject, cut)


def advanced(
    acts: Acts,
    rulebook: Rulebook,
    running: Running,
    settlement: Settlement,
    touched: Registers | None = None,
) -> Registers:
    """The registers after settlement.

    Acts settled in order add to the registers that they started from. For acts settled with their
    history, ``touched`` names the sums that are complete among these acts (``touched_by``); they
    were emptied before, and only they are filled.
    """
    place, day = running.place(acts.account), settlement.outcomes.day
    earned, uses = settlement.earned, settlement.limited.uses
    parts = [
        _Part(place, np.full(len(acts), MASS_MG), day, earned.mass_mg),
        _Part(place, np.full(len(acts), TABLE_POINTS), day, earned.table_points),
    ]
    for use in uses:
        part = running.families[use.family].part(acts, use.row)
        key = running.keys(use.family, part)
        parts.append(_Part(place[use.row], key, use.period, use.amount))
    parts += _inputs_read(acts, running, plan_of(rulebook), settlement)
    registers = _summed(running.registers, parts, touched)
    registers = _latest(registers, place, LAST_US, day, acts.started_us)
    plan = plan_of(rulebook)
    outcomes = settlement.outcomes
    version = np.where(outcomes.version < 0, -1, plan.first_version[acts.pack] + outcomes.version)
    blocks = (outcomes.status <= Status.DUPLICATE) | np.isin(outcomes.reason, STILL_BLOCKS)
    trips = np.flatnonzero(blocks & _overlapping(plan)[version])
    return _latest(registers, place[trips], BUSY_US, day[trips], acts.ended_us[trips])


def touched_by(
    acts: Acts, rulebook: Rulebook, running: Running, positions: Flags, *, old_ways: bool = False
) -> Registers:
    """Every sum that the flagged positions are or were part of, as registers of value 1.

    ``old_ways``: also by rules that counted before (see ``closure``).
    """
    plan = plan_of(rulebook)
    rows = np.flatnonzero(positions)
    day = days_of(acts, plan)
    version = plan.pack_version(acts.pack, day)[rows]
    programme_version = plan.programme_version(acts.programme, day)[rows]
    place = running.place(acts.account[rows])
    one = np.ones(len(rows), np.int64)
    touched = Registers.none()
    for key in (MASS_MG, TABLE_POINTS):
        touched = touched.written(place, one * key, day[rows], one)
    for number, family in enumerate(running.families):
        if old_ways:
            own = np.flatnonzero(plan.ever_stated(family, acts)[rows] & (acts.pack[rows] >= 0))
        else:
            own = np.flatnonzero(plan.stated(family, version, programme_version))
        period = period_number(day[rows[own]], family.period)
        keys = running.keys(number, family.part(acts, rows[own]))
        touched = touched.written(place[own], keys, period, one[own])
    for pack, slot in _look_back_slots(plan):
        own = np.flatnonzero(acts.pack[rows] == pack)
        keys = running.look_back_keys(pack, slot, acts.item[rows[own]])
        touched = touched.written(place[own], keys, day[rows[own]], one[own])
    return touched


def trimmed(running: Running, rulebook: Rulebook, registers: Registers) -> Registers:
    """Only registers that can matter again: periods that reach the day before the newest."""
    accounts = len(running.number)
    since = registers.latest_day(accounts)[registers.account] - 1
    stays = (registers.period >= since) | (registers.period == LONG_AGO)
    read = registers.key >= LOOK_BACK
    versions = plan_of(rulebook).versions
    window = max((b.days for version in versions for b in version.look_backs), default=0)
    stays |= read & (registers.period >= since - window)
    limits = np.flatnonzero((registers.key >= FIRST_LIMIT) & ~read)
    limit_id = (registers.key[limits] - FIRST_LIMIT) // PARTS
    stays[limits] = False  # unless it is a limit in force, and its period not over
    for number, family in zip(running.limit_ids, running.families, strict=True):
        rows = limits[limit_id == number]
        stays[rows] = registers.period[rows] >= period_number(since[rows], family.period)
    stays &= registers.value != 0
    return registers.trimmed(stays, accounts)


@dataclass(frozen=True, slots=True)
class _Part:
    """Amounts to add up by (account, key, period)."""

    place: Ints
    key: Ints
    period: Ints
    amount: Ints


def _summed(registers: Registers, parts: list[_Part], touched: Registers | None) -> Registers:
    """The registers with the parts' sums added, those of touched registers only if so given."""
    counted = [np.flatnonzero(part.amount) for part in parts]
    place, key, period, amount = (
        np.concatenate([getattr(p, name)[rows] for p, rows in zip(parts, counted, strict=True)])
        for name in ("place", "key", "period", "amount")
    )
    if len(place) == 0:
        return registers
    groups = segments(place, key, period)
    firsts = groups.firsts()
    rows = groups.order[firsts]
    total = np.add.reduceat(amount[groups.order], firsts)
    place, key, period = place[rows], key[rows], period[rows]
    total += registers.read_each(place, key, period)
    filled = np.ones(len(rows), bool)
    if touched is not None:
        filled = touched.read_each(place, key, period) == 1
    return registers.written(place[filled], key[filled], period[filled], total[filled])


def _look_back_slots(plan: Plan) -> list[tuple[int, int]]:
    """Each pack with look-backs in any version, and the slots of the inputs that they read."""
    found: set[tuple[int, int]] = set()
    for pack, first in enumerate(plan.first_version.tolist()):
        for version in plan.versions[first : first + len(plan.version_days[pack])]:
            slots = {declared.name: slot for slot, declared in enumerate(version.inputs)}
            found |= {(pack, slots[look_back.input]) for look_back in version.look_backs}
    return sorted(found)


def _read_by_look_backs(plan: Plan) -> Flags:
    """For each pack whether look-backs read its acts."""
    read = np.zeros(len(plan.pack_names), bool)
    read[[pack for pack, _ in _look_back_slots(plan)]] = True
    return read


def _inputs_read(acts: Acts, running: Running, plan: Plan, settlement: Settlement) -> list[_Part]:
    """The days' inputs that look-backs will read: of acts that won their conflicts."""
    outcomes = settlement.outcomes
    version = np.where(outcomes.version < 0, -1, plan.first_version[acts.pack] + outcomes.version)
    won = (outcomes.status <= Status.LIMITED) | np.isin(outcomes.reason, STILL_BLOCKS)
    parts = []
    for pack, slot in _look_back_slots(plan):
        rows = np.flatnonzero(won & (acts.pack == pack))
        key = running.look_back_keys(pack, slot, acts.item[rows])
        amount = plan.input_values(acts, version, slot, rows) + ONE_ACT
        parts.append(_Part(running.place(acts.account[rows]), key, outcomes.day[rows], amount))
    return parts


def _latest(registers: Registers, place: Ints, key: int, day: Ints, instant: Ints) -> Registers:
    """The registers with the latest instant of each account and day written, where it is later."""
    if len(place) == 0:
        return registers
    groups = segments(place, day)
    firsts = groups.firsts()
    rows = groups.order[firsts]
    latest = np.maximum.reduceat(instant[groups.order], firsts)
    latest = np.maximum(latest, registers.read(place[rows], key, day[rows]))
    return registers.written(place[rows], np.full(len(rows), key), day[rows], latest)


def _overlapping(plan: Plan) -> Flags:
    """For each version's number (and -1) whether its acts can overlap."""
    by_class = np.array([c.overlap for c in plan.classes] + [False], bool)
    return np.asarray(by_class[np.append(plan.class_of_version, -1)])


def _needs_history(plan: Plan, version: Ints, programme_version: Ints) -> Flags:
    """Rows whose limits are kept per thing."""
    by_version = np.zeros(len(plan.versions) + 1, bool)
    by_programme = np.zeros(len(plan.programme_versions), bool)
    for family in plan.families:
        if family.per_item_key:
            (by_version if family.from_pack else by_programme)[list(family.room)] = True
    return np.asarray(by_version[version] | by_programme[programme_version])


def _midnights(acts: Acts, plan: Plan, rows: Ints, day: Ints) -> Ints:
    """The instants at which the given local days of the rows begin."""
    begins = np.zeros(len(rows), np.int64)
    programme = acts.programme[rows]
    for index in distinct(programme):
        own = programme == index
        begins[own] = day_starts_us(day[own], plan.programme_zones[index])
    return begins


def _behind_other_accounts(
    acts: Acts, plan: Plan, running: Running, programme_version: Ints, version: Ints
) -> Flags:
    """Rows of subjects with several accounts that are not later than all their acts and trips.

    Where a limit is shared by the accounts of one subject, no row of such a subject is in order:
    an account's registers know only its own use.
    """
    subjects, person = np.unique(running.subject, return_inverse=True)
    latest = np.zeros(len(subjects), np.int64)
    registers = running.registers
    times = np.flatnonzero(registers.key <= BUSY_US)
    np.maximum.at(latest, person[registers.account[times]], registers.value[times])
    shared_pack = np.zeros(len(plan.versions) + 1, bool)
    shared_programme = np.zeros(len(plan.programme_versions), bool)
    for family in plan.families:
        if family.scope is Scope.PROGRAMME:
            (shared_pack if family.from_pack else shared_programme)[list(family.room)] = True
    shares = shared_pack[version] | shared_programme[programme_version]
    mine = person[running.place(acts.account)]
    several = np.bincount(person)[mine] > 1
    return np.asarray(several & (shares | (acts.started_us <= latest[mine])))


def _of_those_subjects(subject: Ints, flags: Flags) -> Flags:
    """All rows of subjects with a flagged row; rows are sorted by subject."""
    start = segments(subject).start
    flagged = np.zeros(len(subject), bool)
    flagged[start[flags]] = True
    return np.asarray(flagged[start])
