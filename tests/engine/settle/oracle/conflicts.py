"""Which of several reports of one thing wins (design §10.8–10.10)."""

from __future__ import annotations

from collections.abc import Sequence

from tanzhang.engine.acts import Reason, Status

from ..plain import Fact, Witness
from . import people
from .lines import Line


def conflict_order(act: Fact | Witness) -> tuple[int, int, int]:
    """A higher grade wins before an earlier start; the last key comes from the content."""
    return -act.grade, act.started_us, act.key


def decide_claims(lines: Sequence[Line], witnesses: Sequence[Witness]) -> None:
    """The first act under a shared key holds it; other people's acts lose to it."""
    for line in lines:
        if not (line.is_eligible and line.may_claim):
            continue
        rivals = [other for other in lines if other.is_eligible and same_claim(line, other)]
        first = min(rivals, key=lambda other: conflict_order(other.fact))
        elsewhere = [witness for witness in witnesses if names_claim_of(witness, line)]
        holder = min([first.fact, *elsewhere], key=conflict_order)
        if holder in elsewhere or not people.meet(first, line):
            line.say(Status.DUPLICATE, Reason.CLAIM, holder.key)


def same_class(one: Line, other: Line) -> bool:
    assert one.pack is not None
    assert other.pack is not None
    first, second = one.pack.conflict_class, other.pack.conflict_class
    return first is not None and second is not None and first.name == second.name


def same_once_key(one: Line, other: Line) -> bool:
    """Same item key in the same local period, each act's in its own programme's zone."""
    assert one.pack is not None
    conflict_class = one.pack.conflict_class
    if conflict_class is None or conflict_class.once is None or not same_class(one, other):
        return False
    return one.fact.item == other.fact.item and one.once_period == other.once_period


def same_claim(one: Line, other: Line) -> bool:
    return one.may_claim and same_once_key(one, other)


def names_claim_of(witness: Witness, line: Line) -> bool:
    assert line.pack is not None
    assert line.pack.conflict_class is not None
    name = line.pack.conflict_class.name
    claim = (name, line.fact.item, line.once_period)
    return (witness.conflict_class, witness.item, witness.period) == claim


def decide_conflicts(lines: Sequence[Line]) -> None:
    """One greedy pass: keep an act if no kept act of its class that meets it blocks it."""
    kept: list[Line] = []
    for line in sorted((x for x in lines if x.is_winner), key=lambda x: conflict_order(x.fact)):
        for winner in kept:
            reason = reason_to_block(winner, line)
            if reason is not Reason.NONE:
                line.say(Status.DUPLICATE, reason, winner.fact.key)
                break
        else:
            kept.append(line)


def reason_to_block(winner: Line, line: Line) -> Reason:
    """Why a kept act keeps another out: ``once`` is said before ``overlap``."""
    if not people.meet(winner, line) or not same_class(winner, line):
        return Reason.NONE
    if same_once_key(winner, line):
        return Reason.ONCE
    assert line.pack is not None
    assert line.pack.conflict_class is not None
    if line.pack.conflict_class.overlap and overlaps(winner.fact, line.fact):
        return Reason.OVERLAP
    return Reason.NONE


def overlaps(one: Fact, other: Fact) -> bool:
    return one.started_us < other.ended_us and other.started_us < one.ended_us
