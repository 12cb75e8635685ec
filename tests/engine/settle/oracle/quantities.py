"""Gross milligrams, and what look-backs read (design §10.11–10.12)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tanzhang.engine.acts import Reason, Status
from tanzhang.engine.rules import LookBack

from .eligibility import named_inputs
from .lines import Line


def quantify_all(lines: Sequence[Line]) -> None:
    """Winners get their gross or a rejection; losers keep a gross of 0 if it cannot be computed."""
    for line in lines:
        if not line.is_eligible:
            continue
        gross_mg, reason = quantify(line, lines)
        if line.is_winner and reason is not Reason.NONE:
            line.say(Status.REJECTED, reason)
        line.gross_mg = gross_mg
        if line.status is Status.CREDITED:
            line.credited_mg = gross_mg


def quantify(line: Line, lines: Sequence[Line]) -> tuple[int, Reason]:
    """The act's gross in mg, or 0 and why it has none."""
    assert line.pack is not None
    values = {wanted.name: counted_as(line, wanted.name) for wanted in line.pack.inputs}
    values["evidence_grade"] = line.fact.grade
    for look_back in line.pack.look_backs:
        value = look_back_value(line, look_back, lines)
        if value is None:
            return 0, Reason.LOOK_BACK_GAP
        values[look_back.name] = value
    columns = {name: np.array([value], np.int64) for name, value in values.items()}
    gross_mg, zero_divisor = line.pack.quantify(columns)
    if zero_divisor[0]:
        return 0, Reason.ZERO_DIVISOR
    return int(gross_mg[0]), Reason.NONE


def counted_as(line: Line, name: str) -> int:
    """What an input counts as: what was reported, or the default that an optional one states."""
    assert line.pack is not None
    value = named_inputs(line.fact, line.pack)[name]
    if value is not None:
        return value
    return next(wanted.default for wanted in line.pack.inputs if wanted.name == name)


def look_back_value(line: Line, look_back: LookBack, lines: Sequence[Line]) -> int | None:
    """The window input over local days d-n … d-1; None where the gap rule rejects."""
    days = range(line.day - look_back.days, line.day)
    values = [value_of_day(line, look_back.input, day, lines) for day in days]
    if look_back.gaps == "reject" and None in values:
        return None
    if look_back.gaps == "zero":
        values = [value or 0 for value in values]
    listed = [value for value in values if value is not None]
    if not listed:
        return None
    if look_back.reduce == "sum":
        return sum(listed)
    if look_back.reduce == "last":
        return listed[-1]
    return sum(listed) * (look_back.scale // len(listed))


def value_of_day(line: Line, name: str, day: int, lines: Sequence[Line]) -> int | None:
    """The day's sum over acts that are eligible and won their conflicts; None without one."""
    values = [
        counted_as(other, name)
        for other in lines
        if other.is_winner
        and other.day == day
        and other.fact.account == line.fact.account
        and other.pack_id == line.pack_id
        and other.fact.item == line.fact.item
    ]
    return sum(values) if values else None
