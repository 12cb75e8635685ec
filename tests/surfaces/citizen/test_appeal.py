"""The loser of a conflict disputes it from the record's page, and reads the answer there."""

from __future__ import annotations

import pytest

from surfaces.citizen.browser import logged_in
from tanzhang.apps.activities.api import (
    Remedy,
    appeals_of,
    decide_appeal,
    statement,
)
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.api import AccountEntry, account

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("acts")]


def ada() -> AccountEntry:
    found = account("river-ada")
    assert found is not None
    return found


def loser() -> str:
    """Ada's act that lost."""
    events = statement(ada(), rulebook_in_force()).events
    (event,) = (line.event for line in events if line.status == "duplicate")
    return event


def test_the_records_page_leads_to_the_form() -> None:
    page = logged_in("river-ada").opens(f"/records/{loser()}/")
    assert f'href="/records/{loser()}/appeal/"' in page.source


def test_what_she_writes_is_decided_by_a_person_and_answered() -> None:
    browser, where = logged_in("river-ada"), f"/records/{loser()}/appeal/"
    assert "What is wrong?" in browser.opens(where).text
    assert browser.sends(where, words="我骑了两次。").location == where
    page = browser.opens(where)
    assert "我骑了两次。" in page.text
    assert "A person will look at it" in page.text
    assert "<textarea" not in page.source
    with bulk_transaction() as cursor:
        (found,) = appeals_of(cursor, ada().subject_id)
    decide_appeal(found.id, Remedy.NONE, "Both rides were at the same minute.", by="operator:wang")
    page = browser.opens(where)
    assert "Decided: it stays as it is" in page.text
    assert "Both rides were at the same minute." in page.text
    assert "Appeal again" in page.text
    assert "Both rides were at the same minute." in browser.opens("/me/rights/").text


def test_without_a_word_nothing_is_sent() -> None:
    page = logged_in("river-ada").sends(f"/records/{loser()}/appeal/", words="  ")
    assert "This field is required." in page.text


def test_a_second_appeal_waits_for_the_first() -> None:
    browser, where = logged_in("river-ada"), f"/records/{loser()}/appeal/"
    browser.sends(where, words="one")
    page = browser.sends(where, words="two")
    assert page.status == 409
    assert "You have appealed about this already." in page.text


def test_another_persons_record_is_as_if_it_did_not_exist() -> None:
    browser, where = logged_in("river-bo"), f"/records/{loser()}/appeal/"
    assert browser.opens(where).status == 404
    assert browser.sends(where, words="mine").status == 404
