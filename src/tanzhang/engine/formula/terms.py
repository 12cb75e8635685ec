"""Integer terms: what a formula computes with, each with the exact range it can take.

All arithmetic of a formula is on whole numbers. A term knows the least and the greatest value that
it can have (interval arithmetic over the bounds of the inputs), so that the width of the machine
integers is proved and not hoped for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Whole:
    """A constant."""

    value: int

    @property
    def low(self) -> int:
        return self.value

    @property
    def high(self) -> int:
        return self.value


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the acts, by name."""

    name: str
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Pick:
    """``values[i]`` for the greatest i with ``starts[i]`` ≤ column; below ``starts[0]`` the first.

    A categorical column holds 0, 1, 2, …, so that ``starts`` are those; evidence grades may skip.
    """

    column: str
    starts: tuple[int, ...]
    values: tuple[int, ...]
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Sum:
    left: Term
    right: Term
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Product:
    left: Term
    right: Term
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Selection:
    """``then`` where ``left relation right`` holds, else ``otherwise``; also min and max."""

    left: Term
    relation: str
    right: Term
    then: Term
    otherwise: Term
    low: int
    high: int


Term = Whole | Column | Pick | Sum | Product | Selection


def pick(column: str, starts: tuple[int, ...], values: tuple[int, ...]) -> Term:
    """A table look-up."""
    return Pick(column, starts, values, min(values), max(values))


def add(left: Term, right: Term) -> Term:
    """left + right; constants fold, and zero disappears."""
    if isinstance(left, Whole) and isinstance(right, Whole):
        return Whole(left.value + right.value)
    if left == Whole(0):
        return right
    if right == Whole(0):
        return left
    return Sum(left, right, left.low + right.low, left.high + right.high)


def times(left: Term, right: Term) -> Term:
    """left · right; constants fold, and one disappears."""
    if isinstance(left, Whole) and isinstance(right, Whole):
        return Whole(left.value * right.value)
    if isinstance(left, Whole):
        left, right = right, left
    if right == Whole(1):
        return left
    if right == Whole(0):
        return Whole(0)
    corners = [x * y for x in (left.low, left.high) for y in (right.low, right.high)]
    return Product(left, right, min(corners), max(corners))


def extreme(function: str, left: Term, right: Term) -> Term:
    """min or max of two terms, with the range that these allow."""
    choose = min if function == "min" else max
    low, high = choose(left.low, right.low), choose(left.high, right.high)
    if isinstance(left, Whole) and isinstance(right, Whole):
        return Whole(choose(left.value, right.value))
    relation = "<" if function == "min" else ">"
    return Selection(left, relation, right, left, right, low, high)


def select(left: Term, relation: str, right: Term, then: Term, otherwise: Term) -> Term:
    """A choice between two terms."""
    low, high = min(then.low, otherwise.low), max(then.high, otherwise.high)
    return Selection(left, relation, right, then, otherwise, low, high)


def parts(term: Term) -> Iterator[Term]:
    """The term and everything it is made of."""
    yield term
    match term:
        case Sum(left, right) | Product(left, right):
            yield from parts(left)
            yield from parts(right)
        case Selection(left, _, right, then, otherwise):
            for part in (left, right, then, otherwise):
                yield from parts(part)


def columns_of(term: Term) -> set[str]:
    """The columns that the term reads."""
    names: set[str] = set()
    for part in parts(term):
        if isinstance(part, Column):
            names.add(part.name)
        elif isinstance(part, Pick):
            names.add(part.column)
    return names
