"""Operators at the console, in a browser: log in, find an act, hold it; propose and approve."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, User
from playwright.sync_api import Page, expect

from journeys.browsing import Visitor, assert_accessible
from journeys.running_site import Site, wait_until_settled
from river.programmes import write_folder
from river.reports import act, hand_in
from river.rules import another_factor
from tanzhang.apps.activities.api import drain
from tanzhang.apps.catalogue.api import load_catalogue
from tanzhang.engine.packs import load_packs

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

PASSWORD = "quite-a-long-password-7"
OFFICE = 1366

PAGES = (
    "",
    "find/?q=ri",
    "accounts/",
    "accounts/river-ada/",
    "acts/bikes:r1/",
    "acts/held/",
    "partners/",
    "partners/bikes/",
    "pieces/",
    "pieces/1/",
    "workers/",
    "packs/",
    "packs/meituan-bike/",
    "programmes/river/",
    "proposals/",
    "proposals/1/",
    "ledger/",
    "ledger/1/",
    "actions/",
    "auth/user/",
    "auth/user/add/",
)


@pytest.fixture(autouse=True)
def acts(river: None) -> None:
    hand_in(act("r1", "05-03 08:00"), act("r2", "05-03 08:05", partner="bank", grade=1))
    drain()


def staff(name: str, *roles: str) -> None:
    user = User.objects.create_user(name, password=PASSWORD, is_staff=True)
    user.groups.set(Group.objects.filter(name__in=roles))


def logged_in(visitor: Visitor, site: Site, name: str) -> Page:
    """The start page, after the log-in."""
    page = visitor.opens(site.url("/console/"))
    page.fill("#id_username", name)
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(site.url("/console/"))
    return page


@pytest.mark.parametrize(("lang", "dark"), [("zh-CN", False), ("en", True)])
def test_everybody_can_use_every_page(
    site: Site, visit: Callable[..., Visitor], lang: str, dark: bool
) -> None:
    staff("olga", "operator", "methodologist", "approver", "administrator")
    visitor = visit(lang=lang, dark=dark, width=OFFICE)
    log_in = visitor.opens(site.url("/console/"))
    assert_accessible(log_in)
    page = logged_in(visitor, site, "olga")
    for path in (*PAGES, f"auth/user/{User.objects.get().pk}/change/"):
        page.goto(site.url(f"/console/{path}"))
        assert_accessible(page)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert (width, path) == (OFFICE, path)  # nothing has to be scrolled sideways


def test_an_operator_finds_an_act_by_the_keyboard_and_holds_it(
    site: Site, visit: Callable[..., Visitor]
) -> None:
    staff("omar", "operator")
    page = logged_in(visit(lang="en", width=OFFICE), site, "omar")
    page.keyboard.press("/")
    page.keyboard.type("bikes:r1")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("So 97.4 g and 9 points are credited.")
    page.fill("#tz-note", "The distance looks odd.")
    page.get_by_role("button", name="Hold this act").click()
    expect(page.locator("main")).to_contain_text("omar asked to hold the act")
    wait_until_settled()
    page.reload()
    expect(page.get_by_role("button", name="Release this act")).to_be_visible()


def test_two_persons_put_a_version_in_force(
    site: Site, visit: Callable[..., Visitor], tmp_path: Path
) -> None:
    folder = write_folder(tmp_path / "packs")
    another_factor(folder)
    load_catalogue(load_packs(folder), ["river", "coast"])
    staff("mia", "methodologist")
    staff("aron", "approver")

    hers = logged_in(visit(lang="en", width=OFFICE), site, "mia")
    hers.goto(site.url("/console/packs/meituan-bike/?version=2"))
    hers.fill("#tz-why", "The new report is out.")
    hers.get_by_role("button", name="Propose", exact=True).click()
    expect(hers.locator("main")).to_contain_text("48.70")
    assert_accessible(hers)

    his = logged_in(visit(lang="zh-CN", width=OFFICE), site, "aron")
    his.get_by_role("row", name="meituan-bike@2").get_by_role("link").first.click()
    his.fill("#tz-note", "已与报告核对。")
    his.get_by_role("button", name="批准").click()
    expect(his.locator("main")).to_contain_text("aron 批准了申请")
    his.goto(site.url("/console/packs/meituan-bike/?version=2"))
    expect(his.locator("main")).to_contain_text("现行")


def test_the_appearance_and_the_language_are_changed_in_the_menu(
    site: Site, visit: Callable[..., Visitor]
) -> None:
    staff("rita", "reader")
    page = logged_in(visit(lang="en", width=OFFICE), site, "rita")
    page.get_by_text("rita").click()
    page.get_by_role("button", name="Dark").click()
    assert "dark" in (page.locator("html").get_attribute("class") or "")
    page.reload()
    assert "dark" in (page.locator("html").get_attribute("class") or "")
    page.get_by_text("rita").click()
    page.get_by_role("button", name="简体中文").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("今天需要我处理的")
