"""A partner reads the balance of a person who lets it, under an agreement that allows it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from surfaces.partner_api.reports import batch, event
from surfaces.partner_api.signing import Answer, Partner
from tanzhang.apps.activities.api import drain
from tanzhang.apps.partners.api import AgreementKind, Terms, agree, partner
from tanzhang.apps.people import api as people

pytestmark = pytest.mark.database


@pytest.fixture
def reader(bikes: Partner) -> Partner:
    """A partner with an agreement to read balances."""
    agree(partner("bikes").id, Terms(AgreementKind.READ_BALANCE), by="the tests")
    return bikes


def balance(caller: Partner, **asked: Any) -> Answer:
    """Reads, without an Idempotency-Key."""
    signed = {"content_type": "application/json", "idempotency_key": ""}
    return caller.post("/v1/balance:read", json.dumps(asked).encode(), signed=signed)


def test_without_an_agreement_nothing_is_read(bikes: Partner) -> None:
    assert balance(bikes, person="ada").code == "SCOPE_DENIED"


def test_nobody_and_nobody_who_allows_it_are_told_apart(reader: Partner) -> None:
    assert balance(reader, person="nobody").code == "NOT_FOUND"
    assert balance(reader).code == "SCHEMA_INVALID"
    assert balance(reader, person="").code == "SCHEMA_INVALID"
    assert balance(reader, person="ada", more=1).code == "SCHEMA_INVALID"


def test_a_person_who_lets_it_be_read_is_read(reader: Partner) -> None:
    reader.post("/v1/events:batch", batch(event("e1")))
    drain()
    [ref] = people.person_refs(people.installation_secret(), "bikes", ["ada"])
    account = people.account_by_ref(partner("bikes").id, ref)
    assert account
    assert balance(reader, person="ada").code == "CONSENT_MISSING"
    text = people.current_wording(people.SHARE_BALANCE)
    people.share(account, partner("bikes").id, text_id=text.id, at_us=0)
    told = balance(reader, person="ada").json()
    [row] = told["rows"]
    assert told["reduction_mg"] == row["reduction_mg"] > 0
    assert (row["source"], row["scene"]) == ("bikes", "bike")


def test_each_call_reads_anew_even_under_one_key(reader: Partner) -> None:
    reader.post("/v1/events:batch", batch(event("e1")))
    drain()
    [ref] = people.person_refs(people.installation_secret(), "bikes", ["ada"])
    account = people.account_by_ref(partner("bikes").id, ref)
    assert account
    text = people.current_wording(people.SHARE_BALANCE)
    people.share(account, partner("bikes").id, text_id=text.id, at_us=0)
    signed = {"content_type": "application/json", "idempotency_key": "k"}

    def read() -> Answer:
        return reader.post("/v1/balance:read", b'{"person":"ada"}', signed=signed)

    before = read().json()["reduction_mg"]
    later = {"time": "2025-05-04T08:00:00+08:00"}
    more = event("e2", **later)
    more["data"] = more["data"] | {"ended_at": "2025-05-04T08:10:00+08:00"}
    assert reader.post("/v1/events:batch", batch(more)).json()["counts"]["accepted"] == 1
    drain()
    assert read().json()["reduction_mg"] > before > 0


def test_no_address_names_a_person(reader: Partner) -> None:
    assert reader.get("/v1/balance?person=ada").code == "NOT_FOUND"
