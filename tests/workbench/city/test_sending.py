"""A city's reports through the real door, settled."""

from __future__ import annotations

from datetime import date

import pytest

from tanzhang.apps.activities.api import credited_total, digest, verify
from tanzhang.apps.people.api import accounts
from tanzhang.workbench.city import City
from tanzhang.workbench.city.residents import enrol_residents, handles
from tanzhang.workbench.city.sending import Sent, report
from tanzhang.workbench.demonstration import prepare

pytestmark = pytest.mark.database

CITY = City(seed=5, citizens=80, days=3, start=date(2026, 3, 2), batches_a_day=1)


def sent_to_citic(city: City) -> Sent:
    """What became of a city's reports."""
    prepare()
    return report(city, "citic", lambda batch: None)


def test_every_report_of_a_city_is_accepted_or_known_and_every_kind_of_act_counts() -> None:
    sent = sent_to_citic(CITY)
    assert set(sent.verdicts) == {"accepted", "duplicate"}
    assert sent.verdicts.total() == sent.rows
    assert sent.verdicts["duplicate"] == sent.codes["same_content"] > 0
    _, outcomes = credited_total(sent.event_keys())
    assert outcomes["credited"] > 0.95 * sent.verdicts["accepted"]
    assert outcomes["duplicate"] > 0
    assert "rejected" not in outcomes
    assert not sent.event_keys().str.starts_with("00000000").any()  # ids carry their time
    assert verify().ok


def test_sending_a_city_again_changes_nothing() -> None:
    first = sent_to_citic(CITY)
    before = digest()
    again = sent_to_citic(CITY)
    assert again.verdicts == {"duplicate": first.rows}
    assert digest() == before


def test_how_often_partners_report_makes_no_difference_to_the_books() -> None:
    sent_to_citic(CITY)
    before = digest()
    oftener = City(CITY.seed, CITY.citizens, CITY.days, CITY.start, batches_a_day=6)
    assert sent_to_citic(oftener).verdicts["accepted"] == 0
    assert digest() == before


def test_every_citizen_has_one_account_that_all_partners_know() -> None:
    prepare()
    assert enrol_residents(CITY, "citic") == CITY.citizens
    assert enrol_residents(CITY, "citic") == 0
    assert sorted(entry.handle for entry in accounts()) == sorted(handles(CITY, "citic"))
