"""Formula text with units and ranges: the typed form from which everything else is made.

Every sub-expression becomes an integer term times one exact rational. Factors fold into the
rational; sums bring both sides to the greatest common ratio, so that terms stay whole. Division by
factors folds too; division by an input is allowed once, at the root, because only there the single
rounding takes care of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

from tanzhang.engine.formula import terms
from tanzhang.engine.formula.expression import (
    Binary,
    Choice,
    Expression,
    Extreme,
    Lookup,
    Name,
    Negative,
    Number,
)
from tanzhang.engine.formula.symbols import (
    CategorySymbol,
    ColumnSymbol,
    ConstantSymbol,
    Quantity,
    Symbol,
    TableSymbol,
)
from tanzhang.engine.formula.terms import Term, Whole
from tanzhang.engine.units import MASS, PLAIN, Dimensions, multiply, write_dimensions
from tanzhang.problems import Problem

#: A formula's terms, with its steps written out; more than this is not one methodology.
MAX_TERMS = 400

_MG_PER_G = 1000


@dataclass(frozen=True, slots=True)
class Ratio:
    """The whole formula: milligrams = ``over`` · ``multiplier`` / (``divisor`` · ``under``).

    ``multiplier`` and ``divisor`` are coprime whole numbers above zero; ``under`` is a term that
    cannot be negative, or None where nothing is divided by an input.
    """

    over: Term
    multiplier: int
    divisor: int
    under: Term | None


def type_formula(steps: Mapping[str, Expression], symbols: Mapping[str, Symbol]) -> Ratio:
    """The typed form of a formula whose last step is the reduction in grams.

    Raises Problem ``packs.unit_mismatch``, ``packs.division_*``, ``packs.formula_*``,
    ``packs.name_unknown``.
    """
    known: dict[str, Symbol | Quantity] = dict(symbols)
    *earlier, (last, root) = steps.items()
    for name, expression in earlier:
        known[name] = _small_enough(_Typing(known).read(expression))
    typing = _Typing(known)
    over, under = root, None
    if isinstance(root, Binary) and root.operator == "/":
        divisor = _small_enough(typing.read(root.right))
        if not _foldable(divisor):
            over, under = root.left, _check_divisor(divisor)
    value = _small_enough(typing.read(over))
    dimensions = value.dimensions
    ratio = value.ratio * _MG_PER_G
    if under is not None:
        dimensions = multiply(dimensions or PLAIN, under.dimensions or PLAIN, -1)
        ratio = Fraction(ratio, under.ratio)
    if dimensions is not None and dimensions != MASS:
        raise Problem(
            "packs.unit_mismatch", where=last, left=write_dimensions(dimensions), right="g"
        )
    return Ratio(value.term, ratio.numerator, ratio.denominator, under.term if under else None)


def _small_enough(value: Quantity) -> Quantity:
    for count, _ in enumerate(terms.parts(value.term)):
        if count >= MAX_TERMS:
            raise Problem("packs.formula_too_long", length=f"> {MAX_TERMS}", most=MAX_TERMS)
    return value


def _check_divisor(divisor: Quantity) -> Quantity:
    if divisor.term.high <= 0:
        raise Problem("packs.division_by_zero")
    if divisor.term.low < 0:
        raise Problem("packs.division_negative")
    return divisor


def _foldable(value: Quantity) -> bool:
    return isinstance(value.term, Whole | terms.Pick)


class _Typing:
    """Reads an expression into a quantity, given what the names stand for."""

    def __init__(self, known: Mapping[str, Symbol | Quantity]) -> None:
        self.known = known

    def read(self, expression: Expression) -> Quantity:
        match expression:
            case Number(number):
                return _constant(number, PLAIN if number else None)
            case Name(name):
                return self._name(name)
            case Lookup(table, key):
                return self._look_up(table, key)
            case Negative(operand):
                value = self.read(operand)
                return Quantity(terms.times(value.term, Whole(-1)), value.ratio, value.dimensions)
            case Binary("*", left, right):
                return _product(self.read(left), self.read(right))
            case Binary("/", left, right):
                return _quotient(self.read(left), self.read(right))
            case Binary(operator, left, right):
                first, second = self.read(left), self.read(right)
                one, other, ratio, dimensions = _align(first, second, operator)
                signed = terms.times(other, Whole(-1)) if operator == "-" else other
                return Quantity(terms.add(one, signed), ratio, dimensions)
            case Extreme(function, operands):
                best = self.read(operands[0])
                for operand in operands[1:]:
                    one, other, ratio, dimensions = _align(best, self.read(operand), function)
                    best = Quantity(terms.extreme(function, one, other), ratio, dimensions)
                return best
            case Choice():
                return self._choice(expression)

    def _choice(self, choice: Choice) -> Quantity:
        left, right, _, _ = _align(self.read(choice.left), self.read(choice.right), choice.relation)
        then, otherwise, ratio, dimensions = _align(
            self.read(choice.then), self.read(choice.otherwise), "if … else"
        )
        term = terms.select(left, choice.relation, right, then, otherwise)
        return Quantity(term, ratio, dimensions)

    def _name(self, name: str) -> Quantity:
        match self._symbol(name):
            case Quantity() as step:
                return step
            case ConstantSymbol(value, dimensions):
                return _constant(value, dimensions)
            case ColumnSymbol(low, high, dimensions, denominator):
                column = terms.Column(name, low, high)
                return Quantity(column, Fraction(1, denominator), dimensions)
            case TableSymbol(by):
                raise Problem("packs.formula_table_without_key", table=name, key=by)
            case CategorySymbol():
                raise Problem("packs.formula_category", name=name)

    def _look_up(self, table: str, key: str) -> Quantity:
        symbol = self._symbol(table)
        self._symbol(key)
        if not isinstance(symbol, TableSymbol) or symbol.by != key:
            raise Problem("packs.formula_not_a_table", table=table, key=key)
        return _rows(key, symbol.starts, symbol.values, symbol.dimensions)

    def _symbol(self, name: str) -> Symbol | Quantity:
        if name not in self.known:
            raise Problem("packs.name_unknown", name=name, known=", ".join(self.known))
        return self.known[name]


def _constant(value: Fraction, dimensions: Dimensions | None) -> Quantity:
    if value == 0:
        return Quantity(Whole(0), Fraction(1), dimensions)
    return Quantity(Whole(1 if value > 0 else -1), abs(value), dimensions)


def _rows(
    key: str, starts: tuple[int, ...], values: tuple[Fraction, ...], dimensions: Dimensions | None
) -> Quantity:
    """A table's rows as whole numbers of their greatest common ratio."""
    ratio = _common(*values)
    whole = tuple(int(Fraction(value, ratio)) for value in values)
    return Quantity(terms.pick(key, starts, whole), ratio, dimensions)


