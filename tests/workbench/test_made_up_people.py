"""A partner gets made-up people to report for, once, and only where nobody is real."""

from __future__ import annotations

import pytest

from clean_database import Database
from tanzhang.apps.people.api import accounts
from tanzhang.problems import Problem
from tanzhang.workbench.made_up_people import make_up_people

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]


def test_people_are_made_up_once_and_more_may_follow() -> None:
    before = len(accounts())
    assert make_up_people("bikes", 2) == ["citizen-1", "citizen-2"]
    assert len(accounts()) == before + 2
    assert make_up_people("bikes", 3) == ["citizen-1", "citizen-2", "citizen-3"]
    assert len(accounts()) == before + 3


def test_where_people_may_be_real_nobody_is_made_up(database: Database) -> None:
    database.turn("live")
    with pytest.raises(Problem, match=r"people\.installation_live"):
        make_up_people("bikes", 2)
