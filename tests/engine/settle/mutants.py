"""Wrong settlements: one broken rule each. The suites must tell every one from the right one.

A mutant replaces one function of the oracle (or of the posting book) by one that breaks a rule of
design §10 in a way that a hurried programmer might. If no small world shows the difference, the
worlds are too poor to judge the kernel.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

import pytest

from tanzhang.engine.acts import Reason, State, Status
from tanzhang.engine.kinship import Link
from tanzhang.engine.rules import FOR_EVER, Period, Scope

from . import oracle
from .oracle import conflicts, eligibility, limits, lines, people, points, quantities
from .oracle.limits import Room
from .oracle.lines import Line


@dataclass(frozen=True)
class Mutant:
    """One function, put in the place of another."""

    module: ModuleType
    function: str
    broken: Callable[..., Any]

    @property
    def name(self) -> str:
        return self.broken.__name__


# Eligibility.


def held_acts_take_part(told: Sequence[Line]) -> None:
    restored = [
        line if line.fact.state is State.WITHDRAWN else _with_state(line, State.LIVE)
        for line in told
    ]
    eligibility.judge_eligibility(restored)


def _with_state(line: Line, state: State) -> Line:
    line.fact = replace(line.fact, state=state)
    return line


def bounds_are_exclusive(bound: Any, value: Any) -> bool:
    too_small = bound.minimum is not None and value <= bound.minimum
    too_large = bound.maximum is not None and value >= bound.maximum
    return too_small or too_large


def the_first_version_is_for_ever(versions: Sequence[Any], day: int) -> int:
    return 0 if versions[0].valid_from <= day else -1


def days_are_utc(instant_us: int, time_zone: str) -> int:
    return instant_us // 86_400_000_000


# Claims and conflicts.


def weak_evidence_wins(act: Any) -> tuple[int, int, int]:
    return act.grade, act.started_us, act.key


def the_later_start_wins(act: Any) -> tuple[int, int, int]:
    return -act.grade, -act.started_us, act.key


def ties_go_to_the_higher_key(act: Any) -> tuple[int, int, int]:
    return -act.grade, act.started_us, -act.key


def touching_is_overlapping(one: Any, other: Any) -> bool:
    return one.started_us <= other.ended_us and other.started_us <= one.ended_us


def losers_block_too(told: Sequence[Line]) -> None:
    seen: list[Line] = []
    rivals = [line for line in told if line.is_winner]
    for line in sorted(rivals, key=lambda line: conflicts.conflict_order(line.fact)):
        for earlier in seen:
            reason = conflicts.reason_to_block(earlier, line)
            if reason is not Reason.NONE:
                line.say(Status.DUPLICATE, reason, earlier.fact.key)
                break
        seen.append(line)


def claims_are_ignored(told: Sequence[Line], witnesses: Sequence[Any]) -> None:
    pass


def keys_count_once_for_ever(one: Line, other: Line) -> bool:
    assert one.pack is not None
    conflict_class = one.pack.conflict_class
    is_once = conflict_class is not None and conflict_class.once is not None
    return is_once and conflicts.same_class(one, other) and one.fact.item == other.fact.item


def accounts_do_not_meet(winner: Line, line: Line) -> Reason:
    if winner.fact.account != line.fact.account:
        return Reason.NONE
    return REASON_TO_BLOCK(winner, line)


REASON_TO_BLOCK = conflicts.reason_to_block


# Quantify.


def look_backs_read_losers(line: Line, name: str, day: int, told: Sequence[Line]) -> int | None:
    values = [
        quantities.counted_as(other, name)
        for other in told
        if other.is_eligible and _is_of_series(line, other, day)
    ]
    return sum(values) if values else None


def look_backs_skip_the_rejected(
    line: Line, name: str, day: int, told: Sequence[Line]
) -> int | None:
    values = [
        quantities.counted_as(other, name)
        for other in told
        if other.status is Status.CREDITED and other.is_eligible and _is_of_series(line, other, day)
    ]
    return sum(values) if values else None


def _is_of_series(line: Line, other: Line, day: int) -> bool:
    series = (line.fact.account, line.pack_id, line.fact.item, day)
    return series == (other.fact.account, other.pack_id, other.fact.item, other.day)


# Limits.


def limits_are_ignored(line: Line, limit: Any, room: Room) -> None:
    pass


def crossing_acts_pass_in_full(line: Line, limit: Any, room: Room) -> None:
    granted = line.credited_mg if room.used < limit.value else 0
    if granted < line.credited_mg:
        line.cuts.append((limit.owner, limit.name, line.credited_mg - granted))
    room.used += granted
    line.credited_mg = granted


def whole_does_not_close(line: Line, limit: Any, room: Room) -> None:
    room.is_closed = False
    MEASURE(line, limit, room)


MEASURE = limits.measure


def counts_count_empty_acts(line: Line, limit: Any, room: Room) -> None:
    if room.used < limit.value:
        room.used += 1
    elif line.credited_mg > 0:
        line.is_stopped = True
        line.cuts.append((limit.owner, limit.name, line.credited_mg))
        line.credited_mg = 0


def counts_ignore_zero_by_design(line: Line, limit: Any, room: Room) -> None:
    if not line.is_zero_by_design:
        COUNT(line, limit, room)


COUNT = limits.count


def longer_periods_come_first(limit: Any) -> tuple[object, ...]:
    return (-limit.period, limit.scope, limit.kind, limit.name, not limit.from_pack, limit.owner)


def wider_scopes_come_first(limit: Any) -> tuple[object, ...]:
    return (limit.period, -limit.scope, limit.kind, limit.name, not limit.from_pack, limit.owner)


def amounts_come_before_counts(limit: Any) -> tuple[object, ...]:
    return (limit.period, limit.scope, -limit.kind, limit.name, not limit.from_pack, limit.owner)


def names_do_not_order(limit: Any) -> tuple[object, ...]:
    return (limit.period, limit.scope, limit.kind, not limit.from_pack, limit.owner, limit.name)


def things_share_room(line: Line, limit: Any) -> tuple[object, ...]:
    return GROUP_OF(line, replace(limit, per_item_key=False))


def accounts_share_room(line: Line, limit: Any) -> tuple[object, ...]:
    return (line.fact.subject, *GROUP_OF(line, limit)[2:])


def periods_share_room(line: Line, limit: Any) -> tuple[object, ...]:
    return GROUP_OF(line, replace(limit, period=Period.LIFETIME))


def scenes_are_items(line: Line, limit: Any) -> tuple[object, ...]:
    return GROUP_OF(line, replace(limit, scope=Scope.ITEM) if limit.scope is Scope.SCENE else limit)


GROUP_OF = limits.group_of


def replacing_limits_are_ignored(line: Line) -> dict[tuple[str, str], Any]:
    assert line.pack is not None
    assert line.rules is not None
    own = [limit for limit in line.rules.limits if not limit.from_pack]
    return {(limit.owner, limit.name): limit for limit in (*line.pack.limits, *own)}


# Links.


def links_are_ignored(one: Line, other: Line) -> bool:
    return one.fact.subject == other.fact.subject


def links_hold_from_the_beginning(link: Link, line: Line) -> bool:
    return line.fact.subject in (link.one, link.other) and line.day < link.to_day


def links_hold_from_the_day_after(link: Link, line: Line) -> bool:
    return HOLDS(replace(link, from_day=link.from_day + 1), line)


def links_hold_on_their_last_day(link: Link, line: Line) -> bool:
    return HOLDS(replace(link, to_day=link.to_day + 1), line)


def links_have_no_end(link: Link, line: Line) -> bool:
    return HOLDS(replace(link, to_day=FOR_EVER), line)


HOLDS = people.holds


def links_make_subjects_one(told: Sequence[Line], links: Sequence[Link]) -> None:
    """Meeting is made transitive: all acts of linked subjects meet, whatever their days."""
    for line in told:
        named = [link for link in links if line.fact.subject in (link.one, link.other)]
        line.person = people.chained(named, links)


def only_direct_links_count(found: Sequence[Link], links: Sequence[Link]) -> frozenset[Link]:
    return frozenset(found)


def an_account_joins_its_owners(one: Link, other: Link) -> bool:
    return bool({one.one, one.other} & {other.one, other.other})


def claims_are_blind_to_links(told: Sequence[Line], witnesses: Sequence[Any]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(people, "meet", links_are_ignored)
        conflicts.decide_claims(told, witnesses)


def conflicts_are_blind_to_links(winner: Line, line: Line) -> Reason:
    if winner.fact.subject != line.fact.subject:
        return Reason.NONE
    return REASON_TO_BLOCK(winner, line)


REASON_TO_BLOCK = conflicts.reason_to_block


def limits_are_blind_to_links(line: Line, limit: Any, earlier: Sequence[Any]) -> Room:
    return USE_ROOM(line, limit, [one for one in earlier if links_are_ignored(one[0], line)])


def limits_share_room_with_everybody_of_hers(
    line: Line, limit: Any, earlier: Sequence[Any]
) -> Room:
    """Room used by acts that do not meet this one is counted too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(people, "meet", lambda one, other: True)
        return USE_ROOM(line, limit, earlier)


