"""What one log-in shows is its own, and what it changes ends every other of the account."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from surfaces.citizen.browser import Browser, Page, browser, logged_in
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners.api import partner
from tanzhang.apps.people import api as people

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

OLD, NEW, NEWER = "13800000001", "13800000003", "13800000004"
NUMBER = "11010519491231002X"


def code_on(page: Page) -> str:
    (code,) = re.findall(r"\b(\d{6})\b", page.text)
    return str(code)


def shows_phone(visitor: Browser, path: str, phone: str) -> Page:
    """Ask for a code on a page, and type it; where that leads."""
    asked = visitor.sends(path, phone=phone)
    assert asked.status == 302, asked.text
    return visitor.sends(asked.location, code=code_on(visitor.opens(asked.location)))


def from_bank(phone: str = OLD) -> Browser:
    """Gil's browser, sent by her bank."""
    visitor = browser()
    assert visitor.goes_on(visitor.arrives("gil", phone)).location == "/home/"
    return visitor


def gil() -> people.AccountEntry:
    found = people.account("river-gil")
    assert found is not None
    return found


def is_in(visitor: Browser) -> bool:
    return visitor.opens("/me/").status == 200


def test_a_host_stands_for_the_old_number_in_the_log_in_that_it_began_and_in_no_other() -> None:
    thief = browser()
    hers = from_bank()
    assert shows_phone(thief, "/log-in/", OLD).location == "/home/"
    assert "which number opens this account now" in thief.opens("/me/identity/number/").text.lower()
    refused = shows_phone(thief, "/me/identity/number/", NEW)
    assert "This number does not open your account" in refused.text
    assert "shall open this account from now on" in hers.opens("/me/identity/number/").text
    assert shows_phone(hers, "/me/identity/number/", NEW).location == "/me/identity/"
    assert people.account_of_phone(NEW) == gil().id


def test_a_new_number_ends_every_log_in_but_the_one_that_changed_it() -> None:
    others, hers = [from_bank(), logged_in("river-gil")], from_bank()
    assert all(is_in(other) for other in others)
    assert shows_phone(hers, "/me/identity/number/", NEW).location == "/me/identity/"
    assert is_in(hers)
    assert not any(is_in(other) for other in others)


def test_a_number_changed_back_ends_every_other_log_in_again() -> None:
    hers = from_bank()
    shows_phone(hers, "/me/identity/number/", NEW)
    other = browser()
    assert shows_phone(other, "/log-in/", NEW).location == "/home/"
    assert shows_phone(hers, "/me/identity/number/", OLD).location == "/me/identity/"
    assert (is_in(hers), is_in(other)) == (True, False)


def test_a_number_that_her_bank_tells_anew_ends_every_log_in_but_hers() -> None:
    other, same = from_bank(), from_bank()
    assert is_in(other)  # the same number once more changes nothing
    hers = from_bank(NEWER)
    assert is_in(hers)
    assert not any(is_in(each) for each in (other, same))


def test_a_number_that_she_changed_herself_stays_when_her_bank_sends_her_again() -> None:
    shows_phone(from_bank(), "/me/identity/number/", NEW)
    other = logged_in("river-gil")
    assert is_in(from_bank(OLD))  # what the bank has on file since it opened the account
    assert people.account_of_phone(NEW) == gil().id
    assert is_in(other)


def test_a_recovery_that_is_carried_out_ends_every_other_log_in() -> None:
    fu = people.account("river-fu")
    assert fu is not None
    digest = people.identity_digest("id_number", NUMBER)
    people.vouch(fu, partner("bank").id, "id_number", digest)
    people.link_phone(fu, OLD)
    thief, hers = logged_in("river-fu"), browser()
    assert is_in(thief)
    wanted = people.Recovery(fu, NEW, people.identity_digests(NUMBER))
    people.ask_recovery(wanted, timezone.now() - timedelta(days=8))
    assert shows_phone(hers, "/log-in/recover/again/", NEW).location == "/home/"
    assert (is_in(hers), is_in(thief)) == (True, False)
    assert "This log-in has ended" in thief.opens("/log-in/").text


def test_who_lets_her_own_host_into_a_strangers_account_gets_no_number_by_it() -> None:
    gil_, hers = from_bank(), gil()
    with bulk_transaction() as cursor:
        about = partner("bank").id
        people.note_identity(cursor, hers.id, people.EventKind.HOST_ADDED, about=about)
    refused = shows_phone(gil_, "/me/identity/number/", NEW)
    assert "This number does not open your account" in refused.text
    from_bank(NEWER)
    assert people.account_of_phone(OLD) == hers.id


def test_the_history_says_whose_doing_a_new_number_was() -> None:
    hers = from_bank()
    shows_phone(hers, "/me/identity/number/", NEW)
    page = from_bank(NEWER).opens("/me/identity/").text
    assert page.count("You changed your phone number") == 1
    assert page.count("told us your new phone number, which opens the account now") == 1
