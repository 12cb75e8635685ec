"""A small mapping that the tests bend, and tables to apply it to."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import pytest

from tanzhang.engine.mapping import FieldMapping, Mapped, apply, read_mapping
from tanzhang.problems import LANGUAGES, Problem

MAP = """
format = 1
id = "test"
title = { en = "Test", zh = "测试" }

[file]
time_zone = "America/New_York"
ambiguous = "reject"
missing = "reject"

[external_id]
column = "id"

[person]
column = "who"

[scene]
constant = "walk"

[started]
column = "from"
format = "iso"

[ended]
column = "to"
format = "iso"

[grade]
constant = 2
"""

ROW = {"id": "e1", "who": "ann", "from": "2024-05-01 08:00", "to": "2024-05-01 08:20"}


def mapping(more: str = "", **replaced: str) -> FieldMapping:
    """The sample with ``more`` at its end and whole tables replaced (``person='column = "x"'``)."""
    text = MAP
    for table, content in replaced.items():
        before, rest = text.split(f"[{table}]\n", 1)
        after = rest.split("\n[", 1)
        text = f"{before}[{table}]\n{content}\n" + (f"\n[{after[1]}" if len(after) > 1 else "")
    return read_mapping(text + more, "test.toml")


def table(*rows: Mapping[str, str | None]) -> pl.DataFrame:
    """Rows of text; each is the sample row with what it changes."""
    full = [ROW | row for row in rows]
    names = list(dict.fromkeys(name for row in full for name in row))
    columns = {name: [row.get(name) for row in full] for name in names}
    return pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String))


def mapped(rules: FieldMapping, *rows: Mapping[str, str | None]) -> Mapped:
    """What becomes of these rows, numbered from 1."""
    return apply(rules, table(*rows), pl.Series(range(1, len(rows) + 1), dtype=pl.UInt32))


def codes(result: Mapped) -> dict[int, str]:
    """Row -> why it is refused or held."""
    notes = pl.concat([result.refused, result.held])
    return dict(notes.select("row", "code").iter_rows())


def refused(text: str) -> Problem:
    """What is said of a mapping that cannot be read, in both languages."""
    with pytest.raises(Problem) as caught:
        read_mapping(text, "bad.toml")
    problem = caught.value
    assert all(problem.text(lang) for lang in LANGUAGES)
    return problem


def line(text: str, found: str) -> int:
    """The line on which ``found`` stands."""
    return text[: text.index(found)].count("\n") + 1
