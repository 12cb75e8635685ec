"""The sample bank signs its links as a real host does, and only where nobody is real."""

from __future__ import annotations

import stat

import pytest

from clean_database import Database
from tanzhang.apps.partners.api import agreements, partner, partner_keys, read_link
from tanzhang.config.database import home
from tanzhang.problems import Problem
from tanzhang.workbench.sample_bank import bank_link

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]


def test_its_links_are_good_and_its_key_is_made_once() -> None:
    links = [bank_link("ada", "+8610000000001", "testserver") for _ in range(2)]
    assert [read_link(link, "testserver").partner.code for link in links] == ["bank", "bank"]
    assert links[0].key == links[1].key
    assert links[0].nonce != links[1].nonce
    number = partner("bank").id
    assert len(partner_keys(number)) == 1
    assert [one.kind for one in agreements(number)].count("hand_over") == 1


def test_its_key_is_readable_by_its_owner_alone() -> None:
    bank_link("ada", "+8610000000001", "testserver")
    assert stat.S_IMODE((home() / "sample-bank.pem").stat().st_mode) == 0o600


def test_where_people_are_real_there_is_no_such_bank(database: Database) -> None:
    database.turn("live")
    with pytest.raises(Problem) as problem:
        bank_link("ada", "+8610000000001", "testserver")
    assert problem.value.code == "people.installation_live"
