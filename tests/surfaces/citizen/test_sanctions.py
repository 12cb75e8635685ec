"""Whoever is sanctioned reads by whom, until when, and appeals; nothing else is open to her."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from surfaces.citizen.browser import Browser, browser, logged_in
from tanzhang.apps.activities import api as activities
from tanzhang.apps.activities.models import Sanction
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people
from tanzhang.stored_time import microseconds
from tanzhang.surfaces.citizen.sanctions import sanction_of

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

PHONE = "13800000001"


def bo() -> people.AccountEntry:
    found = people.account("river-bo")
    assert found is not None
    return found


def sanction(*steps: int) -> None:
    for step in steps:
        activities.sanction(bo().id, step, by="ling", note="forty accounts on one phone")


def logs_in(lang: str = "en") -> Browser:
    visitor = browser(lang)
    asked = visitor.sends("/log-in/", phone=PHONE)
    (code,) = re.findall(r"\b(\d{6})\b", visitor.opens(asked.location).text)
    assert visitor.sends(asked.location, code=code).location == "/home/"
    return visitor


def test_a_sanctioned_person_logs_in_reads_until_when_and_appeals() -> None:
    people.link_phone(bo(), PHONE)
    open_before = logged_in("river-bo")
    sanction(1, 2)
    for visitor in (logs_in(), open_before):
        assert visitor.opens("/home/").location == "/me/rights/"
        told = visitor.opens("/me/rights/").text
        assert "This account is frozen by a sanction" in told
        assert "its owner has died" not in told
        found = sanction_of(bo())
        assert found is not None and found.until_us is not None
        ends = microseconds(timezone.now() + timedelta(days=7)) - found.until_us
        assert 0 <= ends < 3_600_000_000
        assert f"People at {found.operator} took it" in told
        assert "It ends on" in told
    visitor.sends("/me/rights/ask/", kind="appeal", words="it is one phone for my whole family")
    with bulk_transaction() as cursor:
        (appeal,) = activities.appeals_of(cursor, bo().subject_id)
    assert appeal.is_open


def test_a_sanction_for_good_says_so_in_chinese_too() -> None:
    people.link_phone(bo(), PHONE)
    sanction(1, 2, 3, 4)
    told = logs_in("zh-hans").opens("/me/rights/").text
    assert "该账户因处置而被冻结" in told
    assert "没有期限" in told


def test_a_restriction_that_was_lifted_changes_nothing_of_what_she_reads() -> None:
    visitor = logged_in("river-bo")
    sanction(1, 2)
    number = bo().id
    with bulk_transaction() as cursor:
        people.set_account_state(cursor, [number], people.State.RESTRICTED, "case 12")
        people.lift_restriction(cursor, number, "case 12 is over")
    told = visitor.opens("/me/rights/")
    assert (told.status, "It ends on" in told.text) == (200, True)
    found, taken = sanction_of(bo()), Sanction.objects.latest("id")
    assert found is not None and taken.until is not None
    assert found.until_us == microseconds(taken.until)


@pytest.mark.parametrize("path", ["", "identity/", "family/", "closing/", "consents/", "photos/"])
def test_every_other_page_leads_there(path: str) -> None:
    visitor = logged_in("river-bo")
    sanction(1, 2)
    assert visitor.opens(f"/me/{path}").location == "/me/rights/"


def test_her_copy_and_who_read_her_data_stay_hers() -> None:
    visitor = logged_in("river-bo")
    sanction(1, 2)
    assert visitor.opens("/me/readers/").status == 200
    assert visitor.client.post("/me/rights/copy/")["Content-Type"] == "application/zip"


def test_a_warning_freezes_nothing() -> None:
    visitor = logged_in("river-bo")
    sanction(1)
    assert visitor.opens("/me/").status == 200
    assert "frozen by a sanction" not in visitor.opens("/me/rights/").text


def test_of_a_death_nothing_is_said_and_nothing_is_open() -> None:
    visitor = logged_in("river-bo")
    sanction(1, 2)
    case = people.report_death(bo().id, by="wang", reason="her son came", documents=[b"x" * 32])
    step = people.propose_step(case, "confirm_death", by="wang", note="certificate seen")
    people.decide_case(step, approve=True, by="li", note="seen too")
    assert visitor.opens("/me/rights/").location == "/log-in/"
