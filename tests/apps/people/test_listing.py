"""Accounts are listed by handle from the youngest, and consent as windows."""

from __future__ import annotations

import pytest

from tanzhang.apps.people.api import account, consents_of, latest_accounts

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]


def test_accounts_are_read_page_by_page_from_the_youngest() -> None:
    whole = [opened.account.id for opened in latest_accounts(99)]
    assert whole == sorted(whole, reverse=True)
    assert [opened.account.id for opened in latest_accounts(3)] == whole[:3]
    assert [opened.account.id for opened in latest_accounts(99, before=whole[2])] == whole[3:]


def test_a_listed_account_is_the_account_of_its_handle() -> None:
    for opened in latest_accounts(3):
        assert account(opened.account.handle) == opened.account


def test_consent_is_told_for_each_partner_with_its_beginning() -> None:
    found = account("river-ada")
    assert found is not None
    windows = consents_of(found.id)
    assert len({window.partner_id for window in windows}) == len(windows) == 4
    assert {window.to_us for window in windows} == {None}
    assert len({window.from_us for window in windows}) == 1
