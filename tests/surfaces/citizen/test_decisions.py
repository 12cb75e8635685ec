"""Decisions that no human made are listed, each with its rule."""

from __future__ import annotations

import pytest

from surfaces.citizen.browser import logged_in

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("acts")]


def test_what_was_not_counted_is_listed_with_its_rule_and_a_way_to_dispute_it() -> None:
    page = logged_in("river-ada").opens("/me/rights/decisions/")
    assert page.source.count("/appeal/") == 1
    assert "Another act of yours at the same time" in page.text
    assert "Rule: of two acts at one time one counts" in page.text


def test_whoever_lost_nothing_sees_that() -> None:
    page = logged_in("river-bo").opens("/me/rights/decisions/")
    assert "Everything that was reported for you counts in full." in page.text


@pytest.mark.parametrize("before", ["x", "1-zz", "٣"])
def test_a_place_that_means_nothing_is_the_first_page(before: str) -> None:
    page = logged_in("river-ada").opens("/me/rights/decisions/", before=before)
    assert "Dispute" in page.text
