"""Impact assessments at the console: one proposes, another approves, and both are written down."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User

from surfaces.console.desk import sit_down
from tanzhang.apps.people.api import assessment, assessments
from tanzhang.apps.people.consenting import thresholds

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

PROPOSAL = {
    "partner": "bikes",
    "purpose": "collect",
    "necessity": "a distance counts a ride",
    "impact": "little: no places",
    "measures": "keyed references",
    "until": f"{datetime.now(UTC) + timedelta(days=30):%Y-%m-%d}",
    "country": "cn",
    "owner": "ling",
}


@pytest.fixture
def number() -> int:
    """An assessment that ling has proposed."""
    ling = sit_down("ling", "operator", "approver")
    assert ling.sends("assessments/propose/", PROPOSAL).status == 302
    return assessments()[0].id


def test_two_persons_put_an_assessment_into_force(number: int) -> None:
    ling, mei = sit_down("ling", "operator", "approver"), sit_down("mei", "approver")
    entry = assessment(number)
    assert "bike/distance_m" in entry.fields
    assert (entry.country, entry.decision) == ("CN", "")
    assert "another person has to decide" in ling.reads(f"assessments/{number}/").text
    assert ling.sends(f"assessments/{number}/approve/", {"note": "yes"}).status == 409
    assert mei.sends(f"assessments/{number}/approve/", {"note": "read it"}).status == 302
    page = mei.reads(f"assessments/{number}/").text
    assert "in force" in page
    assert f"mei approved impact assessment {number}. read it" in page
    assert "People with an account 6" in mei.reads("assessments/").text


def test_an_assessment_holds_until_the_end_of_its_day_in_china(number: int) -> None:
    assert f"{assessment(number).valid_until.astimezone(UTC):%Y-%m-%d %H:%M}" == (
        f"{PROPOSAL['until']} 16:00"
    )
    ling = sit_down("ling", "operator", "approver")
    for never in ("9999-12-31", "2027-02-30"):
        assert ling.sends("assessments/propose/", PROPOSAL | {"until": never}).status == 409


def test_numbers_of_people_stand_beside_the_thresholds_of_the_law(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mei = sit_down("mei", "approver")
    page = mei.reads("assessments/").text
    assert "1,000,000 6 Not reached Name a person responsible" in page
    assert " Reached " not in page
    law = {"zh": "某法第一条", "en": "An act, article 1"}
    reached = thresholds.Threshold("mine", "persons", 6, law, {"zh": "去做。", "en": "Do it."})
    monkeypatch.setattr(thresholds, "_thresholds", lambda: (reached,))
    assert "6 6 Reached Do it. An act, article 1" in mei.reads("assessments/").text


def test_every_connection_has_somebody_who_answers_for_it(number: int) -> None:
    mei = sit_down("mei", "operator", "approver")
    assert assessment(number).owner == "ling"
    assert "Who answers for the connection ling" in mei.reads(f"assessments/{number}/").text
    assert "CN ling" in mei.reads("assessments/").text
    for nobody in ("", "nobody-here"):
        assert mei.sends("assessments/propose/", PROPOSAL | {"owner": nobody}).status == 409
    assert len(assessments()) == 1


def test_a_connection_whose_owner_has_left_is_seen(number: int) -> None:
    mei = sit_down("mei", "approver")
    assert "no log-in here any more" not in mei.reads(f"assessments/{number}/").text
    User.objects.filter(username="ling").update(is_active=False)
    assert "ling · has no log-in here any more" in mei.reads(f"assessments/{number}/").text
    assert "CN ling · gone" in mei.reads("assessments/").text
    mei.sends(f"assessments/{number}/decline/", {"note": "she has left"})
    assert "· gone" not in mei.reads("assessments/").text


def test_it_can_be_declined_taken_back_and_ended_with_a_certificate(number: int) -> None:
    ling, mei = sit_down("ling", "operator"), sit_down("mei", "approver")
    ling.sends(f"assessments/{number}/withdraw/", {"note": "a slip"})
    assert assessment(number).decision == "withdrawn"
    ling.sends("assessments/propose/", PROPOSAL)
    mei.sends(f"assessments/{number + 1}/decline/", {"note": "too much"})
    assert assessment(number + 1).decision == "refused"
    ling.sends("assessments/propose/", PROPOSAL)
    mei.sends(f"assessments/{number + 2}/approve/", {"note": "fine"})
    ended = {"note": "we parted", "data_left": "returned"}
    assert ling.sends(f"assessments/{number + 2}/end/", ended).status == 302
    told = json.loads(ling.reads(f"assessments/{number + 2}/certificate/").source)
    assert (told["reason"], told["data_left"]) == ("we parted", "returned")


def test_who_may_only_look_proposes_nothing_and_abroad_needs_a_mechanism() -> None:
    reader, ling = sit_down("somebody", "reader"), sit_down("ling", "operator")
    assert reader.sends("assessments/propose/", PROPOSAL).status == 403
    assert "Propose an assessment" not in reader.reads("assessments/").text
    refused = ling.sends("assessments/propose/", PROPOSAL | {"country": "SG"})
    assert refused.status == 409
    assert "by what mechanism" in refused.text
    assert ling.sends("assessments/propose/", PROPOSAL | {"until": "soon"}).status == 409
    assert assessments() == []
