"""Who agrees to nothing keeps all of her bank; who refuses one thing keeps all the rest."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from journeys.browsing import Visitor, assert_accessible
from journeys.running_site import Site, wait_until_settled
from journeys.test_citizen import citic, join, library

__all__ = ["citic", "library"]  # fixtures

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("citic")]

SERVICES = {
    "cards": "Your card is in order (fictitious).",
    "bills": "Your bill is shown (fictitious).",
    "payments": "It is paid (fictitious).",
}


def uses_everything(visitor: Visitor, site: Site) -> Page:
    """Every function of the bank, one after the other, and back home."""
    bank = visitor.opens(site.url("/host/"))
    for code, done in SERVICES.items():
        bank.locator(f"button[value={code}]").click()
        expect(bank.get_by_text(done)).to_be_visible()
    return bank


def test_who_refuses_to_join_still_uses_all_of_her_bank(
    site: Site, visit: Callable[..., Visitor]
) -> None:
    visitor = visit(lang="en")
    bank = visitor.opens(site.url("/host/"))
    bank.locator("button[value=sample-1]").click()
    uses_everything(visitor, site)
    bank.get_by_role("button", name="Join low-carbon").click()
    bank.get_by_role("link", name="Not now").click()
    bank = uses_everything(visitor, site)
    expect(bank.get_by_text("First open the carbon account")).to_be_visible()


def test_who_refuses_sensitive_data_keeps_all_the_rest_and_withdraws_as_easily_as_she_gave(
    site: Site, visit: Callable[..., Visitor]
) -> None:
    visitor = visit(lang="en")
    home = join(visitor, site, "en")
    home.get_by_role("link", name="Read and decide").click()
    expect(home.get_by_text("Walking: steps (health)")).to_be_visible()
    assert_accessible(home)
    home.get_by_role("link", name="Go on without these").click()
    bank = uses_everything(visitor, site)
    bank.locator("button[value=walking]").click()
    expect(bank.get_by_text("has not agreed to this partner's giving them")).to_be_visible()
    bank.locator("button[value=metro]").click()
    expect(bank.get_by_text("The act is reported.")).to_be_visible()
    wait_until_settled()
    for path in ("/home/", "/records/", "/me/", "/carrying/"):
        answer = home.goto(site.url(path))
        assert answer is not None
        assert answer.status == 200, path
    home.goto(site.url("/records/"))
    assert home.locator(".cell .amount").count() == 1  # the ride; of the walk nothing was taken

    give, withdraw = "I agree to this alone: Handling", "Withdraw: Handling"
    given = clicks(home, site, give)
    bank.locator("button[value=walking]").click()
    expect(bank.get_by_text("The act is reported.")).to_be_visible()
    assert clicks(home, site, withdraw) <= given
    assert_accessible(home)
    bank.locator("button[value=walking]").click()
    expect(bank.get_by_text("has not agreed to this partner's giving them")).to_be_visible()


def clicks(page: Page, site: Site, button: str) -> int:
    """How many presses lead from home to a decision about the step counter's data."""
    page.goto(site.url("/home/"))
    way = [
        page.get_by_role("link", name="Me", exact=True),
        page.get_by_role("link", name="Your consents"),
        page.locator(f"button[aria-label^='{button}'][aria-label*='tep counter']"),
    ]
    pressed = 0
    while not way[-1].is_visible():
        way[pressed].click()
        page.wait_for_load_state()
        pressed += 1
    way[-1].click()
    page.wait_for_load_state()
    expect(way[-1]).to_have_count(0)
    return pressed + 1
