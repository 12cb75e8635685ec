"""A formula in exact rationals: slow, obvious, and the judge of the fast forms.

It walks the formula as it was written, with Python fractions, and knows nothing of terms, ranges or
ratios. Explanations are made of its values, so that a number shown to a citizen and the number in
the book come from two independent computations that must agree.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

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
    ColumnSymbol,
    ConstantSymbol,
    Symbol,
    TableSymbol,
)
from tanzhang.engine.units import PLAIN, Dimensions, multiply

RELATIONS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


@dataclass(frozen=True, slots=True)
class Value:
    """An exact value in canonical units of its dimensions."""

    amount: Fraction
    dimensions: Dimensions = PLAIN


@dataclass(frozen=True, slots=True)
class ExactFormula:
    """The steps and symbols of a formula, evaluated for one act's column values."""

    steps: Mapping[str, Expression]
    symbols: Mapping[str, Symbol]

    def evaluate(self, columns: Mapping[str, int]) -> dict[str, Value]:
        """The value of each step in order. Raises ZeroDivisionError where an input divides as 0."""
        act = Act(self.symbols, columns)
        for name, expression in self.steps.items():
            act.steps[name] = act.value(expression)
        return act.steps

    def milligrams(self, columns: Mapping[str, int]) -> int | None:
        """The rounded result, or None where the formula divides by zero."""
        try:
            values = self.evaluate(columns)
        except ZeroDivisionError:
            return None
        *_, last = values.values()
        return max(0, round(last.amount * 1000))  # round() of a Fraction is half to even


@dataclass(frozen=True, slots=True)
class Act:
    """One act's numbers: what each name of the formula is worth."""

    symbols: Mapping[str, Symbol]
    columns: Mapping[str, int]
    steps: dict[str, Value] = field(default_factory=dict)

    def value(self, expression: Expression) -> Value:
        """The exact value of an expression."""
        match expression:
            case Number(number):
                return Value(number)
            case Name(name):
                return self.steps[name] if name in self.steps else self.symbol_value(name)
            case Lookup(table, key):
                return self.row(table, key)
            case Negative(operand):
                value = self.value(operand)
                return Value(-value.amount, value.dimensions)
            case Binary(sign, left, right):
                return _binary(sign, self.value(left), self.value(right))
            case Extreme(function, operands):
                values = [self.value(operand) for operand in operands]
                choose = min if function == "min" else max
                return _like(values, choose(value.amount for value in values))
            case Choice(_, _, _, then, otherwise):
                chosen = then if self.holds(expression) else otherwise
                sides = [self.value(chosen), self.value(otherwise if chosen is then else then)]
                return _like(sides, sides[0].amount)

    def holds(self, choice: Choice) -> bool:
        """Whether the condition of a choice is true for this act."""
        left, right = self.value(choice.left), self.value(choice.right)
        return bool(RELATIONS[choice.relation](left.amount, right.amount))

    def symbol_value(self, name: str) -> Value:
        """What a factor, an input or a window input is worth."""
        match self.symbols[name]:
            case ConstantSymbol(value, dimensions):
                return Value(value, dimensions)
            case ColumnSymbol(_, _, dimensions, denominator):
                return Value(Fraction(self.columns[name], denominator), dimensions)
        raise TypeError(f"{name} is no number")

    def row(self, table: str, key: str) -> Value:
        """The row of a table that this act chooses."""
        symbol = self.symbols[table]
        if not isinstance(symbol, TableSymbol):
            raise TypeError(f"{table} is no table")
        return Value(symbol.values[self.place(symbol, key)], symbol.dimensions)

    def place(self, table: TableSymbol, key: str) -> int:
        """Which row that is: the last whose start the column reaches, else the first."""
        reached = sum(start <= self.columns[key] for start in table.starts)
        return max(0, reached - 1)


def _binary(sign: str, left: Value, right: Value) -> Value:
    match sign:
        case "*":
            return Value(left.amount * right.amount, multiply(left.dimensions, right.dimensions))
        case "/":
            dimensions = multiply(left.dimensions, right.dimensions, -1)
            return Value(Fraction(left.amount, right.amount), dimensions)
        case "+":
            return _like([left, right], left.amount + right.amount)
    return _like([left, right], left.amount - right.amount)


def _like(values: list[Value], amount: Fraction) -> Value:
    """A value of the operands' common unit; a literal zero has none of its own."""
    return Value(amount, next((v.dimensions for v in values if v.dimensions), PLAIN))
