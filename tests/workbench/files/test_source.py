"""Bytes from the disk: packed or not, and never more than a file may unpack to."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tanzhang.engine.mapping import read_mapping
from tanzhang.problems import Problem
from tanzhang.workbench.files import Limits, open_file

from .reading import HEADER, MAP, SOUND, as_csv, cells, read, refused, written


def test_gzip_is_recognised_by_its_bytes_and_not_by_its_name(tmp_path: Path) -> None:
    table, _ = read(written(tmp_path, gzip.compress(as_csv(SOUND)), "rows.csv"))
    assert cells(table) == SOUND


def test_a_gzip_bomb_is_refused_by_its_ratio_and_by_its_size(tmp_path: Path) -> None:
    bomb = written(tmp_path, gzip.compress(HEADER + b"1,a,b\n" * 500_000), "bomb.csv.gz")
    assert refused(bomb, Limits(free_bytes=2**16)).code == "imports.packed_too_tightly"
    assert refused(bomb, Limits(unpacked_bytes=2**20)).code == "imports.unpacked_too_large"
    table, _ = read(bomb, Limits(ratio=2_000))
    assert len(table) == 500_000


def test_a_mapping_may_allow_or_forbid_more(tmp_path: Path) -> None:
    path = written(tmp_path, gzip.compress(HEADER + b"1,a,b\n" * 2_000_000), "rows.csv.gz")

    def rows(more: str) -> int:
        rules = read_mapping(MAP.replace("[file]\n", f"[file]\n{more}\n"), "m")
        with open_file(path, rules) as opened:
            return sum(len(chunk.rows) for chunk in opened.chunks())

    for more in ("", "unpacked_mib = 9\nratio = 2000"):
        with pytest.raises(Problem):
            rows(more)
    assert rows("ratio = 2000") == 2_000_000


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
