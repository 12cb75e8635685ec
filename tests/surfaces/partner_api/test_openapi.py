"""The document knows every code, and its bodies are those that are really sent."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs
import pytest

from surfaces.partner_api.reports import batch, event
from surfaces.partner_api.signing import Partner, asked
from tanzhang.surfaces.partner_api import openapi
from tanzhang.surfaces.partner_api.codes import CODES
from tanzhang.surfaces.partner_api.endpoints import RULES


def test_every_code_appears_with_its_status_and_an_example() -> None:
    answers = openapi.document()["components"]["responses"]
    shown = {
        (name, int(status))
        for status, answer in answers.items()
        for name in answer["content"]["application/problem+json"]["examples"]
    }
    assert shown == {(name, code.status) for name, code in CODES.items()}
    schema = openapi.document()["components"]["schemas"]["Refusal"]
    assert schema["properties"]["code"]["enum"] == list(CODES)


def test_every_endpoint_is_described_and_says_whether_it_is_signed() -> None:
    described = {
        (path[1:].replace("{", "<").replace("}", ">"), method.upper()): said["security"]
        for path, methods in openapi.document()["paths"].items()
        for method, said in methods.items()
    }
    rules = {(route, m): rule for route, methods in RULES.items() for m, rule in methods.items()}
    assert described.keys() == rules.keys()
    for place, security in described.items():
        assert security == ([] if rules[place].is_public else [{"PCA1": []}])


def test_every_reference_leads_somewhere() -> None:
    text = openapi.text().decode()
    document = openapi.document()
    for part in text.split('"$ref":"#/')[1:]:
        place: Any = document
        for step in part.partition('"')[0].split("/"):
            place = place[step]


def test_it_is_openapi_3_1_and_says_so() -> None:
    assert openapi.document()["openapi"].startswith("3.1")
    assert openapi.document()["info"]["version"] == "2026-11-01"


@pytest.mark.database
def test_examples_of_events_fit_the_schema_and_are_taken(bikes: Partner) -> None:
    (example,) = openapi.document()["components"]["schemas"]["Event"]["examples"]
    assert fits("Batch", [example])
    assert fits("Batch", [event()])
    assert not fits("Batch", [{}])
    said = bikes.post("/v1/events:batch", batch(example | {"subject": "ada"})).json()
    assert said["items"][0]["code"] is None
    assert fits("Receipt", said)


@pytest.mark.database
def test_everybody_may_read_it() -> None:
    status, headers, body = asked("GET", "/v1/openapi.json", b"", {})
    assert (status, headers["Content-Type"]) == (200, "application/json")
    assert json.loads(body) == openapi.document()


def fits(model: str, value: Any) -> bool:
    """Whether a value is of a body of the document."""
    components = openapi.document()["components"]
    schema = {"$ref": f"#/components/schemas/{model}", "components": components}
    return bool(jsonschema_rs.Draft202012Validator(schema).is_valid(value))
