"""Bytes from the disk: packed or not, and never more than a file may unpack to."""

from __future__ import annotations

import gzip
import zlib
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


def met_before_the_break(path: Path, limits: Limits) -> list[list[str]]:
    """The rows that a broken file gives before it is said to be broken."""
    rows: list[list[str]] = []
    with open_file(path, read_mapping(MAP, "m"), limits) as opened:
        with pytest.raises(Problem) as caught:
            for chunk in opened.chunks():
                rows += cells(chunk.table)
        assert caught.value.code == "imports.gzip_broken"
    return rows


@pytest.mark.parametrize("block_bytes", [64, 4096, 4 * 2**20])
def test_all_rows_before_a_truncation_are_given_and_the_cut_row_is_not(
    tmp_path: Path, block_bytes: int
) -> None:
    lines = [[str(n), str(n * 7919 % 100_003), "x"] for n in range(20_000)]
    packed = gzip.compress(as_csv(lines))[: 2 * len(gzip.compress(as_csv(lines))) // 3]
    content = zlib.decompressobj(31).decompress(packed)
    whole = content.count(b"\n") - 1  # without the header and without the cut row
    path = written(tmp_path, packed, "cut.csv.gz")
    rows = met_before_the_break(path, Limits(block_bytes=block_bytes))
    assert 10_000 < whole < 20_000
    assert rows == lines[:whole]


def test_all_lines_before_a_truncation_are_given_as_well(tmp_path: Path) -> None:
    line = b'{"id": "1", "who": "a", "when": "x"}\n'
    packed = gzip.compress(line * 3)[:-4]  # all but the end of the check sum
    assert len(met_before_the_break(written(tmp_path, packed, "cut.jsonl.gz"), Limits())) == 3


def test_a_file_whose_check_sum_is_wrong_is_broken(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(as_csv(SOUND)))
    packed[-5] ^= 1
    assert refused(written(tmp_path, bytes(packed), "wrong.csv.gz")).code == "imports.gzip_broken"


def test_members_follow_each_other_with_padding_between_and_behind(tmp_path: Path) -> None:
    head, tail = gzip.compress(as_csv(SOUND[:1])), gzip.compress(b"9,Zoe,y\n")
    parts = head + bytes(70_000) + tail + bytes(9)
    table, _ = read(written(tmp_path, parts, "parts.csv.gz"))
    assert cells(table) == [SOUND[0], ["9", "Zoe", "y"]]


def test_what_follows_a_member_and_is_none_is_a_break(tmp_path: Path) -> None:
    path = written(tmp_path, gzip.compress(as_csv(SOUND[:1])) + b"more", "more.csv.gz")
    assert met_before_the_break(path, Limits()) == [SOUND[0]]
