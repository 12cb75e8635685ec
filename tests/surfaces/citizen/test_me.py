"""Me: what is shown of the account, and consent source by source."""

from __future__ import annotations

import pytest

from surfaces.citizen.browser import logged_in
from tanzhang.apps.partners.api import partner
from tanzhang.apps.people.api import account, current_wording, sources_of

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]


def live() -> set[int]:
    found = account("river-bo")
    assert found is not None
    return {source.partner_id for source in sources_of(found.id) if source.is_live}


def test_each_source_can_be_switched_off_and_on_again() -> None:
    bo, bikes = logged_in("river-bo"), partner("bikes").id
    assert bikes in live()
    assert bo.sends("/me/consent/", source=str(bikes), wish="withdraw").location == "/me/"
    assert bikes not in live()
    page = bo.opens("/me/")
    assert "From now on nothing is collected from this source." in page.text
    assert "Withdrawn on" in page.text
    bo.sends("/me/consent/", source=str(bikes), wish="grant", wording=current_wording().digest)
    assert bikes in live()
    assert "text 20" in bo.opens("/me/").text


@pytest.mark.parametrize("wording", ["", "0" * 64])
def test_consent_to_other_words_than_the_present_ones_is_not_taken(wording: str) -> None:
    bo, bikes = logged_in("river-bo"), partner("bikes").id
    bo.sends("/me/consent/", source=str(bikes), wish="withdraw")
    assert current_wording().digest in bo.opens("/me/").source
    answer = bo.sends("/me/consent/", source=str(bikes), wish="grant", wording=wording)
    assert answer.location == "/me/"
    assert "The text that you agree to has changed." in bo.opens("/me/").text
    assert bikes not in live()


@pytest.mark.parametrize("source", ["", "x", "9999", "-1", "٣"])
def test_a_source_that_does_not_know_her_changes_nothing(source: str) -> None:
    before = live()
    answer = logged_in("river-bo").sends("/me/consent/", source=source, wish="withdraw")
    assert answer.location == "/me/"
    assert live() == before


def test_the_page_names_the_account_and_the_text_she_agrees_to() -> None:
    page = logged_in("river-bo").opens("/me/")
    assert "river-bo" in page.text
    assert "How to withdraw" in page.text
