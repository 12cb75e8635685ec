"""The checks of a pack over many acts at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tanzhang.engine.authenticity.rules import Authenticity, Check, Consequence, Span
from tanzhang.engine.rules import Flags, Ints


@dataclass(frozen=True, slots=True)
class Measured:
    """One column of whole numbers, and where an act has one."""

    values: Ints
    given: Flags


@dataclass(frozen=True, slots=True)
class Judged:
    """What the checks say of each act, row by row.

    ``decider`` is the place of the check that weighs most (-1: none found anything) and ``value``
    what it measured. ``findings`` has a bit for each check by its place.
    """

    consequence: Ints
    score: Ints
    findings: Ints
    decider: Ints
    value: Ints
    tier: Ints  #: place of the tier, -1 where an act fits none
    grade: Ints  #: the highest grade that its evidence earns


def judge(rules: Authenticity, columns: Mapping[str, Measured], count: int) -> Judged:
    """Judge ``count`` acts of one pack; ``columns`` holds what is known of them by measure."""
    consequence = np.zeros(count, np.int64)
    score, findings = np.zeros(count, np.int64), np.zeros(count, np.int64)
    decider, value = np.full(count, -1, np.int64), np.zeros(count, np.int64)
    heaviest = np.full(count, -1, np.int64)
    for place, check in enumerate(rules.checks):
        found, measured = _outside(check, columns, count)
        if not found.any():
            continue
        score += np.where(found, check.weight, 0)
        findings |= np.where(found, np.int64(1) << place, 0)
        consequence = np.maximum(consequence, np.where(found, int(check.then), 0))
        rank = int(check.then) * 1_000_000 + check.weight
        leads = found & (rank > heaviest)
        heaviest = np.where(leads, rank, heaviest)
        decider = np.where(leads, place, decider)
        value = np.where(leads, measured.values, value)
    consequence = np.maximum(consequence, np.where(score >= rules.hold_at, Consequence.HOLD, 0))
    consequence = np.maximum(consequence, np.where(score >= rules.lower_at, Consequence.LOWER, 0))
    tier, grade = _tiers(rules, columns, count)
    grade = np.where(consequence >= Consequence.LOWER, 0, grade)
    return Judged(consequence, score, findings, decider, value, tier, grade)


def holds(spans: Sequence[Span], columns: Mapping[str, Measured], count: int) -> Flags:
    """Where all of some conditions are met; what is unknown meets none."""
    met = np.ones(count, np.bool_)
    for span in spans:
        measured = measure(span, columns, count)
        met &= measured.given & _within(span, measured.values)
    return met


def measure(span: Span, columns: Mapping[str, Measured], count: int) -> Measured:
    """What a span measures of each act."""
    own = columns.get(span.measure)
    if own is None:
        return Measured(np.zeros(count, np.int64), np.zeros(count, np.bool_))
    if not span.per:
        return own
    per = columns.get(span.per)
    if per is None:
        return Measured(np.zeros(count, np.int64), np.zeros(count, np.bool_))
    given = own.given & per.given & (per.values > 0)
    return Measured(own.values * span.times // np.where(given, per.values, 1), given)


def _outside(check: Check, columns: Mapping[str, Measured], count: int) -> tuple[Flags, Measured]:
    """Where a check finds something."""
    measured = measure(check.span, columns, count)
    wrong = (
        ~measured.given
        if check.span.given
        else measured.given & ~_within(check.span, measured.values)
    )
    if check.when and wrong.any():
        wrong = wrong & holds(check.when, columns, count)
    return wrong, measured


def _within(span: Span, values: Ints) -> Flags:
    inside = np.ones(len(values), np.bool_)
    if span.at_least is not None:
        inside &= values >= span.at_least
    if span.at_most is not None:
        inside &= values <= span.at_most
    if span.among is not None:
        inside &= np.isin(values, np.array(span.among, np.int64))
    return inside


def _tiers(rules: Authenticity, columns: Mapping[str, Measured], count: int) -> tuple[Ints, Ints]:
    """The first tier that fits, and its grade; without tiers every grade is earned."""
    tier = np.full(count, -1, np.int64)
    if not rules.tiers:
        return tier, np.full(count, 2**15 - 1, np.int64)
    grade = np.zeros(count, np.int64)
    for place, one in enumerate(rules.tiers):
        fits = (tier < 0) & holds(one.when, columns, count)
        tier = np.where(fits, place, tier)
        grade = np.where(fits, one.grade, grade)
    return tier, grade
