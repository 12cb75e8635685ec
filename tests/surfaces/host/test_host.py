"""The sample bank: somebody to be, an icon to tap, something to do; and only in a demonstration."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from clean_database import Database
from tanzhang.apps.activities.api import drain, statement
from tanzhang.apps.catalogue.api import load_catalogue, rulebook_in_force
from tanzhang.apps.people.api import account
from tanzhang.engine.packs import PackLibrary, load_packs

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("citic")]


@pytest.fixture(scope="module")
def library() -> PackLibrary:
    """All packs, read once."""
    return load_packs()


@pytest.fixture
def citic(database: object, library: PackLibrary) -> None:
    """The demonstration's programme."""
    load_catalogue(library, ["citic"])


def customer() -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.post("/host/customer/", {"person": "sample-1"})
    return client


def joined() -> Client:
    client = customer()
    address = client.post("/host/join/").headers["Location"]
    page = client.get(address).content.decode()
    fields = re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', page)
    (action,) = re.findall(r'<form method="post" action="([^"]+)" class="stack">', page)
    client.post(action, dict(fields))
    return client


def text(client: Client) -> str:
    return client.get("/host/").content.decode()


def test_everybody_in_it_is_marked_as_fictitious() -> None:
    assert "do not exist" in text(Client(HTTP_ACCEPT_LANGUAGE="en"))
    assert "Fictitious customer" in text(customer())
    assert "示例银行（虚构）" in Client().get("/host/").content.decode()


def test_the_icon_opens_an_account_and_a_tap_brings_an_act() -> None:
    client = joined()
    answer = client.post("/host/play/", {"scene": "metro"}, follow=True)
    assert "The act is reported" in answer.content.decode()
    drain()
    found = account("citic-sample-1")
    assert found is not None
    (line,) = statement(found, rulebook_in_force()).events
    assert (line.scene, line.status) == ("metro", "credited")


def test_two_taps_are_two_acts() -> None:
    client = joined()
    for _ in range(2):
        client.post("/host/play/", {"scene": "shared-bike"})
    drain()
    found = account("citic-sample-1")
    assert found is not None
    lines = statement(found, rulebook_in_force()).events
    assert [line.status for line in lines] == ["credited", "credited"]


def test_an_act_without_consent_is_refused_in_words() -> None:
    client = joined()
    from tanzhang.apps.partners.api import partner

    source = str(partner("metro-demo").id)
    wish = {"purpose": "collect", "source": source, "wish": "withdraw"}
    client.post("/me/consents/decide/", wish)
    answer = client.post("/host/play/", {"scene": "metro"}, follow=True)
    assert "consent" in answer.content.decode().lower()
    found = account("citic-sample-1")
    assert found is not None
    drain()
    assert statement(found, rulebook_in_force()).events == []


@pytest.mark.parametrize("scene", ["", "nowhere", "household-electricity"])
def test_what_has_no_button_cannot_be_played(scene: str) -> None:
    client = joined()
    assert client.post("/host/play/", {"scene": scene}).headers["Location"] == "/host/"
    drain()
    found = account("citic-sample-1")
    assert found is not None
    assert statement(found, rulebook_in_force()).events == []


def test_without_a_customer_there_is_nobody_to_hand_over() -> None:
    assert Client().post("/host/join/").headers["Location"] == "/host/"
    assert Client().post("/host/play/", {"scene": "metro"}).headers["Location"] == "/host/"


@pytest.mark.parametrize(("kind", "status"), [("sandbox", 200), ("live", 404)])
def test_where_people_are_real_there_is_no_such_bank(
    database: Database, kind: str, status: int
) -> None:
    client = customer()
    database.turn(kind)
    assert client.get("/host/").status_code == status
    if kind == "live":
        for path in ("customer", "join", "play"):
            assert client.post(f"/host/{path}/", {"scene": "metro"}).status_code == 404
