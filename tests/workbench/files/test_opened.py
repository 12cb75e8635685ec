"""A file that is broken as a whole is one problem with a stable code."""

from __future__ import annotations

import gzip
from pathlib import Path

import polars as pl

from .reading import HEADER, refused, written


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
        "cut.csv.gz": (gzip.compress(HEADER + b"1,a,b\n" * 99)[:-9], "imports.gzip_broken"),
        "noise.csv.gz": (b"\x1f\x8b" + noise, "imports.gzip_broken"),
    }
    found = {name: refused(written(tmp_path, data, name)).code for name, (data, _) in cases.items()}
    assert found == {name: code for name, (_, code) in cases.items()}


def test_a_missing_file_and_a_folder_are_problems(tmp_path: Path) -> None:
    assert refused(tmp_path / "nothing.csv").code == "imports.file_missing"
    assert refused(tmp_path).code == "imports.file_missing"
