"""Suspicions at the console: what is at stake, and two persons who decide."""

from __future__ import annotations

import pytest

from river.books import balance, key
from river.thief import AFTER, FORGED, carry_all, deliver, distrust, two_keys
from surfaces.console.desk import sit_down
from tanzhang.apps.activities.api import drain, suspicion

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]


@pytest.fixture
def number() -> int:
    """A suspicion about six acts of two people, all held."""
    keys = two_keys()
    deliver(keys.stolen, AFTER, *FORGED)
    drain()
    opened = distrust(keys.stolen)
    carry_all()
    return opened


def test_the_list_and_the_page_say_what_is_at_stake(number: int) -> None:
    desk = sit_down("somebody", "reader")
    assert "bikes" in desk.reads("suspicions/").text
    page = desk.reads(f"suspicions/{number}/").text
    assert "nothing is decided" in page
    assert "Acts 6 People 2" in page
    assert "a stolen laptop" in page
    assert "Propose that" not in page
    assert desk.reads("suspicions/99/").status == 404


def test_one_proposes_another_approves_and_both_are_written_down(number: int) -> None:
    ling, mei = sit_down("ling", "operator", "approver"), sit_down("mei", "approver")
    assert ling.sends(f"suspicions/{number}/confirm/", {"note": " "}).status == 409
    assert ling.sends(f"suspicions/{number}/confirm/", {"note": "in its journal"}).status == 302
    assert "another person has to decide" in ling.reads(f"suspicions/{number}/").text
    assert ling.sends(f"suspicions/{number}/approve/", {"note": "yes"}).status == 409
    assert suspicion(number).state == "proposed"
    assert mei.sends(f"suspicions/{number}/approve/", {"note": "seen it"}).status == 302
    carry_all()
    assert suspicion(number).state == "confirmed"
    assert balance("river-cy") != (0, 0)
    page = mei.reads(f"suspicions/{number}/").text
    assert f"ling proposed how suspicion {number} ends. in its journal" in page
    assert f"mei approved how suspicion {number} ends. seen it" in page


def test_a_proposal_is_declined_or_withdrawn_and_a_reversal_is_for_good(number: int) -> None:
    ling, mei = sit_down("ling", "operator"), sit_down("mei", "approver")
    page = f"suspicions/{number}/"
    ling.sends(f"{page}reverse/", {"note": "nobody knows them"})
    assert mei.sends(f"{page}decline/", {"note": "ask again"}).status == 302
    ling.sends(f"{page}confirm/", {"note": "oh"})
    assert ling.sends(f"{page}withdraw/", {"note": "no"}).status == 302
    assert suspicion(number).state == "open"
    ling.sends(f"{page}reverse/", {"note": "asked again"})
    assert mei.sends(f"{page}approve/", {"note": "agreed"}).status == 302
    carry_all()
    assert suspicion(number).state == "reversed"
    assert balance("river-cy") == (0, 0)
    assert ling.sends(f"{page}confirm/", {"note": "after all"}).status == 409


def test_one_person_cannot_release_what_a_suspicion_holds(number: int) -> None:
    assert number == 1
    desk = sit_down("ling", "operator")
    event = key("bikes", "t11").hex()
    refused = desk.sends(f"acts/{event}/release/", {"note": "looks fine"})
    assert refused.status == 409
    assert "one person cannot release it" in refused.text
    drain()
    assert balance("river-ada") == (0, 0)


def test_who_may_only_look_decides_nothing(number: int) -> None:
    for path in ("confirm", "reverse", "approve", "decline", "withdraw"):
        sent = sit_down("somebody", "reader").sends(f"suspicions/{number}/{path}/", {"note": "x"})
        assert sent.status == 403
