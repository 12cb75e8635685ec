"""Factors past their validity, or near its end, are named with what counts instead."""

from __future__ import annotations

from datetime import date

import pytest

from river.programmes import library
from surfaces.console.desk import sit_down
from tanzhang.engine.packs.tree import day_of
from tanzhang.surfaces.console.ageing import SOON_DAYS, ageing_factors

LAST = day_of("2023-12-31")  #: the last day of the grid factors of two packs


def named(day: int) -> dict[tuple[str, str], bool]:
    return {(found.pack, found.name): found.past for found in ageing_factors(library(), day)}


GRID = (("beijing-appliance", "grid"), ("shenzhen-electricity", "grid"))


def test_a_factor_is_named_from_ninety_days_before_its_end() -> None:
    assert named(LAST - SOON_DAYS) == {}
    assert named(LAST - SOON_DAYS + 1) == dict.fromkeys(GRID, False)
    assert named(LAST) == dict.fromkeys(GRID, False)


def test_a_factor_past_its_end_is_named_with_its_rule() -> None:
    assert named(LAST + 1) == named(LAST + 900) == dict.fromkeys(GRID, True)
    for found in ageing_factors(library(), LAST + 900):
        assert (found.last, found.rule) == (date(2023, 12, 31), "lowest")


@pytest.mark.database
@pytest.mark.usefixtures("river")
def test_the_start_page_lists_them() -> None:
    page = sit_down("somebody", "reader").reads("").text
    assert "2023-12-31 past the lowest value counts" in page
