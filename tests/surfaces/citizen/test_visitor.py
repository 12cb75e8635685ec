"""A session belongs to whoever logged in last, and to nothing that came before her."""

from __future__ import annotations

import re

import pytest
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.test import RequestFactory

from surfaces.citizen.browser import browser, logged_in
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people
from tanzhang.surfaces.citizen.visitor import came, enter


@pytest.mark.database
def test_logging_in_leaves_nothing_of_an_earlier_visitor_in_the_session() -> None:
    request = RequestFactory().get("/")
    request.session = SessionStore()
    request.session["guest"] = {"programme": "river"}
    request.session["asked_code"] = 3
    request.session["host_customer"] = "sample-1"
    enter(request, 7, people.Admitted(cancelled=False), people.Way.HOST, host_id=2)
    assert {*request.session.keys()} == {"account", "came", "host_customer"}
    begun = came(request)
    assert (begun.way, begun.host_id, begun.ended) == (people.Way.HOST, 2, 0)


@pytest.mark.database
@pytest.mark.usefixtures("river")
@pytest.mark.parametrize("state", [people.State.FROZEN, people.State.ERASED])
def test_a_session_ends_with_its_account(state: people.State) -> None:
    visitor, bo = logged_in("river-bo"), people.account("river-bo")
    assert bo is not None
    assert visitor.opens("/me/").status == 200
    with bulk_transaction() as cursor:
        people.set_account_state(cursor, [bo.id], state, "death case 1")
    assert visitor.opens("/me/").location == "/log-in/"


@pytest.mark.database
@pytest.mark.usefixtures("river")
def test_the_session_of_a_person_who_has_died_stays_shut_when_her_account_is_closed() -> None:
    visitor, bo = logged_in("river-bo"), people.account("river-bo")
    assert bo is not None
    case = people.report_death(bo.id, by="wang", reason="her daughter came", documents=[b"x" * 32])
    step = people.propose_step(case, "confirm_death", by="wang", note="certificate seen")
    people.decide_case(step, approve=True, by="li", note="seen too")
    people.use_kin_right(case, "close", by="wang", note="")
    assert visitor.opens("/me/").location == "/log-in/"


@pytest.mark.database
@pytest.mark.usefixtures("river")
def test_whose_log_in_was_ended_is_told_so_once() -> None:
    visitor, bo = logged_in("river-bo"), people.account("river-bo")
    assert bo is not None
    with bulk_transaction() as cursor:
        people.note_identity(cursor, bo.id, people.EventKind.NUMBER_CHANGED)
    assert visitor.opens("/me/").location == "/log-in/"
    assert "This log-in has ended" in visitor.opens("/log-in/").text
    assert "This log-in has ended" not in visitor.opens("/log-in/").text


@pytest.mark.database
@pytest.mark.usefixtures("river")
def test_whose_account_is_restricted_reads_so_when_she_logs_in() -> None:
    bo = people.account("river-bo")
    assert bo is not None
    people.link_phone(bo, "13800000001")
    with bulk_transaction() as cursor:
        people.set_account_state(cursor, [bo.id], people.State.RESTRICTED, "by_request")
    visitor = browser()
    asked = visitor.sends("/log-in/", phone="13800000001")
    (code,) = re.findall(r"\b(\d{6})\b", visitor.opens(asked.location).text)
    page = visitor.sends(asked.location, code=code)
    assert page.status == 422
    assert "people.account_restricted" in page.text
    assert visitor.opens("/me/").location == "/log-in/"
