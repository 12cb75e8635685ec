"""A partner opens addresses, looks at what was delivered there, and has it delivered again."""

from __future__ import annotations

import json
from typing import Any

import pytest

from surfaces.partner_api.signing import Answer, Partner
from tanzhang.apps.partners.api import endpoint_secret, partner, tell

pytestmark = pytest.mark.database

URL = "https://hooks.example.cn/in"
SETTLED = "cn.tanzhang.batch.settled.v1"


def post(caller: Partner, path: str, **said: Any) -> Answer:
    body = json.dumps(said).encode()
    return caller.post(path, body, signed={"content_type": "application/json"})


def test_an_opened_address_is_listed_without_its_secret(bikes: Partner, bank: Partner) -> None:
    made = post(bikes, "/v1/webhooks", url=URL, kinds=[SETTLED]).json()
    assert made.pop("secret") == endpoint_secret(int(made["id"].removeprefix("we_")))
    assert bikes.get("/v1/webhooks").json() == {"webhooks": [made]}
    assert bank.get("/v1/webhooks").json() == {"webhooks": []}


def test_a_closed_address_stays_in_the_list_as_closed(bikes: Partner, bank: Partner) -> None:
    made = post(bikes, "/v1/webhooks", url=URL).json()
    assert bank.call("DELETE", f"/v1/webhooks/{made['id']}").status == 404
    assert bikes.call("DELETE", f"/v1/webhooks/{made['id']}").status == 200
    [listed] = bikes.get("/v1/webhooks").json()["webhooks"]
    assert listed["closed_at"] is not None


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({}, ["url"]),
        ({"url": 5}, ["url"]),
        ({"url": URL, "kinds": []}, ["kinds"]),
        ({"url": URL, "kinds": ["everything"]}, ["kinds.0"]),
        ({"url": URL, "more": 1}, ["more"]),
    ],
)
def test_what_is_no_address_is_refused_with_its_place(
    bikes: Partner, said: dict[str, Any], where: list[str]
) -> None:
    answer = post(bikes, "/v1/webhooks", **said)
    assert (answer.status, answer.code, answer.json()["where"]) == (422, "SCHEMA_INVALID", where)


def test_an_address_that_is_open_already_is_refused(bikes: Partner) -> None:
    post(bikes, "/v1/webhooks", url=URL)
    assert post(bikes, "/v1/webhooks", url=URL).code == "SCHEMA_INVALID"


def test_deliveries_are_told_and_replayed(bikes: Partner, bank: Partner) -> None:
    post(bikes, "/v1/webhooks", url=URL)
    message = tell(partner("bikes").id, SETTLED, "batch-1", {})
    [line] = bikes.get("/v1/deliveries?state=waiting").json()["deliveries"]
    assert (line["message"], line["kind"], line["attempts"]) == (message, SETTLED, 0)
    assert bikes.get("/v1/deliveries?state=dead").json() == {"deliveries": []}
    assert bank.get("/v1/deliveries").json() == {"deliveries": []}
    assert post(bikes, "/v1/deliveries:replay", message=message).json() == {"deliveries": 1}
    assert post(bank, "/v1/deliveries:replay", message=message).status == 404
    span = {"since": "2020-01-01T00:00:00Z", "until": "2100-01-01T00:00:00Z"}
    assert post(bikes, "/v1/deliveries:replay", **span).json() == {"deliveries": 1}


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"message": "msg_" + "0" * 32, "since": "2020-01-01T00:00:00Z"},
        {"since": "2020-01-01T00:00:00Z"},
        {"since": "2020-01-01T00:00:00", "until": "2021-01-01T00:00:00Z"},
    ],
)
def test_a_replay_names_a_message_or_a_whole_span(bikes: Partner, said: dict[str, Any]) -> None:
    assert post(bikes, "/v1/deliveries:replay", **said).code == "SCHEMA_INVALID"


def test_an_unknown_state_is_refused(bikes: Partner) -> None:
    assert bikes.get("/v1/deliveries?state=lost").code == "SCHEMA_INVALID"
