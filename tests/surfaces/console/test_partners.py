"""A partner's papers at the console, and the switch that needs a reason and is written down."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from surfaces.console.desk import sit_down
from tanzhang.apps.partners import api as partners
from tanzhang.crypto.keys import Algorithm, generate

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("acts")]


def bikes() -> int:
    return partners.partner("bikes").id


def test_keys_and_agreements_are_shown_with_their_state() -> None:
    old = partners.add_key(bikes(), generate(Algorithm.SM2).public)
    partners.revoke_key(bikes(), old, compromised_since=timezone.now() - timedelta(days=1))
    partners.add_key(bikes(), generate(Algorithm.P256).public)
    terms = partners.Terms(
        partners.AgreementKind.REPORT,
        ["walk"],
        items_a_day=1234,
        valid_from=timezone.now() + timedelta(days=9),
    )
    partners.agree(bikes(), terms, by="li", own_scenes=["walk"])
    page = sit_down("somebody", "reader").reads("partners/bikes/")
    assert page.status == 200
    for words in (f"{old} sm2 to sign revoked", "p256 to sign live", "reports acts announced walk"):
        assert words in page.text
    assert "1,234" in page.text
    assert "Suspend this partner" not in page.text


def test_an_operator_switches_a_partner_off_and_on_with_a_reason() -> None:
    desk = sit_down("ling", "operator")
    assert "Suspend this partner" in desk.reads("partners/bikes/").text
    assert desk.sends("partners/bikes/suspend/", {"note": " "}).status == 409
    assert partners.standing(bikes()) is partners.Standing.ACTIVE
    assert desk.sends("partners/bikes/suspend/", {"note": "odd reports"}).status == 302
    [change] = partners.standing_changes(bikes())
    assert (change.standing, change.reason, change.changed_by) == (
        "suspended",
        "odd reports",
        "ling",
    )
    page = desk.reads("partners/bikes/").text
    assert "ling suspended the partner bikes. odd reports" in page
    assert "Resume this partner" in page
    assert "suspended" in desk.reads("partners/").text
    assert desk.sends("partners/bikes/resume/", {"note": "explained"}).status == 302
    assert "ling resumed the partner bikes. explained" in desk.reads("partners/bikes/").text
    assert partners.standing(bikes()) is partners.Standing.ACTIVE


def test_what_is_refused_is_not_written_down() -> None:
    desk = sit_down("ling", "operator")
    assert desk.sends("partners/bikes/resume/", {"note": "again"}).status == 409
    partners.close(bikes(), reason="the contract ended", by="li")
    assert desk.sends("partners/bikes/suspend/", {"note": "again"}).status == 409
    page = desk.reads("partners/bikes/").text
    assert "resumed the partner" not in page
    assert "this partner" not in page
    assert desk.sends("partners/nobody/suspend/", {"note": "why"}).status == 404
