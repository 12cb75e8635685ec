"""Parquet: typed values become the text that a mapping reads."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl

from .reading import SMALL, SOUND, as_csv, read, written


def test_parquet_json_lines_and_csv_of_the_same_rows_are_read_alike(tmp_path: Path) -> None:
    names = ["id", "who", "when"]
    frame = pl.DataFrame(SOUND, schema=names, orient="row")
    frame.write_parquet(tmp_path / "rows.parquet")
    lines = [json.dumps(dict(zip(names, row, strict=True))) for row in SOUND]
    from_lines, _ = read(written(tmp_path, "\n".join(lines).encode(), "rows.jsonl"), SMALL)
    from_parquet, _ = read(tmp_path / "rows.parquet", SMALL)
    from_csv, _ = read(written(tmp_path, as_csv(SOUND)))
    assert from_lines.equals(from_csv) and from_parquet.equals(from_csv)


def test_typed_parquet_columns_become_the_text_that_a_mapping_reads(tmp_path: Path) -> None:
    when = pl.Series(["2024-01-01T08:00:00.5"]).str.to_datetime(time_unit="us")
    frame = pl.DataFrame({"id": [7], "who": [1.5], "when": when, "notes": [["a"]]})
    aware = frame.with_columns(pl.col("when").dt.replace_time_zone("Asia/Shanghai"))
    frame.write_parquet(tmp_path / "naive.parquet")
    aware.write_parquet(tmp_path / "aware.parquet")
    naive_table, _ = read(tmp_path / "naive.parquet")
    aware_table, _ = read(tmp_path / "aware.parquet")
    assert naive_table.row(0) == ("7", "1.5", "2024-01-01 08:00:00.500000", 1)
    assert aware_table["when"][0] == "2024-01-01 00:00:00.500000Z"


def test_a_nul_in_parquet_is_named(tmp_path: Path) -> None:
    frame = pl.DataFrame({"id": ["1", "2\0", "3"], "who": "a", "when": "x"})
    frame.write_parquet(tmp_path / "rows.parquet")
    table, flawed = read(tmp_path / "rows.parquet")
    assert table["#"].to_list() == [1, 3] and flawed == {2: "nul_byte"}


def test_a_column_of_parquet_may_look_like_a_pattern(tmp_path: Path) -> None:
    frame = pl.DataFrame({"id": ["1"], "who": ["a"], "when": ["x"], "^.*$": ["p"], "*": ["q"]})
    frame.write_parquet(tmp_path / "rows.parquet")
    table, _ = read(tmp_path / "rows.parquet")
    assert table.row(0) == ("1", "a", "x", "p", "q", 1)
