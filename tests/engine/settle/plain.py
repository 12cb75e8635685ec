"""Facts and verdicts as plain values, and the way from and to the kernel's columns.

Tests speak of events by their key, never by their row, so that two answers can be compared whatever
the order of the rows was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tanzhang.engine.acts import Acts, Outcomes, Reason, State, Status, Witnesses
from tanzhang.engine.kinship import Link
from tanzhang.engine.rules import INPUT_SLOTS, Rulebook
from tanzhang.engine.settle import settle
from tanzhang.engine.settle.parties import linked


@dataclass(frozen=True)
class Fact:
    """The highest accepted revision of one event."""

    key: int
    subject: int
    account: int
    programme: int
    pack: int
    started_us: int
    ended_us: int
    inputs: tuple[int | None, ...]
    scene: int = 1
    grade: int = 1
    item: int = 0
    state: State = State.LIVE
    consent: bool = True
    joined_day: int = 0


@dataclass(frozen=True)
class Witness:
    """An eligible act of a subject that is not settled here, which may hold a claim key."""

    conflict_class: str
    subject: int
    key: int
    started_us: int
    grade: int
    item: int
    period: int


@dataclass(frozen=True)
class Verdict:
    """What settlement says of one event."""

    status: Status
    reason: int
    version: int
    day: int
    gross_mg: int
    credited_mg: int
    points: int
    lost_to: int | None  #: the winner's event key
    cuts: tuple[tuple[str, str, int], ...]  #: (owner, name, mg), sorted

    def __repr__(self) -> str:
        reason = f"bound {self.reason - Reason.BOUND}"
        if self.reason < Reason.BOUND:
            reason = Reason(self.reason).name.lower()
        words = [self.status.name.lower(), reason]
        if self.lost_to is not None:
            words.append(f"to {self.lost_to}")
        words.append(f"{self.credited_mg}/{self.gross_mg} mg {self.points} points")
        words.append(f"v{self.version} day {self.day}")
        words += [f"cut {owner}.{name} {mg}" for owner, name, mg in self.cuts]
        return f"<{' '.join(words)}>"


Verdicts = dict[int, Verdict]


def as_acts(facts: Sequence[Fact]) -> Acts:
    """The facts as columns, one a row, in their order."""

    def column(name: str) -> np.ndarray:
        return np.array([int(getattr(fact, name)) for fact in facts], np.int64)

    inputs = np.zeros((len(facts), INPUT_SLOTS), np.int64)
    given = np.zeros((len(facts), INPUT_SLOTS), np.bool_)
    for row, fact in enumerate(facts):
        for slot, value in enumerate(fact.inputs):
            inputs[row, slot] = value or 0
            given[row, slot] = value is not None
    return Acts(
        subject=column("subject"),
        account=column("account"),
        key=column("key"),
        programme=column("programme"),
        pack=column("pack"),
        scene=column("scene"),
        started_us=column("started_us"),
        ended_us=column("ended_us"),
        grade=column("grade"),
        item=column("item"),
        state=column("state"),
        consent=column("consent").astype(np.bool_),
        joined_day=column("joined_day"),
        inputs=inputs,
        given=given,
    )


def as_witnesses(witnesses: Sequence[Witness]) -> Witnesses:
    """The witnesses as columns, in their order."""

    def column(name: str) -> np.ndarray:
        return np.array([getattr(witness, name) for witness in witnesses], np.int64)

    return Witnesses(
        conflict_class=tuple(witness.conflict_class for witness in witnesses),
        subject=column("subject"),
        key=column("key"),
        started_us=column("started_us"),
        grade=column("grade"),
        item=column("item"),
        period=column("period"),
    )


def as_verdicts(
    outcomes: Outcomes, facts: Sequence[Fact], witnesses: Sequence[Witness] = ()
) -> Verdicts:
    """The kernel's columns by event key."""
    cuts: list[list[tuple[str, str, int]]] = [[] for _ in facts]
    for row, limit, mg in zip(
        outcomes.cuts.row.tolist(),
        outcomes.cuts.limit.tolist(),
        outcomes.cuts.mg.tolist(),
        strict=True,
    ):
        cuts[row].append((*outcomes.limits[limit], mg))

    def winner(lost_to: int) -> int | None:
        if lost_to == -1:
            return None
        return facts[lost_to].key if lost_to >= 0 else witnesses[-2 - lost_to].key

    return {
        fact.key: Verdict(
            status=Status(int(outcomes.status[row])),
            reason=int(outcomes.reason[row]),
            version=int(outcomes.version[row]),
            day=int(outcomes.day[row]),
            gross_mg=int(outcomes.gross_mg[row]),
            credited_mg=int(outcomes.credited_mg[row]),
            points=int(outcomes.points[row]),
            lost_to=winner(int(outcomes.lost_to[row])),
            cuts=tuple(sorted(cuts[row])),
        )
        for row, fact in enumerate(facts)
    }


def kernel(
    facts: Sequence[Fact],
    rulebook: Rulebook,
    witnesses: Sequence[Witness] = (),
    links: Sequence[Link] = (),
) -> Verdicts:
    """The vectorised kernel, with the oracle's face."""
    outcomes = settle(
        linked(as_acts(facts), rulebook, links),
        rulebook,
        witnesses=as_witnesses(witnesses) if witnesses else None,
    )
    return as_verdicts(outcomes, facts, witnesses)
