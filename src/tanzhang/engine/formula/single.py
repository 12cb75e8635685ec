"""A formula for one act: a plain Python function of whole numbers, under a microsecond.

The function's text is written from the typed form, never from what a pack's author typed: columns
are called v0, v1, … and everything else in it is a number or an operator of this module.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

from tanzhang.engine.formula.terms import Column, Pick, Product, Selection, Sum, Term, Whole
from tanzhang.engine.formula.typing import Ratio

#: ``one(v0, v1, …)``: milligrams, or None where the formula divides by zero.
One = Callable[..., int | None]


def single_act(ratio: Ratio, columns: Sequence[str]) -> One:
    """The function of the columns' values, in the order of ``columns``."""
    names = {column: f"v{place}" for place, column in enumerate(columns)}
    lines = [f"def one({', '.join(names.values())}):"]
    divisor = str(ratio.divisor)
    if ratio.under is not None:
        lines += [f"    d = {_text(ratio.under, names)} * {divisor}", "    if not d: return None"]
        divisor = "d"
    lines += [f"    n = {_text(ratio.over, names)} * {ratio.multiplier}"]
    if ratio.over.low < 0:
        lines += ["    if n <= 0: return 0"]
    if divisor == "1":
        lines += ["    return n"]
    else:  # half to even: 2r + (q odd) > d exactly where q + 1 is the nearer or the even one
        lines += [
            f"    q, r = n // {divisor}, n % {divisor}",
            f"    return q + 1 if r + r + (q & 1) > {divisor} else q",
        ]
    space: dict[str, object] = {"__builtins__": {}}
    exec("\n".join(lines), space)  # noqa: S102 - from a typed form, never from a text
    return cast(One, space["one"])


def _text(term: Term, names: dict[str, str]) -> str:
    match term:
        case Whole(value):
            return f"({value})"
        case Column(name):
            return names[name]
        case Pick(column, starts, values):
            rows = str(values[0])
            for start, value in zip(starts[1:], values[1:], strict=True):
                rows = f"({value} if {names[column]} >= {start} else {rows})"
            return f"({rows})"
        case Sum(left, right):
            return f"({_text(left, names)} + {_text(right, names)})"
        case Product(left, right):
            return f"({_text(left, names)} * {_text(right, names)})"
        case Selection(left, relation, right, then, otherwise):
            test = f"{_text(left, names)} {relation} {_text(right, names)}"
            return f"({_text(then, names)} if {test} else {_text(otherwise, names)})"
