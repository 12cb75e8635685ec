"""Where records begin and end does not depend on how the bytes arrive."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from tanzhang.workbench.files import Limits

from .reading import HEADER, as_csv, cells, read, written

TEXT = st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"]), max_size=6)
ROW = st.lists(TEXT, min_size=3, max_size=3).filter(lambda row: any(row))


PIECES = st.sampled_from(
    [b"1", b",", b'"', b"\n", b"\r\n", b"ab", b"\xff", b"\0", b'""', b"1,a,b\n"]
)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(ROW, min_size=1, max_size=12), block=st.integers(1, 90))
def test_any_rows_survive_any_cutting_into_blocks(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], block: int
) -> None:
    path = written(tmp_path_factory.mktemp("csv"), as_csv(rows))
    table, flawed = read(path, Limits(block_bytes=max(block, 16), chunk_rows=2))
    assert cells(table) == rows and flawed == {}


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
