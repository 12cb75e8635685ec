"""From a host's link to an account: one reading, one consent, one account."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from clean_database import Database
from surfaces.citizen.browser import Browser, a_link, browser
from tanzhang.apps.people.api import account, accounts, sources_of
from tanzhang.surfaces.citizen.guest import LIFE

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]


def agreed(person: str = "gil") -> Browser:
    visitor = browser()
    assert visitor.goes_on(visitor.arrives(person=person)).location == "/home/"
    return visitor


def test_the_consent_names_host_sources_purpose_choice_and_the_way_back() -> None:
    page = browser().arrives()
    for told in ("Bank says that you are its customer", "What is collected", "Bikes",
                 "Riding · touring", "What it is for", "Your choice", "How to withdraw",
                 "Consent text, version"):  # fmt: skip
        assert told in page.text, told
    assert "自愿" in browser("zh-hans").arrives(person="hal").text


def test_agreeing_opens_one_account_with_consent_for_each_source() -> None:
    before = len(accounts())
    visitor = agreed()
    assert len(accounts()) == before + 1
    assert "Your carbon account is open." in visitor.opens("/home/").text
    opened = account("river-gil")
    assert opened is not None
    assert all(source.is_live and source.wording for source in sources_of(opened.id))
    assert len(sources_of(opened.id)) == 4


def test_a_second_tap_in_her_own_browser_asks_nothing() -> None:
    visitor = agreed()
    assert visitor.arrives().location == "/home/"
    assert len([one for one in accounts() if one.handle == "river-gil"]) == 1


def test_in_another_browser_a_tap_asks_before_it_opens_the_account() -> None:
    agreed()
    elsewhere = browser()
    page = elsewhere.arrives()
    assert "Bank says that you are its customer, and that river-gil is" in page.text
    assert elsewhere.opens("/home/").location == "/log-in/"
    assert elsewhere.goes_on(page).location == "/home/"
    assert "river-gil" in elsewhere.opens("/me/").text


@pytest.mark.parametrize("person", ["bo", "hal"], ids=["an account", "no account"])
def test_a_link_that_a_stranger_sent_puts_nobody_into_his_account(person: str) -> None:
    visitor = agreed()
    page = visitor.arrives(person=person)
    assert "You are logged in to river-gil. If you go on, you leave it." in page.text
    assert "river-gil" in visitor.opens("/me/").text
    forged = browser(checks_forms=True)
    assert forged.sends("/enter/", **a_link(person)).status == 403
    assert forged.opens("/home/").location == "/log-in/"


def test_a_hand_over_that_was_left_open_opens_nothing_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    visitor = browser()
    page = visitor.arrives()
    before, real = len(accounts()), time.time
    late = datetime.fromtimestamp(real() + LIFE.total_seconds() + 1, UTC)
    monkeypatch.setattr("tanzhang.apps.partners.entry.links.timezone.now", lambda: late)
    assert visitor.goes_on(page).status == 403
    assert len(accounts()) == before


def test_a_guest_who_has_not_agreed_yet_is_forgotten_after_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    visitor = browser()
    page = visitor.sends("/enter/", **a_link(), wording="0" * 64)
    assert "What is collected" in visitor.opens("/join/").text  # loading again asks again
    before, real = len(accounts()), time.time
    later = real() + LIFE.total_seconds() + 1
    monkeypatch.setattr("tanzhang.surfaces.citizen.guest.time.time", lambda: later)
    assert visitor.goes_on(page).location == "/"
    assert len(accounts()) == before


def test_nothing_is_opened_before_she_agrees() -> None:
    visitor = browser()
    visitor.arrives()
    assert account("river-gil") is None
    assert visitor.opens("/home/").location == "/log-in/"


def test_who_agrees_to_other_words_reads_the_present_ones_first() -> None:
    visitor = browser()
    page = visitor.sends("/enter/", **a_link(), wording="0" * 64)
    assert page.status == 200
    assert "What is collected" in page.text
    assert account("river-gil") is None
    assert visitor.goes_on(page).location == "/home/"


def test_who_is_known_to_a_source_already_is_led_to_her_account() -> None:
    # Bikes and bank know river-ada by this name.
    assert "river-ada is your carbon account" in browser().arrives(person="ada").text


def test_without_a_hand_over_there_is_nothing_to_join() -> None:
    assert browser().opens("/join/").location == "/"


def test_where_people_are_real_the_handle_is_drawn(database: Database) -> None:
    database.turn("live")
    agreed()
    assert account("river-gil") is None
    assert len(accounts()) > 0


def test_logging_in_gives_the_session_a_new_name() -> None:
    visitor = browser()
    page = visitor.sends("/enter/", **a_link(), wording="0" * 64)
    before = visitor.client.session.session_key
    visitor.goes_on(page)
    assert visitor.client.session.session_key != before
