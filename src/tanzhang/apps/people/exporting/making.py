"""Gathering a person's copy: all sections of the register, with names instead of numbers."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml

from tanzhang.apps.people.privacy import Cursor, everything_kept, everything_left_out
from tanzhang.proofs import NotIncluded, Section

#: What a stored number is called, by the column that holds it: ``{"partner_id": {1: "bank"}}``.
Names = Mapping[str, Mapping[int, str]]

#: A spreadsheet takes a text that begins so for a formula, and would run it.
_FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")

#: Spreadsheets know by these bytes that a file is UTF-8.
_BOM: Final = "\ufeff"


def gather(cursor: Cursor, subject_id: int, names: Names) -> list[Section]:
    """Every section with its rows, in the order of the sections' names."""
    return [
        Section(
            kept.name,
            section_title(kept.name),
            [_named(row, names) for row in kept.export(cursor, subject_id)],
        )
        for kept in everything_kept()
    ]


def not_included() -> list[NotIncluded]:
    """The tables that know something of people and are in no copy."""
    return [NotIncluded(each.table, each.why) for each in everything_left_out()]


def section_title(name: str) -> dict[str, str]:
    """A section's title in both languages; its name if nobody gave it one."""
    found = words()["sections"].get(name)
    return {"zh": name, "en": name} if found is None else {"zh": found["zh"], "en": found["en"]}


def column_title(name: str, lang: str) -> str:
    """A column's title; its name, in words, if nobody gave it one."""
    found: str = words()["columns"].get(name, {}).get(lang) or name.replace("_", " ")
    return found


@cache
def words() -> dict[str, dict[str, dict[str, str]]]:
    """Titles of sections and columns (``words.yaml``)."""
    text = files("tanzhang.apps.people.exporting").joinpath("words.yaml").read_text("utf-8")
    loaded: dict[str, dict[str, dict[str, str]]] = yaml.safe_load(text)
    return loaded


def as_csv(section: Section) -> str:
    """A section as a table for spreadsheets, in which nothing is taken for a formula."""
    columns = list(dict.fromkeys(name for row in section.rows for name in row))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in section.rows:
        writer.writerow([cell(row.get(name)) for name in columns])
    return _BOM + out.getvalue()


def cell(value: object) -> str | int:
    """A value as a cell; a text that a spreadsheet would run gets an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return value
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text


def _named(row: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """The row with codes in place of the numbers that have one."""
    return dict(_name(column, value, names) for column, value in row.items())


def _name(column: str, value: Any, names: Names) -> tuple[str, Any]:
    known = names.get(column)
    if known is None or not isinstance(value, int):
        return column, value
    return column.removesuffix("_id"), known.get(value, str(value))


def counts(sections: Iterable[Section]) -> dict[str, int]:
    """How many rows each section has."""
    return {section.name: len(section.rows) for section in sections}


def sections_with_rows(sections: Sequence[Section]) -> list[Section]:
    """The sections that have something to show."""
    return [section for section in sections if section.rows]
