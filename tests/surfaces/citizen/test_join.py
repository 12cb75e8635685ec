"""From a ticket to an account: one reading, one consent, one account."""

from __future__ import annotations

import re
import time

import pytest

from clean_database import Database
from surfaces.citizen.browser import Browser, Page, a_ticket, browser
from tanzhang.apps.people.api import LIFE, account, accounts, sources_of

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]


def wording(page: Page) -> str:
    found = re.search(r'name="wording" value="([0-9a-f]{64})"', page.source)
    assert found
    return found[1]


def arrived(person: str = "gil", lang: str = "en") -> Browser:
    visitor = browser(lang)
    assert visitor.arrives(person=person).location == "/join/"
    return visitor


def test_the_consent_names_sources_purpose_choice_and_the_way_back() -> None:
    page = arrived().opens("/join/")
    for told in ("What is collected", "Bikes", "Riding · touring", "What it is for",
                 "Your choice", "How to withdraw", "Consent text, version"):  # fmt: skip
        assert told in page.text, told
    assert "自愿" in arrived("hal", "zh-hans").opens("/join/").text


def test_agreeing_opens_one_account_with_consent_for_each_source() -> None:
    visitor = arrived()
    before = len(accounts())
    answer = visitor.sends("/join/", wording=wording(visitor.opens("/join/")))
    assert answer.location == "/home/"
    assert len(accounts()) == before + 1
    home = visitor.opens("/home/")
    assert "Your carbon account is open." in home.text
    opened = account("river-gil")
    assert opened is not None
    assert all(source.is_live and source.wording for source in sources_of(opened.id))
    assert len(sources_of(opened.id)) == 2


def test_a_second_tap_finds_the_account_and_asks_nothing() -> None:
    visitor = arrived()
    visitor.sends("/join/", wording=wording(visitor.opens("/join/")))
    elsewhere = browser()
    assert elsewhere.arrives().location == "/home/"
    assert elsewhere.opens("/home/").status == 200
    assert len([one for one in accounts() if one.handle == "river-gil"]) == 1


def test_a_hand_over_that_was_left_open_opens_nothing_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    visitor = arrived()
    agreed = wording(visitor.opens("/join/"))
    before = len(accounts())
    later = time.time() + LIFE.total_seconds() + 1
    monkeypatch.setattr("tanzhang.surfaces.citizen.guest.time.time", lambda: later)
    assert visitor.sends("/join/", wording=agreed).location == "/"
    assert len(accounts()) == before


def test_nothing_is_opened_before_she_agrees() -> None:
    visitor = arrived()
    visitor.opens("/join/")
    assert account("river-gil") is None
    assert visitor.opens("/home/").location == "/log-in/"


def test_who_agrees_to_other_words_reads_the_present_ones_first() -> None:
    visitor = arrived()
    page = visitor.sends("/join/", wording="0" * 64)
    assert page.status == 200
    assert "What is collected" in page.text
    assert account("river-gil") is None


def test_a_ticket_opens_once_and_a_false_one_never() -> None:
    ticket = a_ticket()
    assert browser().opens("/join/", ticket=ticket).location == "/join/"
    for bad in (ticket, "nonsense"):
        page = browser().opens("/join/", ticket=bad)
        assert page.status == 403
        assert "This link can no longer be used." in page.text


def test_who_is_known_elsewhere_to_a_source_is_told_so() -> None:
    visitor = browser()
    session_before = visitor.arrives(person="ada")  # bikes and bank know river-ada by this name
    assert session_before.location == "/home/"


def test_without_a_ticket_there_is_nothing_to_join() -> None:
    assert browser().opens("/join/").location == "/"


def test_where_people_are_real_the_handle_is_drawn(database: Database) -> None:
    database.turn("live")
    visitor = arrived()
    visitor.sends("/join/", wording=wording(visitor.opens("/join/")))
    assert account("river-gil") is None
    assert len(accounts()) > 0


def test_logging_in_gives_the_session_a_new_name() -> None:
    visitor = arrived()
    before = visitor.client.session.session_key
    visitor.sends("/join/", wording=wording(visitor.opens("/join/")))
    assert visitor.client.session.session_key != before
