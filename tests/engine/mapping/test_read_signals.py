"""Signals in files: numbers, choices by their words, tokens as they stand."""

from __future__ import annotations

import polars as pl
import pytest

from tanzhang.engine.mapping.apply import apply
from tanzhang.engine.mapping.columns import columns_of
from tanzhang.engine.mapping.read import read_mapping
from tanzhang.problems import Problem

MAPPING = """
format = 1
id = "steps"
title = {en = "steps", zh = "步数"}
external_id = {column = "id"}
person = {column = "who"}
scene = {constant = "walking"}
started = {column = "day", format = "%Y-%m-%d"}
ended = {instant = true}
grade = {constant = 1}
[file]
kind = "csv"
time_zone = "Asia/Shanghai"
ambiguous = "reject"
missing = "reject"
[inputs]
steps = {column = "steps", required = true}
[signals]
recording = {column = "how", values = {auto = "automatic", hand = "manual"}}
active_min = {column = "minutes"}
device = {column = "phone"}
"""


def rows(*told: tuple[str | None, ...]) -> pl.DataFrame:
    names = ("id", "who", "day", "steps", "how", "minutes", "phone")
    return pl.DataFrame(told, dict.fromkeys(names, pl.String), orient="row")


def test_signals_stand_beside_inputs() -> None:
    mapping = read_mapping(MAPPING, "steps.toml")
    assert {"how", "minutes", "phone"} <= {*columns_of(mapping)}
    table = rows(
        ("a", "ada", "2026-05-01", "900", "auto", "9", "p-1"),
        ("b", "bo", "2026-05-01", "900", None, None, None),
    )
    mapped = apply(mapping, table, pl.Series([0, 1], dtype=pl.UInt32))
    assert mapped.refused.is_empty()
    told = mapped.report.select("sig_recording", "sig_active_min", "sig_device").rows()
    assert told == [(2, 9, "p-1"), (None, None, None)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("active_min =", "shoe_size ="),
        ('auto = "automatic"', 'auto = "magic"'),
        ('device = {column = "phone"}', 'device = {colour = "phone"}'),
    ],
)
def test_what_no_pack_can_read_is_refused(old: str, new: str) -> None:
    with pytest.raises(Problem):
        read_mapping(MAPPING.replace(old, new), "steps.toml")
