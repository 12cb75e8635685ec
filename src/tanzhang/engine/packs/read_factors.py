"""Reads factors: single values, tables by a category or by evidence grade, and yearly tables.

A factor becomes a row of *spells*, each in force for a span of local days. Past its last spell the
conservative rule that the pack states makes one more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from pathlib import Path

from tanzhang.engine.formula import EVIDENCE_GRADE
from tanzhang.engine.packs.definition import (
    CONFIDENCES,
    CONSERVATIVE_RULES,
    FACTOR_KINDS,
    LONG_AGO,
    Factor,
    InputEntry,
    Mark,
    Spell,
    Written,
)
from tanzhang.engine.packs.faults import Faults, Place
from tanzhang.engine.packs.sources import read_source
from tanzhang.engine.packs.tree import Block, Node, Text, day_of, read_tree, write_day
from tanzhang.engine.rules import FOR_EVER
from tanzhang.engine.units import Unit, parse_decimal, parse_unit
from tanzhang.problems import Problem

_EXTREMES = {"lowest": min, "highest": max}


@dataclass(frozen=True, slots=True)
class FactorTable:
    """A shared table of ``packs/factors``: regions or things by rows, years by columns.

    A row may have a mark of its own, where its figures come from elsewhere than its years' do.
    """

    id: str
    title: Text
    unit: Unit
    marks: Mapping[int, Mark]
    rows: Mapping[str, Mapping[int, Written]]
    row_titles: Mapping[str, Text]
    row_marks: Mapping[str, Mark]
    place: Place

    def mark(self, row: str, year: int) -> Mark:
        """Where the figure of a row and a year comes from."""
        return self.row_marks.get(row) or self.marks[year]


def read_mark(block: Block) -> Mark:
    """``kind``, ``source`` and, if stated, ``confidence`` of a figure."""
    kind = block.choice("kind", FACTOR_KINDS)
    return Mark(kind, read_source(block), block.choice("confidence", CONFIDENCES, default=""))


def read_written(node: Node, unit: Unit) -> Written:
    """A number in the factor's unit. Raises Problem ``packs.number_malformed``."""
    digits = node.scalar()
    return Written(parse_decimal(digits) * unit.size, digits)


def read_table(file: Path, faults: Faults) -> FactorTable | None:
    """A shared factor table; None where it is too broken to use."""
    before = len(faults.found)
    with faults.at(Place(file, 1)):
        block = Block(read_tree(file), faults)
        table_id, title = block.text("id"), block.titled("title")
        block.both("note", required=False)
        unit = parse_unit(block.text("unit"))
        marks: dict[int, Mark] = {}
        for year, mark in block.blocks("years"):
            marks[_year(year)] = read_mark(mark)
            mark.close()
        rows: dict[str, Mapping[int, Written]] = {}
        titles: dict[str, Text] = {}
        row_marks: dict[str, Mark] = {}
        for name, row in block.blocks("rows"):
            titles[name] = Text(row.text("zh"), row.text("en"))
            rows[name] = _year_values(row, marks, unit)
            own_mark = row.block("mark")
            if own_mark is not None:
                row_marks[name] = read_mark(own_mark)
                own_mark.close()
            row.close()
        block.close()
        if table_id != file.stem:
            faults.add(block.node, "packs.id_differs", id=table_id, folder=file.stem)
        if len(faults.found) == before:
            place = block.node.place
            return FactorTable(table_id, title, unit, marks, rows, titles, row_marks, place)
    return None


def _year_values(row: Block, marks: Mapping[int, Mark], unit: Unit) -> dict[int, Written]:
    values: dict[int, Written] = {}
    for year in marks:
        node = row.get(str(year))
        if node is not None:
            with row.faults.at(node):
                values[year] = read_written(node, unit)
    return values


def read_factor(
    name: str,
    block: Block,
    inputs: Mapping[str, InputEntry],
    tables: Mapping[str, FactorTable],
    valid: tuple[int, int],
) -> Factor:
    """A factor of a pack in force for local days [valid). Raises Problem with the first fault."""
    title = block.titled("title")
    note = block.both("note", required=False)
    if block.get("from") is not None:
        factor = _from_table(name, title, block, tables)
    else:
        factor = _own(name, title, block, inputs)
    factor = replace(factor, note=note)
    spells = _with_conservative_end(factor, block, valid)
    if spells[0].first > valid[0]:
        raise Problem("packs.factor_starts_late", name=name, first=spells[0].label)
    block.close()
    return replace(factor, spells=spells)


