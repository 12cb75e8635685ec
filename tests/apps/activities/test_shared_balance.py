"""Two platforms that know one person read the same total and the same rows, after every batch."""

from __future__ import annotations

from typing import Any

import pytest
from apps_world import RECEIVED_US, instant, report, ride

from tanzhang.apps.activities.api import accept, drain, shared_balance
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners.api import partner
from tanzhang.apps.people import api as people
from tanzhang.problems import Problem

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]

RIDE_MG = 112_010


@pytest.fixture
def ada() -> people.AccountEntry:
    """A person whom the bikes call ada and the bank calls customer-7, and who lets both read."""
    bikes, bank = partner("bikes"), partner("bank")
    secret = people.installation_secret()
    with bulk_transaction() as cursor:
        people.enrol(
            cursor,
            partner_id=bikes.id,
            programme_id=bikes.programme_id,
            refs=people.person_refs(secret, "bikes", ["ada"]),
            account_handles=["ada"],
            joined_day=0,
            consent_from_us=0,
            also_known={bank.id: people.person_refs(secret, "bank", ["customer-7"])},
        )
    account = people.account("ada")
    assert account
    text = people.current_wording(people.SHARE_BALANCE)
    for reader in (bikes, bank):
        people.share(account, reader.id, text_id=text.id, at_us=0)
    return account


def both() -> tuple[dict[str, Any], dict[str, Any]]:
    """What each of the two reads."""
    return (
        shared_balance(partner("bikes"), "ada"),
        shared_balance(partner("bank"), "customer-7"),
    )


def test_after_every_batch_both_read_the_same(ada: people.AccountEntry) -> None:
    batches = [
        ("bikes", [ride("r1")]),
        ("bank", [ride("r1", person="customer-7"), ride("r2", person="customer-7")]),
        ("bikes", [ride("r3", started_us=instant("2024-05-03 08:00")), ride("r1", revision=1)]),
        ("bikes", [ride("r3", revision=1, withdrawn=True)]),
    ]
    seen = []
    for name, rides in batches:
        accept(report(*rides), partner=name, programme="lake", received_us=RECEIVED_US)
        drain()
        ours, theirs = both()
        assert ours == theirs
        assert ours["reduction_mg"] == sum(row["reduction_mg"] for row in ours["rows"])
        seen.append(ours["reduction_mg"])
    assert seen == [RIDE_MG, RIDE_MG, 2 * RIDE_MG, RIDE_MG]


def test_the_rows_say_what_each_source_brought(ada: people.AccountEntry) -> None:
    later = instant("2024-05-03 08:00")
    accept(report(ride("r1")), partner="bikes", programme="lake", received_us=RECEIVED_US)
    at_bank = ride("r1", person="customer-7", started_us=later)
    accept(report(at_bank), partner="bank", programme="lake", received_us=RECEIVED_US)
    drain()
    told, _ = both()
    assert [(row["source"], row["scene"], row["reduction_mg"]) for row in told["rows"]] == [
        ("bank", "bike", RIDE_MG),
        ("bikes", "bike", RIDE_MG),
    ]
    assert told["points"] == {"lake": 224}


def test_each_reading_is_noted_for_the_person(ada: people.AccountEntry) -> None:
    both()
    noted = people.readings_of(ada.subject_id)
    assert {each.partner_id for each in noted} == {partner("bikes").id, partner("bank").id}


def test_without_consent_and_without_a_link_nothing_is_told(ada: people.AccountEntry) -> None:
    people.stop_sharing(ada, partner("bank").id, at_us=9)
    with pytest.raises(Problem, match=r"people\.not_shared"):
        shared_balance(partner("bank"), "customer-7")
    with pytest.raises(Problem, match=r"people\.person_unknown"):
        shared_balance(partner("bikes"), "customer-7")
