"""Opening files: every row is read or named, and a broken file says so in words."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanzhang.engine.mapping import read_mapping
from tanzhang.problems import Problem
from tanzhang.workbench.files import Chunk, Limits, load_map, open_file

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


# --- sound files -----------------------------------------------------------------------------

SOUND = [["1", "Ann", "2024-01-01 08:00"], ["2", '王,"芳"\n', "2024-01-02 09:00"], ["3", "", "x"]]


def as_csv(rows: list[list[str]], ending: str = "\n") -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator=ending).writerows([["id", "who", "when"], *rows])
    return text.getvalue().encode()


def cells(table: pl.DataFrame) -> list[list[str]]:
    return [[cell or "" for cell in row] for row in table.select("id", "who", "when").iter_rows()]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("limits", [None, SMALL])
def test_csv_is_read_as_it_is_written(tmp_path: Path, ending: str, limits: Limits | None) -> None:
    path = written(tmp_path, as_csv(SOUND * 9, ending))
    table, flawed = read(path, limits)
    assert cells(table) == SOUND * 9
    assert table["#"].to_list() == list(range(1, 28))
    assert flawed == {}


def test_gzip_is_recognised_by_its_bytes_and_not_by_its_name(tmp_path: Path) -> None:
    table, _ = read(written(tmp_path, gzip.compress(as_csv(SOUND)), "rows.csv"))
    assert cells(table) == SOUND


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path: Path) -> None:
    table, _ = read(written(tmp_path, b"\xef\xbb\xbf" + as_csv(SOUND)))
    assert table.columns == ["id", "who", "when", "#"]


def test_the_last_row_needs_no_line_end_and_blank_lines_are_no_rows(tmp_path: Path) -> None:
    table, flawed = read(written(tmp_path, b"\n" + HEADER + b"\n1,a,b\n\r\n\n2,c,d"))
    assert cells(table) == [["1", "a", "b"], ["2", "c", "d"]]
    assert table["#"].to_list() == [1, 2] and flawed == {}


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


def test_numbers_of_json_lines_keep_their_exact_text(tmp_path: Path) -> None:
    line = b'{"id": 0.10000000000000000001, "who": 12345678901234567890, "when": true}'
    table, _ = read(written(tmp_path, line, "rows.jsonl"))
    assert cells(table) == [["0.10000000000000000001", "12345678901234567890", "true"]]


def test_a_later_line_of_json_need_not_name_every_column(tmp_path: Path) -> None:
    lines = b'{"id": "1", "who": "a", "when": "x"}\n{"id": "2"}\n{"id": "3"}\n{"id": "4"}'
    table, _ = read(written(tmp_path, lines, "rows.jsonl"), SMALL)
    assert table["id"].to_list() == ["1", "2", "3", "4"]
    assert table["who"].to_list() == ["a", None, None, None]


# --- rows that cannot be read -----------------------------------------------------------------


@pytest.mark.parametrize("limits", [None, SMALL])
@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"2,a", "ragged_row"),
        (b"2,a,b,c", "ragged_row"),
        (b'2,5" pipe,x', "malformed_row"),
        (b'2,"a"b,x', "malformed_row"),
        (b'2,"never closed,x', "malformed_row"),
        (b"2,a\0b,x", "nul_byte"),
        (b"2,\xc0\xc1,x", "not_utf8"),
        (b"2,\xcd\xf5\xb7\xbc,x", "not_utf8"),  # 王芳 in GBK
        (b"2," + b"a" * 300 + b",x", "line_too_long"),
    ],
)
def test_a_broken_line_is_named_and_nothing_else_is_lost(
    tmp_path: Path, line: bytes, code: str, limits: Limits | None
) -> None:
    limits = limits or Limits(record_bytes=200)
    path = written(tmp_path, HEADER + b"1,a,b\n" + line + b"\n3,c,d\n" * 1 + b'4,"e\n",f\n5,g,h\n')
    table, flawed = read(path, limits)
    assert cells(table) == [["1", "a", "b"], ["3", "c", "d"], ["4", "e\n", "f"], ["5", "g", "h"]]
    assert table["#"].to_list() == [1, 3, 4, 5]
    assert flawed == {2: code}


def test_a_flaw_tells_the_byte_at_which_the_text_breaks(tmp_path: Path) -> None:
    content = HEADER + "1,王,b\n".encode() + b"2,ab\xffc,x\n"
    with open_file(written(tmp_path, content), read_mapping(MAP, "m")) as opened:
        (chunk,) = opened.chunks()
    assert chunk.flawed.row(0) == (2, "not_utf8", content.index(b"\xff"))


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"{", "malformed_row"),
        (b"[1]", "malformed_row"),
        (b'{"id": NaN}', "malformed_row"),
        (b'{"id": 1, "id": 2}', "malformed_row"),
        (b'{"id": ' + b"[" * 90 + b"]" * 90 + b"}", "line_too_long"),
        (b'{"id": "\\u0000"}', "nul_byte"),
        (b'{"id": "\\ud800"}', "not_utf8"),
        (b'{"id": "\xff"}', "not_utf8"),
    ],
)
def test_a_broken_line_of_json_is_named_and_nothing_else_is_lost(
    tmp_path: Path, line: bytes, code: str
) -> None:
    whole = b'{"id": "1", "who": "a", "when": "x"}'
    path = written(tmp_path, b"\n".join([whole, line, b"", whole]), "rows.jsonl")
    table, flawed = read(path, Limits(record_bytes=150))
    assert table["#"].to_list() == [1, 3]
    assert flawed == {2: code}


def test_json_nested_beyond_any_sense_is_a_malformed_row(tmp_path: Path) -> None:
    deep = b'{"id": ' + b"[" * 100_000 + b"}"
    whole = b'{"id": "1", "who": "a", "when": "x"}'
    _, flawed = read(written(tmp_path, whole + b"\n" + deep, "rows.jsonl"))
    assert flawed == {2: "malformed_row"}


def test_a_line_without_an_end_does_not_fill_the_memory(tmp_path: Path) -> None:
    content = HEADER + b"1,a,b\n" + b"x" * 100_000 + b"\n3,c,d\n"
    table, flawed = read(written(tmp_path, content), SMALL)
    assert table["#"].to_list() == [1, 3] and flawed == {2: "line_too_long"}
    lines = b'{"id":1,"who":2,"when":3}\n' + b"x" * 100_000 + b'\n{"id":4}\n'
    table, flawed = read(written(tmp_path, lines, "rows.jsonl"), SMALL)
    assert table["#"].to_list() == [1, 3] and flawed == {2: "line_too_long"}


def test_a_nul_in_parquet_is_named(tmp_path: Path) -> None:
    frame = pl.DataFrame({"id": ["1", "2\0", "3"], "who": "a", "when": "x"})
    frame.write_parquet(tmp_path / "rows.parquet")
    table, flawed = read(tmp_path / "rows.parquet")
    assert table["#"].to_list() == [1, 3] and flawed == {2: "nul_byte"}


# --- files that are broken as a whole ----------------------------------------------------------


def parquet(folder: Path) -> bytes:
    pl.DataFrame({"id": ["1"], "who": ["a"], "when": ["x"]}).write_parquet(folder / "whole")
    return (folder / "whole").read_bytes()


def test_a_broken_file_is_one_problem_with_a_stable_code(tmp_path: Path) -> None:
    whole = parquet(tmp_path)
    noise = bytes(range(256)) * 40
    cases = {
        "empty.csv": (b"", "imports.file_empty"),
        "blank.csv": (b"\r\n\n", "imports.file_empty"),
        "empty.jsonl": (b"", "imports.file_empty"),
        "header.csv": (b'id,"who,when\n1,2,3\n', "imports.header_broken"),
        "nul.csv": (b"id,wh\0o,when\n", "imports.header_broken"),
        "long.csv": (b"id," + b"w" * 2**21, "imports.header_broken"),
        "twice.csv": (b"id,who,who,when\n", "imports.header_repeats"),
        "wide.csv": (b",".join(b"c%d" % n for n in range(300)), "imports.columns_too_many"),
        "lacking.csv": (b"id,when\n1,2\n", "imports.columns_missing"),
        "lacking.jsonl": (b'{"id": 1}', "imports.columns_missing"),
        "gbk.csv": ("id,who,when,备注\n".encode("gbk"), "imports.encoding_wrong"),
        "wide16.csv": ("id,who,when\n".encode("utf-16"), "imports.encoding_wrong"),
        "wide16.jsonl": ('{"id": 1}'.encode("utf-16"), "imports.encoding_wrong"),
        "rows.zip": (b"PK\x03\x04....", "imports.archive_refused"),
        "rows.csv.xz": (b"\xfd7zXZ\x00..", "imports.archive_refused"),
        "rows.docx": (b"id,who,when\n", "imports.kind_unknown"),
        "cut.parquet": (whole[:-20], "imports.parquet_broken"),
        "noise.parquet": (noise, "imports.parquet_broken"),
        "empty.parquet": (b"", "imports.parquet_broken"),
        "cut.csv.gz": (gzip.compress(noise)[:-9], "imports.gzip_broken"),
        "noise.csv.gz": (b"\x1f\x8b" + noise, "imports.gzip_broken"),
    }
    found = {name: refused(written(tmp_path, data, name)).code for name, (data, _) in cases.items()}
    assert found == {name: code for name, (_, code) in cases.items()}


def test_a_missing_file_and_a_folder_are_problems(tmp_path: Path) -> None:
    assert refused(tmp_path / "nothing.csv").code == "imports.file_missing"
    assert refused(tmp_path).code == "imports.file_missing"


def test_the_byte_of_a_wrong_encoding_is_told(tmp_path: Path) -> None:
    header = b"id,who,when,\xb1\xb8\n"
    assert refused(written(tmp_path, header)).details["byte"] == header.index(b"\xb1")


def test_a_gzip_bomb_is_refused_by_its_ratio_and_by_its_size(tmp_path: Path) -> None:
    bomb = written(tmp_path, gzip.compress(HEADER + b"1,a,b\n" * 500_000), "bomb.csv.gz")
    assert refused(bomb, Limits(free_bytes=2**16)).code == "imports.packed_too_tightly"
    assert refused(bomb, Limits(unpacked_bytes=2**20)).code == "imports.unpacked_too_large"
    table, _ = read(bomb, Limits(ratio=2_000))
    assert len(table) == 500_000


def test_rows_before_a_truncation_are_given_and_the_cut_row_is_not(tmp_path: Path) -> None:
    lines = [f"{n},{n * 7919 % 100_003},x".encode() for n in range(20_000)]
    packed = gzip.compress(HEADER + b"\n".join(lines))
    path = written(tmp_path, packed[: len(packed) * 2 // 3], "cut.csv.gz")
    met = 0
    with open_file(path, read_mapping(MAP, "m"), Limits(block_bytes=4096)) as opened:
        with pytest.raises(Problem) as caught:
            for chunk in opened.chunks():
                for row in chunk.table.iter_rows():
                    assert ",".join(row).encode() == lines[met]
                    met += 1
        assert caught.value.code == "imports.gzip_broken"
    assert 10_000 < met < 20_000


def test_a_column_of_parquet_may_look_like_a_pattern(tmp_path: Path) -> None:
    frame = pl.DataFrame({"id": ["1"], "who": ["a"], "when": ["x"], "^.*$": ["p"], "*": ["q"]})
    frame.write_parquet(tmp_path / "rows.parquet")
    table, _ = read(tmp_path / "rows.parquet")
    assert table.row(0) == ("1", "a", "x", "p", "q", 1)


# --- properties --------------------------------------------------------------------------------

TEXT = st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"]), max_size=6)
ROW = st.lists(TEXT, min_size=3, max_size=3).filter(lambda row: any(row))


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(ROW, min_size=1, max_size=12), block=st.integers(1, 90))
def test_any_rows_survive_any_cutting_into_blocks(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], block: int
) -> None:
    path = written(tmp_path_factory.mktemp("csv"), as_csv(rows))
    table, flawed = read(path, Limits(block_bytes=max(block, 16), chunk_rows=2))
    assert cells(table) == rows and flawed == {}


PIECES = st.sampled_from(
    [b"1", b",", b'"', b"\n", b"\r\n", b"ab", b"\xff", b"\0", b'""', b"1,a,b\n"]
)


@settings(max_examples=120, deadline=None)
@given(pieces=st.lists(PIECES, min_size=1, max_size=40), block=st.integers(16, 60))
def test_noise_is_cut_alike_however_it_is_read_and_no_row_is_lost(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes], block: int
) -> None:
    content = HEADER + b"1,a,b\n" + b"".join(pieces)
    path = written(tmp_path_factory.mktemp("noise"), content)
    at_once, flaws = read(path, Limits(record_bytes=64))
    in_blocks, flaws_in_blocks = read(path, Limits(record_bytes=64, block_bytes=block))
    assert at_once.equals(in_blocks) and flaws == flaws_in_blocks
    numbers = sorted([*at_once["#"], *flaws])
    assert numbers == list(range(1, len(numbers) + 1))


# --- mapping files on the disk ------------------------------------------------------------------


def test_a_mapping_that_is_no_small_utf8_text_is_refused(tmp_path: Path) -> None:
    bad = {"big.toml": b"#" * (2**20 + 1), "gbk.toml": "# 中信".encode("gbk"), "dir": None}
    for name, content in bad.items():
        path = tmp_path / name
        path.mkdir() if content is None else path.write_bytes(content)
        with pytest.raises(Problem) as caught:
            load_map(path)
        assert caught.value.code == "imports.map_missing"


def test_a_mapping_may_have_a_byte_order_mark_and_windows_line_ends(tmp_path: Path) -> None:
    path = written(tmp_path, b"\xef\xbb\xbf" + MAP.replace("\n", "\r\n").encode(), "m.toml")
    assert load_map(path) == read_mapping(MAP, "m.toml")
