"""Everything that a person can ask for, in one press or two, and what became of it."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from surfaces.citizen.browser import Browser, logged_in
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people
from tanzhang.apps.people.api import AccountEntry, RequestState
from tanzhang.surfaces.citizen.views.rights import WISHES

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]


def bo() -> AccountEntry:
    found = people.account("river-bo")
    assert found is not None
    return found


def asks(browser: Browser, kind: str, words: str = "") -> str:
    """Send a wish; where it leads."""
    return browser.sends("/me/rights/ask/", kind=kind, words=words).location


def number_of_the_request() -> int:
    with bulk_transaction() as cursor:
        (found,) = people.requests_of(cursor, bo().subject_id)
    return found.id


def test_the_page_is_one_press_from_me_and_offers_everything() -> None:
    browser = logged_in("river-bo")
    assert 'href="/me/rights/"' in browser.opens("/me/").source
    page = browser.opens("/me/rights/")
    assert page.status == 200
    for way in ("/me/readers/", "/me/rights/decisions/", "/me/rights/copy/"):
        assert way in page.source
    assert list(re.findall(r'name="kind" value="(\w+)"', page.source)) == [
        wish.kind for wish in WISHES
    ]


@pytest.mark.parametrize("wish", WISHES, ids=lambda wish: str(wish.kind))
def test_each_wish_is_written_down_with_its_last_day(wish: object) -> None:
    browser, kind = logged_in("river-bo"), str(wish.kind)  # type: ignore[attr-defined]
    assert asks(browser, kind, "请看一看 <b>") == "/me/rights/#cases"
    page = browser.opens("/me/rights/")
    assert "answer by" in page.text
    assert "请看一看 &lt;b&gt;" in page.source


def test_a_wish_that_needs_words_is_shown_again_without_them() -> None:
    browser = logged_in("river-bo")
    page = browser.sends("/me/rights/ask/", kind="correct", words=" ")
    assert page.location == ""
    assert "This field is required." in page.text
    assert "Nothing so far." in page.text


@pytest.mark.parametrize("kind", ["", "everything", "access"])
def test_what_is_no_wish_is_not_written_down(kind: str) -> None:
    assert (
        "Nothing so far."
        in logged_in("river-bo").sends("/me/rights/ask/", kind=kind, words="x").text
    )


def test_asking_twice_says_that_it_is_written_down_already() -> None:
    browser = logged_in("river-bo")
    asks(browser, "restrict")
    page = browser.sends("/me/rights/ask/", kind="restrict")
    assert page.status == 409
    assert "You have asked for this already." in page.text


def test_the_answer_is_read_on_the_same_page() -> None:
    browser = logged_in("river-bo")
    asks(browser, "explain", "why?")
    with bulk_transaction() as cursor:
        people.take_step(
            cursor,
            number_of_the_request(),
            RequestState.DONE,
            by="operator:wang",
            words="A limit of the day was used up.",
        )
    page = browser.opens("/me/rights/")
    assert "Answer: A limit of the day was used up." in page.text
    assert "Take back" not in page.text


def test_a_request_can_be_taken_back_by_who_made_it_alone() -> None:
    browser = logged_in("river-bo")
    asks(browser, "delete")
    number = str(number_of_the_request())
    stranger = logged_in("river-cy").sends("/me/rights/take-back/", what="request", number=number)
    assert stranger.status == 409
    assert browser.sends("/me/rights/take-back/", what="request", number=number).location
    assert "Taken back by you" in browser.opens("/me/rights/").text


@pytest.mark.parametrize("number", ["", "x", "9999", "-1", "٣", "9" * 30])
def test_what_is_not_there_cannot_be_taken_back(number: str) -> None:
    page = logged_in("river-bo").sends("/me/rights/take-back/", what="appeal", number=number)
    assert page.status == 409


def test_an_appeal_about_the_account_can_be_taken_back() -> None:
    browser = logged_in("river-bo")
    asks(browser, "appeal", "why frozen?")
    (number,) = re.findall(r'name="number" value="(\d+)"', browser.opens("/me/rights/").source)
    browser.sends("/me/rights/take-back/", what="appeal", number=number)
    assert "Taken back by you" in browser.opens("/me/rights/").text


def test_a_copy_is_one_press_and_is_noted() -> None:
    browser = logged_in("river-bo")
    answer = browser.client.post("/me/rights/copy/")
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Cache-Control"] == "no-store"
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert {"export.json", "index.html", "tables/accounts.csv"} <= set(names)
    page = browser.opens("/me/readers/")
    assert "Made a copy of everything that is kept of you" in page.text


def test_nobody_without_a_log_in_gets_anything() -> None:
    from django.test import Client

    stranger = Browser(Client())
    for path in ("/me/rights/", "/me/readers/", "/me/rights/decisions/"):
        assert stranger.opens(path).location == "/log-in/"
    assert stranger.sends("/me/rights/copy/").location == "/log-in/"
