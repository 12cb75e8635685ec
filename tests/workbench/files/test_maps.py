"""Mapping files on the disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from tanzhang.engine.mapping import read_mapping
from tanzhang.problems import Problem
from tanzhang.workbench.files import load_map

from .reading import MAP, written


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
