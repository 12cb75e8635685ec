"""A partner reads the balance of a person who lets it, under an agreement that allows it."""

from __future__ import annotations

import pytest

from surfaces.partner_api.reports import batch, event
from surfaces.partner_api.signing import Partner
from tanzhang.apps.activities.api import drain
from tanzhang.apps.partners.api import AgreementKind, Terms, agree, partner
from tanzhang.apps.people import api as people

pytestmark = pytest.mark.database


@pytest.fixture
def reader(bikes: Partner) -> Partner:
    """A partner with an agreement to read balances."""
    agree(partner("bikes").id, Terms(AgreementKind.READ_BALANCE), by="the tests")
    return bikes


def test_without_an_agreement_nothing_is_read(bikes: Partner) -> None:
    assert bikes.get("/v1/balance?person=ada").code == "SCOPE_DENIED"


def test_nobody_and_nobody_who_allows_it_are_told_apart(reader: Partner) -> None:
    assert reader.get("/v1/balance?person=nobody").code == "NOT_FOUND"
    assert reader.get("/v1/balance").code == "SCHEMA_INVALID"


def test_a_person_who_lets_it_be_read_is_read(reader: Partner) -> None:
    reader.post("/v1/events:batch", batch(event("e1")))
    drain()
    [ref] = people.person_refs(people.installation_secret(), "bikes", ["ada"])
    account = people.account_by_ref(partner("bikes").id, ref)
    assert account
    assert reader.get("/v1/balance?person=ada").code == "CONSENT_MISSING"
    text = people.current_wording(people.SHARE_BALANCE)
    people.share(account, partner("bikes").id, text_id=text.id, at_us=0)
    told = reader.get("/v1/balance?person=ada").json()
    [row] = told["rows"]
    assert told["reduction_mg"] == row["reduction_mg"] > 0
    assert (row["source"], row["scene"]) == ("bikes", "bike")
