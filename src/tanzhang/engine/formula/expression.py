"""The text of a formula becomes a tree of a few node types, and nothing else can be written.

The grammar is Python's, restricted to numbers, names, ``+ - * /``, ``min`` and ``max``, look-ups in
a factor table (``per_km[mode]``) and one choice (``a if x < y else b``). Nothing is ever evaluated
by Python itself: the syntax tree is read node by node against this list.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from fractions import Fraction

from tanzhang.engine.units import parse_decimal
from tanzhang.problems import Problem

MAX_LENGTH = 500
MAX_DEPTH = 40

#: Decimal digits only: a number may not run into a letter, so ``1e400`` and ``0x10`` do not pass.
_CHARACTERS = re.compile(r"[A-Za-z0-9_ .,+\-*/()\[\]<>=\n]*")
_NUMBER = re.compile(r"(?<![A-Za-z0-9_.])[0-9.][A-Za-z0-9_.]*")

_OPERATORS: dict[type[ast.AST], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_RELATIONS: dict[type[ast.AST], str] = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}


@dataclass(frozen=True, slots=True)
class Number:
    """A plain number, exact."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Name:
    """An input, a window input, a factor or an earlier step."""

    name: str


@dataclass(frozen=True, slots=True)
class Lookup:
    """The row of factor table ``table`` that input ``key`` names."""

    table: str
    key: str


@dataclass(frozen=True, slots=True)
class Negative:
    """Minus ``operand``."""

    operand: Expression


@dataclass(frozen=True, slots=True)
class Binary:
    """``left`` and ``right`` joined by ``+``, ``-``, ``*`` or ``/``."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Extreme:
    """The least (``min``) or the greatest (``max``) of two or more operands."""

    function: str
    operands: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """``then`` where ``left relation right`` holds, else ``otherwise``."""

    left: Expression
    relation: str
    right: Expression
    then: Expression
    otherwise: Expression


Expression = Number | Name | Lookup | Negative | Binary | Extreme | Choice


def parse(text: str) -> Expression:
    """The tree of a formula. Raises Problem ``packs.formula_*`` that shows the offending part."""
    if len(text) > MAX_LENGTH:
        raise Problem("packs.formula_too_long", length=len(text), most=MAX_LENGTH)
    if not _CHARACTERS.fullmatch(text):
        bad = next(letter for letter in text if not _CHARACTERS.fullmatch(letter))
        raise Problem("packs.formula_not_allowed", part=bad)
    for number in _NUMBER.findall(text):  # before Python reads them: 1e-999999999 would hang
        parse_decimal(number)
    try:
        body = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, MemoryError, RecursionError):
        raise Problem("packs.formula_syntax", formula=text) from None
    return _read(body, text.strip(), 0)


def _read(node: ast.expr, text: str, depth: int) -> Expression:
    if depth > MAX_DEPTH:
        raise Problem("packs.formula_too_deep", most=MAX_DEPTH)

    def read(child: ast.expr) -> Expression:
        return _read(child, text, depth + 1)

    match node:
        case ast.Constant():
            return Number(parse_decimal(ast.get_source_segment(text, node) or ""))
        case ast.Name(id=name):
            return Name(name)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return Negative(read(operand))
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _OPERATORS:
            return Binary(_OPERATORS[type(operator)], read(left), read(right))
        case ast.Subscript(value=ast.Name(id=table), slice=ast.Name(id=key)):
            return Lookup(table, key)
        case ast.Call(func=ast.Name(id="min" | "max" as function), args=operands, keywords=[]) if (
            len(operands) >= 2
        ):
            return Extreme(function, tuple(read(operand) for operand in operands))
        case ast.IfExp(
            test=ast.Compare(left=left, ops=[relation], comparators=[right]),
            body=then,
            orelse=otherwise,
        ) if type(relation) in _RELATIONS:
            return Choice(
                read(left), _RELATIONS[type(relation)], read(right), read(then), read(otherwise)
            )
    raise Problem("packs.formula_not_allowed", part=ast.get_source_segment(text, node) or "?")


def names_in(expression: Expression) -> list[str]:
    """Every name that the expression reads, tables and look-up keys included, in reading order."""
    match expression:
        case Number():
            return []
        case Name(name):
            return [name]
        case Lookup(table, key):
            return [table, key]
        case Negative(operand):
            return names_in(operand)
        case Binary(_, left, right):
            return [*names_in(left), *names_in(right)]
        case Extreme(_, operands):
            return [name for operand in operands for name in names_in(operand)]
        case Choice(left, _, right, then, otherwise):
            parts = (left, right, then, otherwise)
            return [name for part in parts for name in names_in(part)]
