"""JSON Lines: exact numbers, and a broken line costs only itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tanzhang.workbench.files import Limits

from .reading import HEADER, SMALL, cells, read, written


def test_numbers_of_json_lines_keep_their_exact_text(tmp_path: Path) -> None:
    line = b'{"id": 0.10000000000000000001, "who": 12345678901234567890, "when": true}'
    table, _ = read(written(tmp_path, line, "rows.jsonl"))
    assert cells(table) == [["0.10000000000000000001", "12345678901234567890", "true"]]


def test_a_later_line_of_json_need_not_name_every_column(tmp_path: Path) -> None:
    lines = b'{"id": "1", "who": "a", "when": "x"}\n{"id": "2"}\n{"id": "3"}\n{"id": "4"}'
    table, _ = read(written(tmp_path, lines, "rows.jsonl"), SMALL)
    assert table["id"].to_list() == ["1", "2", "3", "4"]
    assert table["who"].to_list() == ["a", None, None, None]


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
