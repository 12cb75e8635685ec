"""One event can be asked for by its own id, however the partner writes it."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from surfaces.partner_api.reports import batch, event
from surfaces.partner_api.signing import Partner

pytestmark = pytest.mark.database


@pytest.mark.parametrize("external_id", ["e1", "trip/7", "订单 8", "a?b&c#d%20", "a:b@c~d"])
def test_an_event_is_told_whatever_its_id(bikes: Partner, external_id: str) -> None:
    taken = bikes.post("/v1/events:batch", batch(event(external_id))).json()
    said = bikes.get(f"/v1/events?id={quote(external_id, safe='')}").json()
    assert said["id"] == external_id
    assert said["deliveries"][0]["batch_id"] == taken["batch_id"]


def test_a_plain_id_may_stand_in_the_path(bikes: Partner) -> None:
    bikes.post("/v1/events:batch", batch(event("a:b@c~d.e-f_1")))
    assert bikes.get("/v1/events/a:b@c~d.e-f_1").json()["revisions"] == [0]


def test_another_partners_event_is_as_if_it_did_not_exist(bikes: Partner, bank: Partner) -> None:
    bikes.post("/v1/events:batch", batch(event("e1")))
    foreign = bank.get("/v1/events/e1")
    assert (foreign.status, foreign.code) == (404, "NOT_FOUND")


def test_the_query_must_name_an_id(bikes: Partner) -> None:
    answer = bikes.get("/v1/events")
    assert (answer.status, answer.code) == (422, "SCHEMA_INVALID")
    assert answer.json()["where"] == ["id"]
