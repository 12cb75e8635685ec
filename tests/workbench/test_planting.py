"""A planted person is made up, and comes in as real people do."""

from __future__ import annotations

import pytest

from clean_database import Database
from tanzhang.problems import Problem
from tanzhang.workbench.planting import ACTS, plant, reference


def test_a_dozen_acts_come_from_several_partners() -> None:
    assert len(ACTS) == 12
    assert len({act.partner for act in ACTS}) >= 4


def test_each_partner_has_a_name_of_its_own_for_her_and_always_the_same() -> None:
    names = {reference(partner, "林晓雨样", "10012345678") for partner in ("bank", "bus", "metro")}
    assert len(names) == 3
    assert reference("bank", "林晓雨样", "10012345678") in names
    assert reference("bank", "林晓雨样", "10012345679") not in names
    assert not any("10012345678" in name for name in names)


@pytest.mark.database
def test_nobody_is_planted_where_people_may_be_real(database: Database) -> None:
    with database.connect("owner") as owner:
        owner.execute("update installation set kind = 'live'")
    try:
        with pytest.raises(Problem, match="installation_live"):
            plant("林晓雨样", "10012345678")
    finally:
        with database.connect("owner") as owner:
            owner.execute("update installation set kind = 'demonstration'")
