"""A child's account waits for a guardian, who confirms with the phone of an account of her own."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from surfaces.citizen.browser import Browser, browser, logged_in
from tanzhang.apps.activities import api as activities
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners.api import Claims, partner
from tanzhang.apps.people.api import (
    AccountEntry,
    Recovery,
    State,
    Way,
    account,
    admit,
    ask_recovery,
    decide_case,
    identity_digest,
    link_phone,
    link_subjects,
    needs_guardian,
    propose_step,
    report_death,
    set_account_state,
    vouch,
)

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

MOTHERS_PHONE = "10000000031"


@pytest.fixture
def bo() -> AccountEntry:
    """Bo is under 14."""
    found = account("river-bo")
    assert found is not None
    make_child(found)
    return found


def make_child(entry: AccountEntry) -> None:
    with bulk_transaction() as cursor:
        cursor.execute(
            "insert into child (account_id, subject_id, fourteen_us) values (%s, %s, %s)",
            [entry.id, entry.subject_id, time.time_ns() // 1_000 + 10**12],
        )


@pytest.fixture
def mother() -> Browser:
    """Gil, of whom the bank says that she is of age."""
    return from_bank({"adult": ()})


def from_bank(claims: Claims) -> Browser:
    """Gil's browser, sent by her bank with what it says of her."""
    visitor = browser("en")
    page = visitor.arrives(person="gil", phone=MOTHERS_PHONE, claims=claims)
    assert visitor.goes_on(page).location == "/home/"
    return visitor


def gil() -> AccountEntry:
    found = account("river-gil")
    assert found is not None
    return found


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


def refusal(name: str = "river-bo") -> str:
    """What is said when the guardian's code is typed on a child's device."""
    child = logged_in(name)
    refused = child.sends("/me/guardian/code/", **sends_code(child, MOTHERS_PHONE))
    assert refused.status == 422
    return refused.text


OTHERS = "Only a guardian's own account can give this consent."


def test_nobody_is_her_own_guardian(bo: AccountEntry, mother: Browser) -> None:
    make_child(gil())
    assert OTHERS in refusal("river-gil")
    assert OTHERS in refusal("river-bo")  # nor is another child
    assert is_waiting(bo)


def test_a_child_that_opens_a_second_account_is_not_its_guardian(
    bo: AccountEntry, mother: Browser
) -> None:
    """Whatever its second account is called, and whoever says that she is of age."""
    with bulk_transaction() as cursor:
        subjects = (bo.subject_id, gil().subject_id)
        link_subjects(cursor, subjects, bo.joined_day, factor="id_number", at=timezone.now())
    assert OTHERS in refusal()
    assert is_waiting(bo)


@pytest.mark.parametrize("factor", ["id_number", "card_holder"])
def test_who_has_the_childs_number_is_the_child(
    bo: AccountEntry, mother: Browser, factor: str
) -> None:
    for each in (bo, gil()):
        vouch(each, partner("bank").id, factor, identity_digest(factor, "11010519491231002X"))
    assert OTHERS in refusal()
    assert is_waiting(bo)


def test_a_phone_that_was_the_childs_agrees_to_nothing(mother: Browser, bo: AccountEntry) -> None:
    link_phone(bo, MOTHERS_PHONE)
    link_phone(gil(), MOTHERS_PHONE)
    told = refusal()
    assert OTHERS in told
    assert "give the child's account a number of its own first" in told
    assert is_waiting(bo)


def test_a_child_that_joined_by_her_mothers_phone_takes_a_number_of_her_own_first(
    mother: Browser, bo: AccountEntry
) -> None:
    link_phone(bo, MOTHERS_PHONE)
    link_phone(gil(), MOTHERS_PHONE)
    link_phone(bo, "10000000032")
    child = logged_in("river-bo")
    fields = sends_code(child, MOTHERS_PHONE)
    assert child.sends("/me/guardian/code/", **fields).location == "/me/consents/"
    assert not is_waiting(bo)


def test_a_recovery_that_came_to_nothing_bars_no_guardian(
    mother: Browser, bo: AccountEntry
) -> None:
    """Her mother asked for it by her own phone, and the child came back by itself."""
    ask_recovery(Recovery(bo, MOTHERS_PHONE))
    admit(bo.id, Way.PHONE)
    child = logged_in("river-bo")
    fields = sends_code(child, MOTHERS_PHONE)
    assert child.sends("/me/guardian/code/", **fields).location == "/me/consents/"


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"cardholder": (), "card_holder": ("6222020000000000",)},
        {"id_number": ("110105201503070013",)},  # born in 2015
        {"adult": ("no",)},
        {"adult": ("0",)},
        {"adult": ("false",)},
    ],
)
def test_without_a_hosts_word_that_she_is_of_age_nobody_is_a_guardian(
    bo: AccountEntry, claims: Claims
) -> None:
    from_bank(claims)
    assert "Nobody has said yet that the guardian is of age." in refusal()
    assert is_waiting(bo)


def test_a_residents_number_that_a_host_vouches_for_says_who_is_of_age(bo: AccountEntry) -> None:
    mother = from_bank({"id_number": ("11010519491231002X",)})
    assert "of age" in mother.opens("/me/identity/").text
    child = logged_in("river-bo")
    fields = sends_code(child, MOTHERS_PHONE)
    assert child.sends("/me/guardian/code/", **fields).location == "/me/consents/"
    assert not is_waiting(bo)


def test_a_phone_that_slept_agrees_to_nothing(bo: AccountEntry, mother: Browser) -> None:
    """It may have been given out again, to whomever: to the child."""
    admit(gil().id, Way.PHONE, timezone.now() - timedelta(days=400))
    assert CANNOT in refusal()
    assert is_waiting(bo)


CANNOT = "The guardian's account cannot give this consent now."


def sanctioned() -> None:
    for step in (1, 2):
        activities.sanction(gil().id, step, by="ling", note="forty accounts on one phone")


def dead() -> None:
    case = report_death(gil().id, by="wang", reason="her son came", documents=[b"x" * 32])
    step = propose_step(case, "confirm_death", by="wang", note="certificate seen")
    decide_case(step, approve=True, by="li", note="seen too")


def restricted() -> None:
    with bulk_transaction() as cursor:
        set_account_state(cursor, [gil().id], State.RESTRICTED, "by_request")


@pytest.mark.parametrize("happen", [sanctioned, dead, restricted])
def test_how_the_guardians_account_stands_is_not_told_to_the_child(
    bo: AccountEntry, mother: Browser, happen: Callable[[], None]
) -> None:
    happen()
    told = refusal()
    assert CANNOT in told
    for word in ("sanction", "died", "frozen", "restricted", "Log in: the page says"):
        assert word not in told
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
