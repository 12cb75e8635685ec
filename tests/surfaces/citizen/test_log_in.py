"""Logging in by phone and code, and out again."""

from __future__ import annotations

import re

import pytest

from surfaces.citizen.browser import Browser, browser

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

PHONE = "10000000001"


@pytest.fixture(autouse=True)
def gil(river: None) -> None:
    """Gil has an account that her phone opens."""
    visitor = browser()
    visitor.goes_on(visitor.arrives(phone=PHONE))


def asked(phone: str = PHONE) -> tuple[Browser, str]:
    visitor = browser()
    assert visitor.sends("/log-in/", phone=phone).location == "/log-in/code/"
    found = re.search(r"Your code is (\d{6})", visitor.opens("/log-in/code/").text)
    assert found
    return visitor, found[1]


def test_the_right_code_opens_the_account() -> None:
    visitor, code = asked()
    before = visitor.client.session.session_key
    assert visitor.sends("/log-in/code/", code=code).location == "/home/"
    assert "river-gil" in visitor.opens("/me/").text
    assert visitor.client.session.session_key != before
    assert visitor.opens("/log-in/").location == "/home/"


def test_a_wrong_code_is_refused_in_words() -> None:
    visitor, code = asked()
    page = visitor.sends("/log-in/code/", code=f"{(int(code) + 1) % 10**6:06d}")
    assert page.status == 422
    assert "This code is not the one that was sent." in page.text


def test_known_and_unknown_phones_are_answered_alike() -> None:
    known, _ = asked()
    stranger, code = asked("10000000009")
    pages = [re.sub(r"\d{6}|value=\"[^\"]+\"", "", visitor.opens("/log-in/code/").source)
             for visitor in (known, stranger)]  # fmt: skip
    assert pages[0] == pages[1]
    page = stranger.sends("/log-in/code/", code=code)
    assert "No carbon account was opened with this phone." in page.text


def test_too_many_codes_are_refused() -> None:
    for _ in range(5):
        asked()
    page = browser().sends("/log-in/", phone=PHONE)
    assert page.status == 429
    assert "Too many codes were asked for." in page.text


def test_what_is_no_phone_is_refused_in_words() -> None:
    page = browser().sends("/log-in/", phone="12")
    assert page.status == 422
    assert "This is not a phone number." in page.text


def test_the_phone_stays_out_of_the_session_and_of_the_page() -> None:
    visitor, _ = asked()
    assert PHONE not in repr(dict(visitor.client.session))
    assert PHONE not in visitor.opens("/log-in/code/").source


def test_the_page_of_the_code_needs_a_code_that_was_asked_for() -> None:
    assert browser().opens("/log-in/code/").location == "/log-in/"


def test_a_phone_that_the_host_checked_later_opens_an_older_account() -> None:
    bo = browser()
    assert bo.goes_on(bo.arrives(person="bo", phone="10000000007")).location == "/home/"
    visitor, code = asked("10000000007")
    assert visitor.sends("/log-in/code/", code=code).location == "/home/"
    assert "river-bo" in visitor.opens("/me/").text


def test_after_logging_out_the_account_is_closed_to_this_browser() -> None:
    visitor, code = asked()
    visitor.sends("/log-in/code/", code=code)
    assert visitor.sends("/log-out/").location == "/"
    assert visitor.opens("/home/").location == "/log-in/"
    assert visitor.opens("/log-out/").status == 405
