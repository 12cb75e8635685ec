"""Formulas for the tests: the symbols of an imaginary pack, and a grammar of random formulas."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction

from hypothesis import strategies as st

from tanzhang.engine.formula import (
    EVIDENCE_GRADE,
    CategorySymbol,
    ColumnSymbol,
    ConstantSymbol,
    Formula,
    Symbol,
    TableSymbol,
    compile_formula,
    parse,
)
from tanzhang.engine.units import MASS, PLAIN, Dimensions

DISTANCE: Dimensions = (("m", 1),)
PER_METRE: Dimensions = (("g", 1), ("m", -1))

MODES = ("metro", "bus", "walk")

SYMBOLS: Mapping[str, Symbol] = {
    EVIDENCE_GRADE: CategorySymbol(()),
    "mode": CategorySymbol(MODES),
    "x": ColumnSymbol(0, 1_000_000, DISTANCE),
    "y": ColumnSymbol(-1000, 1000, DISTANCE),
    "week": ColumnSymbol(0, 7_000_000, DISTANCE, 7),
    "people": ColumnSymbol(0, 20, PLAIN),
    "per_km": ConstantSymbol(Fraction("0.0487"), PER_METRE),
    "tie": ConstantSymbol(Fraction("0.0005"), PER_METRE),
    "third": ConstantSymbol(Fraction(1, 3), ()),
    "loss": ConstantSymbol(Fraction("-1.07"), ()),
    "net": TableSymbol(
        "mode", (0, 1, 2), (Fraction("0.0467"), Fraction("0.0269"), Fraction("-0.01")), PER_METRE
    ),
    "share": TableSymbol(
        EVIDENCE_GRADE, (0, 2, 5), (Fraction("0.5"), Fraction("0.75"), Fraction(1)), ()
    ),
}

_NUMBER = re.compile(r"(?<![a-z_0-9.])[0-9]+(\.[0-9]+)?")


def compiled(text: str) -> Formula:
    """A formula of one line over the sample symbols."""
    return compile_formula({"reduction": parse(text)}, SYMBOLS)


def by_python(text: str, columns: Mapping[str, int]) -> int | None:
    """The same formula computed by Python itself over fractions: the oracle of these tests."""
    names: dict[str, object] = {"min": min, "max": max}
    for name, symbol in SYMBOLS.items():
        match symbol:
            case ColumnSymbol(_, _, _, denominator):
                names[name] = Fraction(columns[name], denominator)
            case ConstantSymbol(value, _):
                names[name] = value
            case CategorySymbol():
                names[name] = columns[name]
            case TableSymbol(_, starts, values, _):
                names[name] = _Rows(starts, values)
    exact = _NUMBER.sub(lambda match: f'F("{match[0]}")', text)
    try:
        grams = eval(exact, {"F": Fraction, "__builtins__": {}}, names)
    except ZeroDivisionError:
        return None
    return max(0, round(Fraction(grams) * 1000))


class _Rows:
    def __init__(self, starts: tuple[int, ...], values: tuple[Fraction, ...]) -> None:
        self.rows = list(zip(starts, values, strict=True))

    def __getitem__(self, key: int) -> Fraction:
        return [value for start, value in self.rows if key >= start or start == 0][-1]


@st.composite
def acts(draw: st.DrawFn) -> dict[str, int]:
    """Column values of one act, edges included."""
    return {
        "x": draw(st.integers(0, 1_000_000) | st.sampled_from((0, 1, 3, 999_999, 1_000_000))),
        "y": draw(st.integers(-1000, 1000)),
        "week": draw(st.integers(0, 7_000_000)),
        "people": draw(st.integers(0, 20)),
        "mode": draw(st.integers(0, 2)),
        EVIDENCE_GRADE: draw(st.integers(-3, 9)),
    }


_DECIMALS = st.integers(0, 5000).map(
    lambda number: str(Fraction(number)) + ".25"
) | st.sampled_from(("0", "1", "2", "0.5", "1000"))


def formulas() -> st.SearchStrategy[str]:
    """Random formulas in grams: well-dimensioned text of every construct of the grammar."""
    plain = st.deferred(lambda: _plain(metres))
    metres = st.deferred(lambda: _metres(plain))
    grams = st.deferred(lambda: _grams(metres, plain))
    over_people = grams.map(lambda text: f"({text}) / people")
    over_distance = st.tuples(grams, metres).map(
        lambda pair: f"({pair[0]}) * x / max(0, {pair[1]})"
    )
    return st.one_of(grams, over_people, over_distance)


def _plain(metres: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    leaf = st.one_of(_DECIMALS, st.sampled_from(("third", "loss", "share[evidence_grade]")))
    return st.one_of(
        leaf,
        st.tuples(leaf, st.sampled_from("+-*"), leaf).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
        leaf.map(lambda text: f"{text} / (1 - loss)"),
        leaf.map(lambda text: f"{text} / share[evidence_grade]"),
    )


def _metres(plain: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    leaf = st.sampled_from(("x", "y", "week"))
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.tuples(inner, st.sampled_from("+-"), inner).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
            inner.map(lambda text: f"-({text})"),
            st.tuples(plain, inner).map(lambda p: f"({p[0]}) * ({p[1]})"),
            st.tuples(st.sampled_from(("min", "max")), inner, inner).map(
                lambda p: f"{p[0]}({p[1]}, {p[2]})"
            ),
            inner.map(lambda text: f"max(0, {text})"),
            st.tuples(inner, st.sampled_from(("<", "<=", ">", ">=")), inner, inner).map(
                lambda p: f"({p[3]} if {p[0]} {p[1]} {p[2]} else {p[0]})"
            ),
        ),
        max_leaves=5,
    )


def _grams(metres: st.SearchStrategy[str], plain: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    factor = st.sampled_from(("per_km", "net[mode]", "tie"))
    leaf = st.tuples(metres, factor).map(lambda pair: f"({pair[0]}) * {pair[1]}")
    return st.one_of(
        leaf,
        st.tuples(leaf, st.sampled_from("+-"), leaf).map(lambda p: f"{p[0]} {p[1]} {p[2]}"),
        st.tuples(plain, leaf).map(lambda p: f"{p[0]} * ({p[1]})"),
        st.tuples(leaf, leaf).map(lambda p: f"max(0, {p[0]} - {p[1]})"),
    )


__all__ = ["DISTANCE", "MASS", "SYMBOLS", "acts", "by_python", "compiled", "formulas"]
