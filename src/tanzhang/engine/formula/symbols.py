"""What a name in a formula can stand for, and what a typed value is."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from tanzhang.engine.formula.terms import Term
from tanzhang.engine.units import Dimensions

#: The column of every act's evidence grade; a formula may only use it to look a share up.
EVIDENCE_GRADE = "evidence_grade"


@dataclass(frozen=True, slots=True)
class ColumnSymbol:
    """A column of whole numbers; its value is column / ``denominator`` canonical units."""

    low: int
    high: int
    dimensions: Dimensions
    denominator: int = 1


@dataclass(frozen=True, slots=True)
class CategorySymbol:
    """A categorical input or the evidence grade: it may only choose a row of a table."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConstantSymbol:
    """A factor: an exact value in canonical units."""

    value: Fraction
    dimensions: Dimensions


@dataclass(frozen=True, slots=True)
class TableSymbol:
    """A factor for each value of ``by``; ``starts`` are the column values at which rows begin."""

    by: str
    starts: tuple[int, ...]
    values: tuple[Fraction, ...]
    dimensions: Dimensions


Symbol = ColumnSymbol | CategorySymbol | ConstantSymbol | TableSymbol


@dataclass(frozen=True, slots=True)
class Quantity:
    """A typed value: ``term`` · ``ratio`` canonical units of ``dimensions``.

    ``ratio`` is an exact rational above zero, so that multiplying by a factor costs nothing at run
    time. ``dimensions`` is None for a literal zero, which agrees with every unit.
    """

    term: Term
    ratio: Fraction
    dimensions: Dimensions | None
