"""The cascade of limits (design §2 "Limits", §10.13–10.16)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tanzhang.engine.acts import Reason, Status
from tanzhang.engine.rules import Kind, Limit, Scope

from . import people
from .lines import Line, period_of


@dataclass
class Room:
    """How much of a limit one group has used in one period, and whether it was closed."""

    used: int = 0
    is_closed: bool = False


Identity = tuple[str, str]


def apply_limits(lines: Sequence[Line]) -> None:
    """Each limit in cascade order acts on what the ones before it let through."""
    credited = [line for line in lines if line.status is Status.CREDITED]
    declared = {id(line): limits_of(line) for line in credited}
    ranks = {
        identity: cascade_rank(limit)
        for limits in declared.values()
        for identity, limit in limits.items()
    }
    for identity in sorted(ranks, key=lambda identity: ranks[identity]):
        earlier: dict[tuple[object, ...], list[tuple[Line, Room]]] = {}
        for line in sorted(credited, key=lambda line: line.in_time):
            if identity in declared[id(line)]:
                limit = declared[id(line)][identity]
                passed = earlier.setdefault(group_of(line, limit), [])
                passed.append((line, use_room(line, limit, passed)))
    for line in credited:
        if line.is_stopped or (line.gross_mg > 0 and line.credited_mg == 0):
            line.say(Status.LIMITED, Reason.LIMIT)


def use_room(line: Line, limit: Limit, earlier: Sequence[tuple[Line, Room]]) -> Room:
    """Let the act pass by what earlier acts that meet it have left; what it took itself."""
    met = [own for other, own in earlier if people.meet(other, line)]
    before = Room(sum(own.used for own in met), any(own.is_closed for own in met))
    after = replace(before)
    pass_through(line, limit, after)
    return Room(after.used - before.used, after.is_closed and not before.is_closed)


def limits_of(line: Line) -> dict[Identity, Limit]:
    """The limits that bear on an act, by identity: its pack's, with what its programme replaces,
    and its programme's own; each from the version in force for this act (§10.14)."""
    assert line.pack is not None
    assert line.rules is not None
    limits = {(limit.owner, limit.name): limit for limit in line.pack.limits}
    for limit in line.rules.limits:
        identity = (limit.owner, limit.name)
        if not limit.from_pack:
            limits[identity] = limit
        elif identity in limits:
            limits[identity] = replace(limits[identity], value=limit.value)
    return limits


def cascade_rank(limit: Limit) -> tuple[object, ...]:
    """Shortest period first, item before scene before account before programme; ties: count, then
    amount, then name, then the pack's before the programme's."""
    place = (limit.period, limit.scope, limit.kind, limit.name)
    return (*place, not limit.from_pack, limit.owner)


def group_of(line: Line, limit: Limit) -> tuple[object, ...]:
    """Whose acts share the room, if they meet (§10.13): never two programmes."""
    fact = line.fact
    sharers: dict[Scope, tuple[object, ...]] = {
        Scope.ITEM: (fact.account, line.pack_id),
        Scope.SCENE: (fact.account, fact.scene),
        Scope.ACCOUNT: (fact.account,),
        Scope.PROGRAMME: ("all accounts",),
    }
    item = fact.item if limit.per_item_key else None
    period = period_of(line.day, limit.period)
    return (line.programme.id, *sharers[limit.scope], item, period)


def pass_through(line: Line, limit: Limit, room: Room) -> None:
    if limit.kind is Kind.COUNT:
        count(line, limit, room)
    else:
        measure(line, limit, room)


def count(line: Line, limit: Limit, room: Room) -> None:
    """Counts acts with more than 0 mg or zero by design; the one too many is stopped (§10.16)."""
    takes_part = line.credited_mg > 0 or (line.is_zero_by_design and not line.is_stopped)
    if not takes_part:
        return
    if room.used < limit.value and not room.is_closed:
        room.used += 1
        return
    room.is_closed = room.is_closed or limit.whole
    line.is_stopped = True
    line.cuts.append((limit.owner, limit.name, line.credited_mg))
    line.credited_mg = 0


def measure(line: Line, limit: Limit, room: Room) -> None:
    """The crossing act gets the remainder; with ``whole`` nothing, and the limit closes."""
    remainder = 0 if room.is_closed else max(0, limit.value - room.used)
    granted = min(line.credited_mg, remainder)
    if limit.whole and granted < line.credited_mg:
        granted, room.is_closed = 0, True
    taken = line.credited_mg - granted
    if taken > 0:
        line.cuts.append((limit.owner, limit.name, taken))
    room.used += granted
    line.credited_mg = granted
