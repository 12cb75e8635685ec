"""Formulas in words and in numbers, in Chinese and in English.

The same tree is written twice: with the titles of its names (``distance × reduction per km``) and
with one act's numbers (``2.3 km × 48.70 g/km``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tanzhang.engine.formula.exact import Act
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
from tanzhang.engine.formula.symbols import ConstantSymbol, TableSymbol
from tanzhang.engine.units import Unit, show_number, show_value

_SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}
_RELATIONS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥"}
_OPPOSITE = {"<": "≥", "<=": ">", ">": "≤", ">=": "<"}
_EXTREMES = {"zh": {"min": "最小值", "max": "最大值"}, "en": {"min": "min", "max": "max"}}
_CHOICE, _SUM, _PRODUCT, _ATOM = range(4)


@dataclass(frozen=True, slots=True)
class WrittenFactor:
    """A factor as its author wrote it: one number for each row, and the unit."""

    numbers: tuple[str, ...]
    unit: Unit

    def write(self, row: int, lang: str) -> str:
        """``48.70 g/km``."""
        number = self.numbers[row]
        return number if self.unit.text == "1" else f"{number} {self.unit.write(lang)}"


@dataclass(frozen=True, slots=True)
class Words:
    """The titles of a formula's names by language, and its factors as written."""

    titles: Mapping[str, Mapping[str, str]]
    factors: Mapping[str, WrittenFactor]

    def title(self, name: str, lang: str) -> str:
        """What people call the name."""
        return self.titles[name][lang] if name in self.titles else name


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes expressions in one language, for one act."""

    words: Words
    act: Act
    lang: str

    def in_words(self, expression: Expression) -> str:
        """The expression with the titles of its names."""
        return self._write(expression, _CHOICE, numbers=False)

    def in_numbers(self, expression: Expression) -> str:
        """The expression with this act's numbers; of a choice, the branch that it takes."""
        return self._write(expression, _CHOICE, numbers=True)

    def _write(self, expression: Expression, around: int, *, numbers: bool) -> str:
        match expression:
            case Number(value):
                return show_number(value)
            case Name(name):
                return self._name(name, numbers=numbers)
            case Lookup(table, key):
                return self._row(table, key, numbers=numbers)
            case Negative(operand):
                return f"−{self._write(operand, _ATOM, numbers=numbers)}"
            case Binary(sign, left, right):
                rank = _SUM if sign in "+-" else _PRODUCT
                first = self._write(left, rank, numbers=numbers)
                second = self._write(right, rank + (sign in "-/"), numbers=numbers)
                return _bracket(f"{first} {_SIGNS[sign]} {second}", rank, around)
            case Extreme(function, operands):
                inner = ", ".join(self._write(o, _CHOICE, numbers=numbers) for o in operands)
                return f"{_EXTREMES[self.lang][function]}({inner})"
            case Choice():
                written = self._taken(expression) if numbers else self._choice(expression)
                return _bracket(written, _CHOICE, around)

    def _name(self, name: str, *, numbers: bool) -> str:
        if not numbers:
            return self.words.title(name, self.lang)
        if isinstance(self.act.symbols.get(name), ConstantSymbol):
            return self.words.factors[name].write(0, self.lang)
        value = self.act.steps.get(name) or self.act.symbol_value(name)
        return show_value(value.amount, value.dimensions, self.lang)

    def _row(self, table: str, key: str, *, numbers: bool) -> str:
        symbol = self.act.symbols[table]
        if not numbers or not isinstance(symbol, TableSymbol):
            return f"{self.words.title(table, self.lang)}[{self.words.title(key, self.lang)}]"
        return self.words.factors[table].write(self.act.place(symbol, key), self.lang)

    def _choice(self, choice: Choice) -> str:
        test, then, otherwise = (
            self._test(choice, _RELATIONS[choice.relation], numbers=False),
            self.in_words(choice.then),
            self.in_words(choice.otherwise),
        )
        if self.lang == "zh":
            return f"若 {test}，取 {then}；否则取 {otherwise}"
        return f"if {test}: {then}; otherwise: {otherwise}"

    def _taken(self, choice: Choice) -> str:
        holds = self.act.holds(choice)
        relation = (_RELATIONS if holds else _OPPOSITE)[choice.relation]
        test = self._test(choice, relation, numbers=True)
        taken = self.in_numbers(choice.then if holds else choice.otherwise)
        return f"因 {test}，取 {taken}" if self.lang == "zh" else f"since {test}: {taken}"

    def _test(self, choice: Choice, relation: str, *, numbers: bool) -> str:
        left = self._write(choice.left, _SUM, numbers=numbers)
        right = self._write(choice.right, _SUM, numbers=numbers)
        return f"{left} {relation} {right}"


def _bracket(text: str, rank: int, around: int) -> str:
    return f"({text})" if rank < around else text
