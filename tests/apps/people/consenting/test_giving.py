"""Consent is given and withdrawn source by source, and the door asks each time."""

from __future__ import annotations

import pytest
from apps_world import report, ride
from people_world import NOW_US, bank, bikes, opening

from tanzhang.apps.activities.api import accept
from tanzhang.apps.people import api as people
from tanzhang.problems import Problem

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]

HOUR_US = 3_600_000_000


def verdict(at_us: int, external_id: str) -> tuple[str, str | None]:
    """What the door says of a ride that takes the hour before ``at_us``."""
    row = ride(external_id, started_us=at_us - HOUR_US, ended_us=at_us)
    said = accept(report(row), partner="bikes", programme="lake", received_us=at_us).verdicts
    return said["verdict"][0], said["code"][0]


def test_withdrawal_stops_new_acts_at_once_and_a_new_consent_lets_them_in_again() -> None:
    account, _ = people.open_account(opening("ada"))
    assert verdict(NOW_US + HOUR_US, "r1") == ("accepted", None)
    people.withdraw(account, bikes(), at_us=NOW_US + 2 * HOUR_US)
    assert verdict(NOW_US + 2 * HOUR_US + 1, "r2") == ("rejected", "no_consent")
    people.grant(account, bikes(), text_id=people.current_wording().id, at_us=NOW_US + 3 * HOUR_US)
    assert verdict(NOW_US + 4 * HOUR_US, "r3") == ("accepted", None)
    assert verdict(NOW_US + 3 * HOUR_US + 1, "r4") == ("rejected", "no_consent")


def test_the_latest_consent_of_each_source_is_told() -> None:
    account, _ = people.open_account(opening("ada"))
    people.withdraw(account, bikes(), at_us=NOW_US + 5)
    people.withdraw(account, bikes(), at_us=NOW_US + 9)
    found = {one.partner_id: one for one in people.sources_of(account.id)}
    assert (found[bikes()].to_us, found[bikes()].is_live) == (NOW_US + 5, False)
    assert found[bank()].is_live
    people.grant(account, bikes(), text_id=people.current_wording().id, at_us=NOW_US + 10)
    people.grant(account, bikes(), text_id=people.current_wording().id, at_us=NOW_US + 11)
    again = {one.partner_id: one for one in people.sources_of(account.id)}
    assert (again[bikes()].from_us, again[bikes()].to_us) == (NOW_US + 10, None)


def test_a_source_that_does_not_know_the_account_cannot_be_granted() -> None:
    account, _ = people.open_account(opening("ada"))
    with pytest.raises(Problem) as refused:
        people.grant(account, 999, text_id=people.current_wording().id, at_us=NOW_US)
    assert refused.value.code == "people.source_unknown"
