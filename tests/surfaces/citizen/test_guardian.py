"""A child's account waits for a guardian, who confirms with the phone of an account of her own."""

from __future__ import annotations

import re
import time

import pytest

from surfaces.citizen.browser import Browser, browser, logged_in
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.api import (
    AccountEntry,
    State,
    account,
    needs_guardian,
    set_account_state,
)

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

MOTHERS_PHONE = "10000000031"


@pytest.fixture
def bo() -> AccountEntry:
    """Bo is under 14."""
    found = account("river-bo")
    assert found is not None
    with bulk_transaction() as cursor:
        cursor.execute(
            "insert into child (account_id, subject_id, fourteen_us) values (%s, %s, %s)",
            [found.id, found.subject_id, time.time_ns() // 1_000 + 10**12],
        )
    return found


@pytest.fixture
def mother() -> Browser:
    visitor = browser("en")
    page = visitor.arrives(person="gil", phone=MOTHERS_PHONE)
    assert visitor.goes_on(page).location == "/home/"
    return visitor


def is_waiting(child: AccountEntry) -> bool:
    with bulk_transaction() as cursor:
        return needs_guardian(cursor, child.id, time.time_ns() // 1_000)


def sends_code(child: Browser, phone: str) -> dict[str, str]:
    """The fields of the page that the guardian reads, with the code."""
    assert child.sends("/me/guardian/", phone=phone).location == "/me/guardian/code/"
    page = child.opens("/me/guardian/code/")
    assert "a parent or another guardian of the child" in page.text
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.source))
    (code,) = re.findall(r"Your code is (\d{6})", page.text)
    return fields | {"code": code}


def test_a_child_is_led_to_her_guardian_who_agrees_and_may_withdraw(
    bo: AccountEntry, mother: Browser
) -> None:
    child = logged_in("river-bo")
    assert "A guardian has to agree" in child.opens("/me/consents/").text
    assert child.opens("/me/consents/ask/").location == "/me/guardian/"
    assert is_waiting(bo)
    fields = sends_code(child, MOTHERS_PHONE)
    assert child.sends("/me/guardian/code/", **fields).location == "/me/consents/"
    assert not is_waiting(bo)
    assert "river-bo" in mother.opens("/me/consents/").text
    mother.sends("/me/consents/child/", child=str(bo.id))
    assert is_waiting(bo)


def test_a_guardian_withdraws_for_a_child_whose_account_is_restricted(
    bo: AccountEntry, mother: Browser
) -> None:
    child = logged_in("river-bo")
    child.sends("/me/guardian/code/", **sends_code(child, MOTHERS_PHONE))
    with bulk_transaction() as cursor:
        set_account_state(cursor, [bo.id], State.RESTRICTED, "by_request")
    assert "river-bo" in mother.opens("/me/consents/").text
    mother.sends("/me/consents/child/", child=str(bo.id))
    assert is_waiting(bo)


def test_nobody_is_her_own_guardian(bo: AccountEntry, mother: Browser) -> None:
    gil = account("river-gil")
    assert gil is not None
    with bulk_transaction() as cursor:
        cursor.execute(
            "insert into child (account_id, subject_id, fourteen_us) values (%s, %s, %s)",
            [gil.id, gil.subject_id, time.time_ns() // 1_000 + 10**12],
        )
    for child in (logged_in("river-gil"), logged_in("river-bo")):  # nor is another child
        refused = child.sends("/me/guardian/code/", **sends_code(child, MOTHERS_PHONE))
        assert refused.status == 422
        assert "Only a guardian's own account can give this consent." in refused.text
    assert is_waiting(bo)


def test_a_stranger_cannot_withdraw_for_her(bo: AccountEntry, mother: Browser) -> None:
    child = logged_in("river-bo")
    child.sends("/me/guardian/code/", **sends_code(child, MOTHERS_PHONE))
    logged_in("river-cy").sends("/me/consents/child/", child=str(bo.id))
    assert not is_waiting(bo)


def test_without_the_words_being_shown_nothing_is_agreed(bo: AccountEntry, mother: Browser) -> None:
    child = logged_in("river-bo")
    fields = sends_code(child, MOTHERS_PHONE) | {"wording": "0" * 64}
    assert child.sends("/me/guardian/code/", **fields).status == 200
    assert is_waiting(bo)


def test_who_is_of_age_needs_nobody() -> None:
    assert logged_in("river-bo").opens("/me/guardian/").location == "/me/consents/"
