"""Who may read a citizen's balance: asked, shared, stopped, and every reading shown to her."""

from __future__ import annotations

import time

import pytest

from surfaces.citizen.browser import logged_in
from tanzhang.apps.activities.api import shared_balance
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners import api as partners
from tanzhang.apps.people import api as people
from tanzhang.problems import Problem

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]


@pytest.fixture
def bank() -> partners.PartnerEntry:
    """A partner that agreed to read balances that people share."""
    found = partners.partner("bank")
    partners.agree(found.id, partners.Terms(partners.AgreementKind.READ_BALANCE), by="li")
    return found


def digest() -> str:
    return people.current_wording(people.SHARE_BALANCE).digest


def test_she_is_asked_for_a_partner_that_agreed_and_for_no_other(
    bank: partners.PartnerEntry,
) -> None:
    page = logged_in("river-bo").opens("/me/")
    section = page.text.partition("Who may read your balance")[2]
    assert "May not read" in section
    assert "Nobody has read it yet." in section
    assert page.source.count('name="reader"') == 1


def test_without_any_such_partner_there_is_no_section() -> None:
    assert "Who may read your balance" not in logged_in("river-bo").opens("/me/").text


def test_sharing_opens_the_balance_every_reading_is_shown_and_stopping_closes_it(
    bank: partners.PartnerEntry,
) -> None:
    bo, reader = logged_in("river-bo"), str(bank.id)
    with pytest.raises(Problem, match="not_shared"):
        shared_balance(bank, "bo")
    answer = bo.sends("/me/sharing/", reader=reader, wish="share", wording=digest())
    assert answer.location == "/me/#sharing"
    assert "From now on this partner can read your balance." in bo.opens("/me/").text
    shared_balance(bank, "bo")
    page = bo.opens("/me/").text
    assert "May read since" in page
    assert "Nobody has read it yet." not in page
    bo.sends("/me/sharing/", reader=reader, wish="stop")
    assert "Stopped on" in bo.opens("/me/").text
    with pytest.raises(Problem, match="not_shared"):
        shared_balance(bank, "bo")


@pytest.mark.parametrize("wording", ["", "0" * 64])
def test_to_other_words_than_the_present_ones_nothing_is_shared(
    bank: partners.PartnerEntry, wording: str
) -> None:
    bo = logged_in("river-bo")
    bo.sends("/me/sharing/", reader=str(bank.id), wish="share", wording=wording)
    assert "The text that you agree to has changed." in bo.opens("/me/").text
    with pytest.raises(Problem, match="not_shared"):
        shared_balance(bank, "bo")


@pytest.mark.parametrize("reader", ["", "x", "9999", "-1", "bikes"])
def test_a_partner_that_never_agreed_cannot_be_let_in(
    bank: partners.PartnerEntry, reader: str
) -> None:
    number = str(partners.partner("bikes").id) if reader == "bikes" else reader
    sent = {"reader": number, "wish": "share", "wording": digest()}
    assert logged_in("river-bo").sends("/me/sharing/", **sent).location == "/me/#sharing"
    account = people.account("river-bo")
    assert account is not None
    assert not any(each.is_live for each in people.shares_of(account.id))


def test_a_child_is_not_asked_for_what_she_cannot_agree_to(bank: partners.PartnerEntry) -> None:
    bo, found = logged_in("river-bo"), people.account("river-bo")
    assert found is not None
    share = f'name="purpose" value="{people.SHARE}"'
    assert share in bo.opens("/me/consents/").source
    with bulk_transaction() as cursor:
        cursor.execute(
            "insert into child (account_id, subject_id, fourteen_us) values (%s, %s, %s)",
            [found.id, found.subject_id, time.time_ns() // 1_000 + 10**12],
        )
    assert share not in bo.opens("/me/consents/").source
    assert "Who may read your balance" not in bo.opens("/me/").text
    bo.sends("/me/sharing/", reader=str(bank.id), wish="share", wording=digest())
    assert not any(each.is_live for each in people.shares_of(found.id))
