"""The page of checks tells the order that the gate keeps."""

from __future__ import annotations

import re

import pytest

from tanzhang.surfaces.partner_api.codes import CODES, Check
from tanzhang.surfaces.partner_api.developers import pages

ROW = re.compile(r"^\| (\d+) \|.*\| ((?:`[A-Z_]+` ?)+) \|$", re.M)


@pytest.mark.parametrize("page", ["checks.md", "checks.zh-CN.md"])
def test_every_code_stands_at_its_check_in_the_order_of_the_gate(page: str) -> None:
    text = (pages.folder() / page).read_text(encoding="utf-8")
    told = [
        (int(number), code)
        for number, codes in ROW.findall(text)
        for code in re.findall(r"[A-Z_]+", codes)
    ]
    assert told == [
        (code.check.value, name) for name, code in CODES.items() if code.check is not Check.ANY_TIME
    ]


@pytest.mark.parametrize("name", [n for n, c in CODES.items() if c.check is Check.ANY_TIME])
def test_what_can_happen_at_any_time_is_told_too(name: str) -> None:
    assert f"`{name}`" in (pages.folder() / "checks.md").read_text(encoding="utf-8")
