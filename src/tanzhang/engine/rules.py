"""The rules that settlement reads: what a pack, a conflict class, a limit and a programme say.

These are plain values. The pack compiler (``tanzhang.engine.packs``) makes them from files and
settlement (``tanzhang.engine.settle``) reads them; neither knows how the other works. Everything is
an integer: days are days since 1970-01-01, amounts are milligrams CO2e or the programme's smallest
point.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

#: An act carries at most this many inputs: the width of a stored row.
INPUT_SLOTS = 4

#: "No last day": later than any day an act can have.
FOR_EVER = 2**31 - 1

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Period(IntEnum):
    """A local calendar period; the number is the order in which limits cascade."""

    DAY = 0
    WEEK = 1
    MONTH = 2
    YEAR = 3
    LIFETIME = 4


class Scope(IntEnum):
    """Whose acts share a limit's room; the number is the order in which limits cascade."""

    ITEM = 0  #: one pack within one account, over all its versions
    SCENE = 1  #: one scene within one account
    ACCOUNT = 2
    PROGRAMME = 3  #: all accounts of one subject in the programme


class Kind(IntEnum):
    """What a limit counts; the number is the order in which limits cascade."""

    COUNT = 0
    AMOUNT = 1


@dataclass(frozen=True, slots=True)
class ConflictClass:
    """A name of the shared vocabulary that says when two acts are one (design §10.8).

    ``overlap``: two acts of one subject that overlap in time are one act. ``once``: two acts with
    the same item key in the same local period are one act. ``shared``: the thing itself is shared
    between people, so that one subject holds the key (a claim); needs ``once``.
    """

    name: str
    overlap: bool = False
    once: Period | None = None
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Limit:
    """Room for credited grams (``AMOUNT``, in mg) or for acts (``COUNT``) within a period.

    ``whole``: the act that crosses gets nothing and closes the limit for the rest of the period;
    otherwise it gets the remainder. ``per_item_key``: each thing (item key) has room of its own.
    ``owner`` is the pack id (limits of scope item that a pack declares) or the programme id.
    """

    owner: str
    name: str
    kind: Kind
    scope: Scope
    period: Period
    value: int
    whole: bool = False
    per_item_key: bool = False
    from_pack: bool = True


@dataclass(frozen=True, slots=True)
class Input:
    """An activity datum in its canonical integer unit. Categorical inputs hold a value's index."""

    name: str
    unit: str
    minimum: int
    maximum: int
    required: bool = True
    values: tuple[str, ...] = ()
    #: What an optional input counts as when it was not reported.
    default: int = 0


@dataclass(frozen=True, slots=True)
class LookBack:
    """A window input: the daily sums of ``input`` over the ``days`` local days before the act's.

    ``gaps`` says what a day without a counted act means: ``skip`` leaves it out of the list,
    ``zero`` puts a zero, ``reject`` rejects the act (``look_back_gap``). ``reduce`` reads the list:
    ``mean``, ``sum`` or ``last`` (the value of day d-1; needs ``zero``). An empty list rejects.
    A mean is handed to the formula as ``sum * (scale // length)``: an integer in 1/``scale`` units.
    """

    name: str
    input: str
    days: int
    reduce: str
    gaps: str
    scale: int = 1


@dataclass(frozen=True, slots=True)
class Bound:
    """A plausibility bound, inclusive at both ends; a violation rejects the act with ``name``.

    ``kind`` is ``input`` (on ``input``'s integer value), ``duration`` (seconds) or ``speed``
    (metres per hour, from ``input`` in metres over the act's duration).
    """

    name: str
    kind: str
    input: str = ""
    minimum: int | None = None
    maximum: int | None = None


#: ``quantify(columns) -> (mg, zero_divisor)``: one int64 per act, rounded half to even, negatives
#: already 0; ``zero_divisor`` marks acts whose formula divides by zero (their mg is 0). Columns are
#: the declared inputs by name, window inputs by name (see LookBack.scale) and ``evidence_grade``.
#: A missing optional input arrives as its declared default.
Quantify = Callable[[Mapping[str, Ints]], "tuple[Ints, Flags]"]


@dataclass(frozen=True, slots=True)
class PackVersion:
    """One version of a pack, compiled: in force for acts of local days [valid_from, valid_to)."""

    pack: str
    version: str
    valid_from: int
    valid_to: int
    conflict_class: ConflictClass | None
    inputs: tuple[Input, ...]
    quantify: Quantify = field(repr=False, compare=False)
    look_backs: tuple[LookBack, ...] = ()
    bounds: tuple[Bound, ...] = ()
    limits: tuple[Limit, ...] = ()
    #: The pack never yields grams (a quiz, a visit): its acts count and earn points at 0 mg.
    zero_by_design: bool = False


@dataclass(frozen=True, slots=True)
class Points:
    """How a programme turns acts into points (design §10.17).

    ``unit_mg`` > 0 gives one point per ``unit_mg`` of the day's running credited sum, at most
    ``daily_max``. ``per_act`` gives a fixed number to each act of a pack, at most
    ``per_act_daily_max`` a day; a pack in that table earns by the table only. ``on_duplicate`` lets
    a duplicate earn by the table too.
    """

    unit_mg: int = 0
    daily_max: int | None = None
    per_act: Mapping[str, int] = field(default_factory=dict)
    per_act_daily_max: int | None = None
    on_duplicate: bool = False
    #: Lots: days from the act's local day until points can be spent, and the life of a lot
    #: (``None`` never expires; n expires at the end of the n-th calendar year after the act's).
    available_after_days: int = 0
    expires_after_years: int | None = None


@dataclass(frozen=True, slots=True)
class ProgrammeVersion:
    """One version of a programme's rules, for acts of local days [valid_from, valid_to)."""

    version: str
    valid_from: int
    valid_to: int
    #: Scene id -> pack id.
    scenes: Mapping[str, str]
    #: Limits of the programme's own, and limits that replace a pack's (``from_pack`` true and the
    #: pack's id as ``owner``: they keep the pack's kind, scope and period and bring a new value).
    limits: tuple[Limit, ...] = ()
    points: Points = Points()


@dataclass(frozen=True, slots=True)
class Programme:
    """A 碳普惠机制: one time zone, one currency of points, versions without gaps between them."""

    id: str
    time_zone: str
    versions: tuple[ProgrammeVersion, ...]


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All rules in force, in a stated order: an act names a pack and a programme by index here."""

    packs: Mapping[str, tuple[PackVersion, ...]]
    programmes: Mapping[str, Programme]
