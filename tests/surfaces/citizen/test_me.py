"""Me: what is shown of the account, and the way to everything else of hers."""

from __future__ import annotations

import pytest

from surfaces.citizen.browser import logged_in
from tanzhang.apps.partners.api import partner
from tanzhang.apps.people import api as people

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]


def test_the_page_names_the_account_and_who_may_report_for_it() -> None:
    bo = people.account("river-bo")
    assert bo is not None
    page = logged_in("river-bo").opens("/me/")
    assert "river-bo" in page.text
    assert "Consent since" in page.text
    assert "Withdrawn on" not in page.text
    people.withdraw(bo, partner("bikes").id)
    assert "Withdrawn on" in logged_in("river-bo").opens("/me/").text


def test_consent_is_decided_in_one_place_to_which_the_page_leads() -> None:
    page = logged_in("river-bo").opens("/me/")
    assert 'href="/me/consents/"' in page.source
    assert 'value="withdraw"' not in page.source
    assert 'value="grant"' not in page.source
