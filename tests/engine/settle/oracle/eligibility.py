"""Who takes part at all (design §10.2, 10.5–10.7, 10.18)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from tanzhang.engine.acts import Reason, State, Status
from tanzhang.engine.rules import Bound, PackVersion

from ..plain import Fact
from .lines import Line

HOUR_US = 3_600_000_000
SECOND_US = 1_000_000


def judge_eligibility(lines: Sequence[Line]) -> None:
    for line in lines:
        if line.fact.state is State.WITHDRAWN:
            line.say(Status.WITHDRAWN, Reason.WITHDRAWN)
        elif line.fact.state is State.HELD:
            line.say(Status.HELD, Reason.HELD)
        elif (reason := reason_to_reject(line)) != Reason.NONE:
            line.say(Status.REJECTED, reason)
        else:
            line.is_eligible = True


def reason_to_reject(line: Line) -> int:
    """The first that applies: pack, consent, joining, activation, inputs, bounds, key (§10.18)."""
    fact = line.fact
    if line.pack is None:
        return Reason.NO_PACK
    if not fact.consent:
        return Reason.NO_CONSENT
    if line.day < fact.joined_day:
        return Reason.BEFORE_JOINING
    if line.day < line.programme.versions[0].valid_from:
        return Reason.BEFORE_ACTIVATION
    if line.day >= line.programme.versions[-1].valid_to:
        return Reason.AFTER_END
    values = named_inputs(fact, line.pack)
    if any(wanted.required and values[wanted.name] is None for wanted in line.pack.inputs):
        return Reason.MISSING_INPUT
    if fact.ended_us < fact.started_us:
        return Reason.ENDS_BEFORE_START
    for place, bound in enumerate(all_bounds(line.pack)):
        if violates(bound, values, fact.ended_us - fact.started_us):
            return Reason.BOUND + place
    conflict_class = line.pack.conflict_class
    if conflict_class is not None and conflict_class.once is not None and fact.item == 0:
        return Reason.MISSING_KEY
    return Reason.NONE


def named_inputs(fact: Fact, pack: PackVersion) -> dict[str, int | None]:
    """The act's values by the names that its pack gives them; what was not reported is None."""
    reported = [*fact.inputs, *[None] * len(pack.inputs)]
    return {wanted.name: value for wanted, value in zip(pack.inputs, reported, strict=False)}


def all_bounds(pack: PackVersion) -> list[Bound]:
    """Each input's own minimum and maximum, then the declared bounds."""
    own = [Bound(i.name, "input", i.name, i.minimum, i.maximum) for i in pack.inputs]
    return [*own, *pack.bounds]


def violates(bound: Bound, values: dict[str, int | None], duration_us: int) -> bool:
    """Whether the bound, inclusive at both ends, is broken (§10.7)."""
    if bound.kind == "duration":
        return outside(bound, Fraction(duration_us, SECOND_US))
    value = values[bound.input]
    if value is None:
        return False
    if bound.kind == "input":
        return outside(bound, Fraction(value))
    if duration_us == 0:
        return value != 0
    return outside(bound, Fraction(value * HOUR_US, duration_us))


def outside(bound: Bound, value: Fraction) -> bool:
    too_small = bound.minimum is not None and value < bound.minimum
    too_large = bound.maximum is not None and value > bound.maximum
    return too_small or too_large
