"""An account's points are called what its programme calls them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from river.reports import act, hand_in
from tanzhang.apps.activities.api import drain
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.people import api as people
from tanzhang.surfaces.citizen.units import name_of_points

from .browser import logged_in

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]


def test_plain_points_keep_the_plain_word_and_others_their_own() -> None:
    fu, rules = people.account("river-fu"), rulebook_in_force()
    assert fu is not None
    assert name_of_points(fu, rules) == ""
    file = rules.programme_file("river")
    green = replace(file.accounts["person"], points=file.accounts["team"].title)
    renamed = replace(rules, files={"river": replace(file, accounts={"person": green})})
    assert name_of_points(fu, renamed) in ("team", "团队")


def test_home_and_the_reason_say_points() -> None:
    hand_in(act("a", "05-31 08:00", person="fu"))
    drain()
    visitor = logged_in("river-fu")
    home = visitor.opens("/home/")
    assert "9 points" in home.text