def _from_table(name: str, title: Text, block: Block, tables: Mapping[str, FactorTable]) -> Factor:
    table_id, row = block.text("from"), block.text("row")
    table = tables.get(table_id)
    if table is None:
        known = ", ".join(sorted(tables))
        raise Problem("packs.factor_table_unknown", table=table_id, known=known)
    values = table.rows.get(row)
    if values is None:
        raise Problem("packs.factor_row_unknown", table=table_id, row=row)
    spells = tuple(
        Spell(_new_year(year), _new_year(year + 1), (value,), table.mark(row, year), str(year))
        for year, value in sorted(values.items())
    )
    return Factor(name, title, table.unit, spells, block.node.place)


def _year(text: str) -> int:
    if len(text) != 4 or not text.isdecimal():
        raise Problem("packs.date_malformed", text=text)
    return int(text)


def _new_year(year: int) -> int:
    return day_of(date(year, 1, 1).isoformat())


def _own(name: str, title: Text, block: Block, inputs: Mapping[str, InputEntry]) -> Factor:
    unit, by = parse_unit(block.text("unit")), block.text("by", required=False)
    mark = read_mark(block)
    until = block.text("valid_until", required=False)
    end = day_of(until) + 1 if until else FOR_EVER
    place = block.node.place
    if not by:
        node = block.get("value", required=True)
        if node is None:
            raise Problem("packs.key_missing", key="value")
        spell = Spell(LONG_AGO, end, (read_written(node, unit),), mark)
        return Factor(name, title, unit, (spell,), place)
    written = {
        key: read_written(node, unit)
        for key, node in (block.block("values") or block).entries.items()
    }
    if by == "year":
        spells = tuple(
            Spell(_new_year(_year(year)), _new_year(_year(year) + 1), (value,), mark, year)
            for year, value in sorted(written.items())
        )
        return Factor(name, title, unit, spells, place)
    names = _row_names(name, by, written, inputs)
    rows = tuple(written[row] for row in names)
    return Factor(name, title, unit, (Spell(LONG_AGO, end, rows, mark),), place, by, names)


def _row_names(
    name: str, by: str, written: Mapping[str, Written], inputs: Mapping[str, InputEntry]
) -> tuple[str, ...]:
    """The rows in the order of the input's values, or of rising evidence grades from 0."""
    if by == EVIDENCE_GRADE:
        grades = sorted(written, key=lambda grade: parse_decimal(grade))
        if not grades or grades[0] != "0" or not all(grade.isdecimal() for grade in grades):
            raise Problem("packs.grades_malformed", name=name)
        return tuple(grades)
    if by not in inputs or not inputs[by].values:
        raise Problem("packs.factor_by_unknown", name=name, by=by)
    values = inputs[by].values
    if set(values) != set(written):
        raise Problem(
            "packs.factor_rows_differ",
            name=name,
            by=by,
            rows=", ".join(written),
            values=", ".join(values),
        )
    return values


def _with_conservative_end(
    factor: Factor, block: Block, valid: tuple[int, int]
) -> tuple[Spell, ...]:
    """The spells, and one more for the days after the last (pack design: never a silent guess)."""
    rule = block.text("after_valid_until", required=False)
    last = factor.spells[-1]
    if last.end >= valid[1]:
        return factor.spells
    if rule == "keep":
        rows = last.rows
    elif rule == "zero":
        rows = tuple(Written(Fraction(0), "0") for _ in last.rows)
    elif rule in _EXTREMES:  # "highest" is the safe side of what a formula takes away
        columns = zip(*(spell.rows for spell in factor.spells), strict=True)
        rows = tuple(_EXTREMES[rule](column, key=lambda w: w.value) for column in columns)
    elif not rule:
        raise Problem("packs.conservative_rule_missing", name=factor.name)
    else:
        known = ", ".join(CONSERVATIVE_RULES)
        raise Problem("packs.value_not_listed", key="after_valid_until", value=rule, known=known)
    label = last.label or write_day(last.end - 1)
    return (*factor.spells, Spell(last.end, FOR_EVER, rows, last.mark, label, rule))