USE_ROOM = limits.use_room


# Points.


def points_have_no_ceiling(earned: int, ceiling: int | None) -> int:
    return earned


def each_act_is_floored_alone(line: Line, earlier: Sequence[Line]) -> int:
    assert line.rules is not None
    unit_mg = line.rules.points.unit_mg
    return points.capped(line.credited_mg // unit_mg, line.rules.points.daily_max) if unit_mg else 0


def the_table_adds_to_the_mass(line: Line, earlier: Sequence[Line]) -> int:
    assert line.rules is not None
    rules = line.rules.points
    if rules.unit_mg == 0:
        return 0
    before_mg = sum(other.credited_mg for other in earlier)
    before, after = before_mg // rules.unit_mg, (before_mg + line.credited_mg) // rules.unit_mg
    return points.capped(after, rules.daily_max) - points.capped(before, rules.daily_max)


def duplicates_never_earn(line: Line) -> int:
    return 0 if line.status is Status.DUPLICATE else OWN_POINTS(line)


def duplicates_always_earn(line: Line) -> int:
    assert line.rules is not None
    if line.status is Status.DUPLICATE:
        return line.rules.points.per_act.get(line.pack_id, 0)
    return OWN_POINTS(line)


OWN_POINTS = points.own_points


MUTANTS = (
    Mutant(oracle, "judge_eligibility", held_acts_take_part),
    Mutant(eligibility, "outside", bounds_are_exclusive),
    Mutant(lines, "in_force", the_first_version_is_for_ever),
    Mutant(lines, "local_day", days_are_utc),
    Mutant(conflicts, "conflict_order", weak_evidence_wins),
    Mutant(conflicts, "conflict_order", the_later_start_wins),
    Mutant(conflicts, "conflict_order", ties_go_to_the_higher_key),
    Mutant(conflicts, "overlaps", touching_is_overlapping),
    Mutant(oracle, "decide_conflicts", losers_block_too),
    Mutant(oracle, "decide_claims", claims_are_ignored),
    Mutant(conflicts, "same_once_key", keys_count_once_for_ever),
    Mutant(conflicts, "reason_to_block", accounts_do_not_meet),
    Mutant(quantities, "value_of_day", look_backs_read_losers),
    Mutant(quantities, "value_of_day", look_backs_skip_the_rejected),
    Mutant(limits, "pass_through", limits_are_ignored),
    Mutant(limits, "measure", crossing_acts_pass_in_full),
    Mutant(limits, "measure", whole_does_not_close),
    Mutant(limits, "count", counts_count_empty_acts),
    Mutant(limits, "count", counts_ignore_zero_by_design),
    Mutant(limits, "cascade_rank", longer_periods_come_first),
    Mutant(limits, "cascade_rank", wider_scopes_come_first),
    Mutant(limits, "cascade_rank", amounts_come_before_counts),
    Mutant(limits, "cascade_rank", names_do_not_order),
    Mutant(limits, "group_of", things_share_room),
    Mutant(limits, "group_of", accounts_share_room),
    Mutant(limits, "group_of", periods_share_room),
    Mutant(limits, "group_of", scenes_are_items),
    Mutant(limits, "limits_of", replacing_limits_are_ignored),
    Mutant(people, "meet", links_are_ignored),
    Mutant(people, "holds", links_hold_from_the_beginning),
    Mutant(people, "holds", links_hold_from_the_day_after),
    Mutant(people, "holds", links_hold_on_their_last_day),
    Mutant(people, "holds", links_have_no_end),
    Mutant(oracle, "find_people", links_make_subjects_one),
    Mutant(people, "chained", only_direct_links_count),
    Mutant(people, "continues", an_account_joins_its_owners),
    Mutant(oracle, "decide_claims", claims_are_blind_to_links),
    Mutant(conflicts, "reason_to_block", conflicts_are_blind_to_links),
    Mutant(limits, "use_room", limits_are_blind_to_links),
    Mutant(limits, "use_room", limits_share_room_with_everybody_of_hers),
    Mutant(points, "capped", points_have_no_ceiling),
    Mutant(points, "by_mass", each_act_is_floored_alone),
    Mutant(points, "by_mass", the_table_adds_to_the_mass),
    Mutant(points, "own_points", duplicates_never_earn),
    Mutant(points, "own_points", duplicates_always_earn),
)
