"""A small mapping, files for it, and what reading them gives."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import polars as pl
import pytest

from tanzhang.engine.mapping import read_mapping
from tanzhang.problems import Problem
from tanzhang.workbench.files import Chunk, Limits, open_file

MAP = """
format = 1
id = "test"
title = { en = "Test", zh = "测试" }
[file]
time_zone = "Asia/Shanghai"
ambiguous = "reject"
missing = "reject"
[external_id]
column = "id"
[person]
column = "who"
[scene]
constant = "walk"
[started]
column = "when"
format = "iso"
[ended]
instant = true
[grade]
constant = 1
"""


HEADER = b"id,who,when\n"


SMALL = Limits(chunk_rows=3, block_bytes=64, record_bytes=200, columns=8, free_bytes=1000)


SOUND = [["1", "Ann", "2024-01-01 08:00"], ["2", '王,"芳"\n', "2024-01-02 09:00"], ["3", "", "x"]]


def read(path: Path, limits: Limits | None = None) -> tuple[pl.DataFrame, dict[int, str]]:
    """All rows of a file with their places, and the codes of the rows that could not be read."""
    parts: list[Chunk] = []
    with open_file(path, read_mapping(MAP, "test.toml"), limits) as opened:
        parts.extend(opened.chunks())
    table = pl.concat([part.table.with_columns(part.rows.alias("#")) for part in parts])
    flawed = {row: code for part in parts for row, code, _ in part.flawed.iter_rows()}
    return table, flawed


def written(folder: Path, content: bytes, name: str = "rows.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def refused(path: Path, limits: Limits | None = None) -> Problem:
    with pytest.raises(Problem) as caught:
        read(path, limits)
    return caught.value


def as_csv(rows: list[list[str]], ending: str = "\n") -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator=ending).writerows([["id", "who", "when"], *rows])
    return text.getvalue().encode()


def cells(table: pl.DataFrame) -> list[list[str]]:
    return [[cell or "" for cell in row] for row in table.select("id", "who", "when").iter_rows()]
