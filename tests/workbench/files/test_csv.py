"""CSV: what is written is what is read, and a broken line costs only itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tanzhang.engine.mapping import read_mapping
from tanzhang.workbench.files import Limits, open_file

from .reading import HEADER, MAP, SMALL, SOUND, as_csv, cells, read, refused, written


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("limits", [None, SMALL])
def test_csv_is_read_as_it_is_written(tmp_path: Path, ending: str, limits: Limits | None) -> None:
    path = written(tmp_path, as_csv(SOUND * 9, ending))
    table, flawed = read(path, limits)
    assert cells(table) == SOUND * 9
    assert table["#"].to_list() == list(range(1, 28))
    assert flawed == {}


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path: Path) -> None:
    table, _ = read(written(tmp_path, b"\xef\xbb\xbf" + as_csv(SOUND)))
    assert table.columns == ["id", "who", "when", "#"]


def test_the_last_row_needs_no_line_end_and_blank_lines_are_no_rows(tmp_path: Path) -> None:
    table, flawed = read(written(tmp_path, b"\n" + HEADER + b"\n1,a,b\n\r\n\n2,c,d"))
    assert cells(table) == [["1", "a", "b"], ["2", "c", "d"]]
    assert table["#"].to_list() == [1, 2] and flawed == {}


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


def test_the_byte_of_a_wrong_encoding_is_told(tmp_path: Path) -> None:
    header = b"id,who,when,\xb1\xb8\n"
    assert refused(written(tmp_path, header)).details["byte"] == header.index(b"\xb1")