def _common(*values: Fraction) -> Fraction:
    """The greatest rational of which all the values are whole multiples (1 if all are zero)."""
    over = gcd(*(value.numerator for value in values))
    return Fraction(over or 1, lcm(*(value.denominator for value in values)))


def _align(
    left: Quantity, right: Quantity, where: str
) -> tuple[Term, Term, Fraction, Dimensions | None]:
    """Both terms over one ratio. Raises ``packs.unit_mismatch`` where the units differ."""
    if left.dimensions is None or right.dimensions is None:
        dimensions = left.dimensions if right.dimensions is None else right.dimensions
    elif left.dimensions != right.dimensions:
        raise Problem(
            "packs.unit_mismatch",
            where=where,
            left=write_dimensions(left.dimensions),
            right=write_dimensions(right.dimensions),
        )
    else:
        dimensions = left.dimensions
    if right.term == Whole(0):  # zero is zero in every ratio
        return left.term, right.term, left.ratio, dimensions
    if left.term == Whole(0):
        return left.term, right.term, right.ratio, dimensions
    ratio = _common(left.ratio, right.ratio)
    one = terms.times(left.term, Whole(int(Fraction(left.ratio, ratio))))
    other = terms.times(right.term, Whole(int(Fraction(right.ratio, ratio))))
    return one, other, ratio, dimensions


def _product(left: Quantity, right: Quantity) -> Quantity:
    dimensions = multiply(left.dimensions or PLAIN, right.dimensions or PLAIN)
    return Quantity(terms.times(left.term, right.term), left.ratio * right.ratio, dimensions)


def _quotient(left: Quantity, right: Quantity) -> Quantity:
    """Division by a factor: one exact rational, or one for each row of a table."""
    dimensions = multiply(left.dimensions or PLAIN, right.dimensions or PLAIN, -1)
    match right.term:
        case Whole(0):
            raise Problem("packs.division_by_zero")
        case Whole(value):
            sign = 1 if value > 0 else -1
            term = terms.times(left.term, Whole(sign))
            return Quantity(term, Fraction(left.ratio, right.ratio * abs(value)), dimensions)
        case terms.Pick(column, starts, values):
            if 0 in values:
                raise Problem("packs.division_by_zero")
            rows = _rows(column, starts, tuple(Fraction(1, value) for value in values), PLAIN)
            term = terms.times(left.term, rows.term)
            return Quantity(term, Fraction(left.ratio * rows.ratio, right.ratio), dimensions)
    raise Problem("packs.division_inside")
