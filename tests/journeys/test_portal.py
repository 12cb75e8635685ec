"""People of a partner at the portal, in a browser: first log-in, a key, an address, a count."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from journeys.browsing import PHONE, Visitor, assert_accessible
from journeys.budgets import assert_light
from journeys.running_site import Site
from surfaces.portal.histories import History, history_of
from tanzhang.apps.partners.api import partner
from tanzhang.crypto import Algorithm, generate
from tanzhang.surfaces.portal.members import add_member
from tanzhang.surfaces.portal.models import Role

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

PASSWORD = "quite-a-long-password-7"
OFFICE = 1366


@pytest.fixture
def history(river: None) -> History:
    """The past of ``bikes``."""
    return history_of("bikes")


def first_log_in(visitor: Visitor, site: Site, look: Callable[[Page], object]) -> Page:
    """With the one-time password, and a password of her own; ``look`` at each page on the way."""
    password = add_member(partner("bikes").id, "wang", Role.MANAGER, by="li")
    page = visitor.opens(site.url("/portal/"))
    look(page)
    page.fill("[name=username]", "wang")
    page.fill("[name=password]", password)
    page.keyboard.press("Enter")
    page.wait_for_url(site.url("/portal/password/"))
    look(page)
    page.fill("[name=new_password1]", PASSWORD)
    page.fill("[name=new_password2]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(site.url("/portal/"))
    return page


@pytest.mark.parametrize(
    ("lang", "dark", "width"), [("zh-CN", False, PHONE["width"]), ("en", True, OFFICE)]
)
def test_everybody_can_use_every_page(
    site: Site,
    visit: Callable[..., Visitor],
    history: History,
    lang: str,
    dark: bool,
    width: int,
) -> None:
    page = first_log_in(visit(lang=lang, dark=dark, width=width), site, assert_accessible)
    for path in (
        "",
        "actions/",
        "password/",
        "keys/",
        f"keys/{history.key_id}/",
        "calls/",
        "batches/",
        f"batches/{history.batch_id}/",
        "events/?id=bikes-1",
        "events/?id=unheard-of",
        "messages/",
        "days/",
        f"days/{history.day}/",
    ):
        answer = page.goto(site.url(f"/portal/{path}"))
        assert answer is not None
        assert (path, answer.status) == (path, 200)
        assert_accessible(page)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert (path, wide) == (path, width)  # nothing has to be scrolled sideways
    assert_light(page)


def test_a_manager_works_without_a_script(
    site: Site, visit: Callable[..., Visitor], history: History
) -> None:
    # axe is a script itself, so that it cannot look here.
    page = first_log_in(visit(lang="en", javascript=False, width=OFFICE), site, lambda _: None)

    page.get_by_role("link", name="Keys", exact=True).click()
    page.fill("[name=pem]", generate(Algorithm.SM2).public.pem)
    page.get_by_role("button", name="Announce the key").click()
    expect(page.locator("main")).to_contain_text("is announced")
    page.get_by_role("link", name=history.key_id).click()
    page.get_by_label("Revoke this key for good").check()
    page.get_by_role("button", name="Revoke", exact=True).click()
    expect(page.locator("main")).to_contain_text("is refused from now on")

    page.get_by_role("link", name="Messages").click()
    page.get_by_text("A new address").click()
    page.fill("[name=url]", "https://bikes.example/other")
    page.get_by_role("button", name="Open the address").click()
    expect(page.locator(".secret")).to_contain_text("whsec_")
    page.get_by_role("link", name="I have kept it").click()
    page.get_by_role("button", name="Deliver again: ").first.click()
    expect(page.locator("main")).to_contain_text("1 delivery begins again.")

    page.get_by_role("link", name="Daily files").click()
    page.get_by_role("link", name=history.day).click()
    page.get_by_label("Received").fill("3")
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("main")).to_contain_text("1 break is open.")
    page.get_by_role("link", name="Overview").click()
    expect(page.locator("main")).to_contain_text("wang revoked the key")
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url(site.url("/portal/log-in/"))
