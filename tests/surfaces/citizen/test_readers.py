"""A person sees who read what of her, and nobody else sees it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from river.reports import act, hand_in
from surfaces.citizen.browser import logged_in
from tanzhang.apps.activities.api import event_by_id, shared_balance
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners import api as partners
from tanzhang.apps.people import api as people

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]


def note(minutes: int = 0, **other: object) -> None:
    bo = people.account("river-bo")
    assert bo is not None
    told = {"reader_kind": "staff", "reader": "operator:wang", "purpose": "reveal"} | other
    with bulk_transaction() as cursor:
        people.note_access(
            cursor,
            bo.subject_id,
            fields=["phone", "name"],
            reason="she called <about> it",
            at=datetime(2026, 5, 1, tzinfo=UTC) + timedelta(minutes=minutes),
            **told,  # type: ignore[arg-type]
        )


def test_nobody_has_looked_yet() -> None:
    assert "Nobody but you has looked" in logged_in("river-bo").opens("/me/readers/").text


def test_a_reading_says_who_what_when_and_why() -> None:
    note()
    page = logged_in("river-bo").opens("/me/readers/")
    assert "operator wang" in page.text
    assert "1 May 2026" in page.text
    assert "Looked at personal data that is masked otherwise – phone number, name" in page.text
    assert "Reason given: she called &lt;about&gt; it" in page.source


def test_it_says_so_in_chinese() -> None:
    note()
    browser = logged_in("river-bo")
    browser.client.cookies["lang"] = "zh-hans"
    assert "运营人员 wang" in browser.opens("/me/readers/").text


def test_a_partner_is_called_by_its_title() -> None:
    note(reader_kind="partner", reader="bank", purpose="event")
    assert "bank" in logged_in("river-bo").opens("/me/readers/").text


def test_others_see_nothing_of_it() -> None:
    note()
    assert "wang" not in logged_in("river-cy").opens("/me/readers/").text


def test_earlier_readings_are_on_the_next_page() -> None:
    for number in range(31):
        note(2 * number)
    browser = logged_in("river-bo")
    page = browser.opens("/me/readers/")
    assert page.source.count("operator wang") == 30
    before = page.source.partition("?before=")[2].partition('"')[0]
    assert browser.opens("/me/readers/", before=before).source.count("operator wang") == 1


@pytest.mark.parametrize("before", ["x", "-1", "٣", "9" * 30, ""])
def test_a_page_that_means_nothing_is_the_first(before: str) -> None:
    note()
    assert "wang" in logged_in("river-bo").opens("/me/readers/", before=before).text


def test_a_partners_reading_of_her_balance_and_of_a_record_are_on_the_list() -> None:
    bank = partners.partner("bank")
    partners.agree(bank.id, partners.Terms(partners.AgreementKind.READ_BALANCE), by="li")
    browser, digest = logged_in("river-bo"), people.current_wording(people.SHARE_BALANCE).digest
    browser.sends("/me/sharing/", reader=str(bank.id), wish="share", wording=digest)
    shared_balance(bank, "bo")
    hand_in(act("r1", "05-03 08:00", person="bo"))
    event_by_id(partners.partner("bikes").id, "r1")
    page = browser.opens("/me/readers/").text
    assert "Read your balance, as you allowed – balance" in page
    assert "Asked what became of a record that it had reported" in page
