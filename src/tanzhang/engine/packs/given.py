"""Turns what a person or an example writes (``distance_m=2.3km``) into column values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from tanzhang.engine.formula import EVIDENCE_GRADE
from tanzhang.engine.packs.compiled import CompiledPack
from tanzhang.engine.packs.compiler import look_back_scale
from tanzhang.engine.packs.definition import InputEntry, Window
from tanzhang.engine.units import parse_decimal, parse_quantity
from tanzhang.problems import Problem

#: How a day without a value is written in a window's list.
GAP = "-"

Given = Mapping[str, str | Sequence[str]]


def columns_of(pack: CompiledPack, given: Given) -> dict[str, int]:
    """The column values of one act. A window is given as its days' values, nearest day first.

    Raises Problem ``packs.input_missing``, ``packs.input_unknown``, ``packs.input_out_of_range``,
    ``packs.input_value_unknown``, ``packs.window_gap`` or one about a malformed number.
    """
    windows = {window.name: window for window in pack.definition.windows}
    columns = {EVIDENCE_GRADE: _grade(pack, given)}
    for name in given:
        if name not in windows and name != EVIDENCE_GRADE:
            pack.input_entry(name)  # raises where there is no such input
    for entry in pack.definition.inputs:
        value = given.get(entry.name)
        if value is None and entry.required:
            raise Problem("packs.input_missing", name=entry.name)
        columns[entry.name] = entry.default if value is None else read_value(entry, value)
    for name, window in windows.items():
        values = given.get(name, ())
        days = values.split(",") if isinstance(values, str) else values
        entry = pack.input_entry(window.input)
        columns[name] = _reduce(window, [_read_day(entry, day) for day in days if day])
    return columns


def _grade(pack: CompiledPack, given: Given) -> int:
    text = given.get(EVIDENCE_GRADE)
    if text is None:
        if EVIDENCE_GRADE in pack.formula.columns:
            raise Problem("packs.input_missing", name=EVIDENCE_GRADE)
        return 0
    grade = parse_decimal(text if isinstance(text, str) else ",".join(text))
    if grade.denominator != 1:
        raise Problem("packs.number_not_whole", text=str(text), unit=EVIDENCE_GRADE)
    return grade.numerator


def read_value(entry: InputEntry, text: str | Sequence[str]) -> int:
    """One input's value: a number in the input's unit or another unit of its kind, or a word."""
    if not isinstance(text, str):
        raise Problem("packs.value_not_text")
    if entry.unit is None:
        if text not in entry.values:
            known = ", ".join(entry.values)
            raise Problem("packs.input_value_unknown", name=entry.name, value=text, known=known)
        return entry.values.index(text)
    value = parse_quantity(text, entry.unit.dimensions, entry.unit.text)
    if not entry.minimum <= value <= entry.maximum:
        raise Problem(
            "packs.input_out_of_range",
            name=entry.name,
            value=value,
            minimum=entry.minimum,
            maximum=entry.maximum,
            unit=entry.unit.text,
        )
    return value


def _read_day(entry: InputEntry, text: str) -> int | None:
    return None if text.strip() == GAP else read_value(entry, text.strip())


def _reduce(window: Window, days: list[int | None]) -> int:
    """The window's column value by its gap rule (design §10.12); missing days are gaps."""
    days = (days + [None] * window.days)[: window.days]
    found = [value for value in days if value is not None]
    if window.gaps == "zero":
        found = [value or 0 for value in days]
    if not found or (window.gaps == "reject" and len(found) < window.days):
        raise Problem("packs.window_gap", name=window.name, days=window.days)
    if window.take == "last":
        return found[0]
    if window.take == "sum":
        return sum(found)
    mean = Fraction(sum(found) * look_back_scale(window), len(found))
    return mean.numerator
