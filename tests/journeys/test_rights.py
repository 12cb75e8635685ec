"""A citizen's rights, in a browser: she disputes a record, somebody decides, she reads it all."""

from __future__ import annotations

import secrets
import time
import zipfile
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

import pytest
from django.contrib.auth.models import Group, User
from playwright.sync_api import Page, expect

from journeys.browsing import PHONE, Visitor, assert_accessible
from journeys.running_site import Site
from river.reports import act, hand_in
from surfaces.citizen.browser import bank_key, bank_ready
from tanzhang.apps.activities.api import drain, statement
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners.api import sign_link
from tanzhang.apps.people.api import account, vault

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

PASSWORD = "quite-a-long-password-7"


@pytest.fixture(autouse=True)
def acts(river: None) -> None:
    """Ada: two rides at once; the second loses. Her phone is kept, sealed."""
    hand_in(act("r1", "05-03 08:00"), act("r2", "05-03 08:05", partner="bank", grade=1))
    drain()
    ada = account("river-ada")
    assert ada is not None
    with bulk_transaction() as cursor:
        vault.store(cursor, ada.subject_id, {"phone": "10012345678"})


def loser() -> str:
    ada = account("river-ada")
    assert ada is not None
    events = statement(ada, rulebook_in_force()).events
    (event,) = (line.event for line in events if line.status == "duplicate")
    return event


def at_home(visitor: Visitor, site: Site) -> Page:
    """Ada, by a link of her bank."""
    bank_ready()
    made = sign_link(
        bank_key(),
        partner="bank",
        person="ada",
        host=urlsplit(site.url("/")).netloc,
        ts=int(time.time()),
        nonce=secrets.token_hex(16),
        phone="",
    )
    page = visitor.opens(site.url(f"/enter/?{urlencode(made.fields)}"))
    page.locator("main form button").first.click()
    page.wait_for_url(site.url("/home/"))
    return page


def at_the_desk(visitor: Visitor, site: Site) -> Page:
    """An operator, logged in."""
    user = User.objects.create_user("wang", password=PASSWORD, is_staff=True)
    user.groups.set(Group.objects.filter(name="operator"))
    page = visitor.opens(site.url("/console/"))
    page.fill("#id_username", "wang")
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(site.url("/console/"))
    return page


def test_a_record_is_disputed_decided_by_a_person_and_read_about(
    site: Site, visit: Callable[..., Visitor]
) -> None:
    ada = at_home(visit(lang="zh-CN", width=PHONE["width"]), site)
    ada.goto(site.url(f"/records/{loser()}/"))
    ada.get_by_role("link", name="对此记录提出异议").click()
    assert_accessible(ada)
    ada.fill("textarea", "我那天骑了两次。")
    ada.get_by_role("button", name="提交申诉").click()
    expect(ada.get_by_text("将由人查看")).to_be_visible()

    desk = at_the_desk(visit(lang="en", width=1366), site)
    desk.get_by_role("link", name="Appeals: 1").click()
    desk.locator("table a").first.click()
    assert_accessible(desk)
    expect(desk.get_by_text("我那天骑了两次。")).to_be_visible()
    desk.fill("#tz-words", "两次骑行时间重叠，车锁只开过一次。")
    desk.get_by_role("button", name="Decide").click()
    expect(desk.get_by_text("whoever appealed reads the answer now")).to_be_visible()

    ada.reload()
    expect(ada.get_by_text("两次骑行时间重叠，车锁只开过一次。")).to_be_visible()
    ada.goto(site.url("/me/readers/"))
    assert_accessible(ada)
    expect(ada.get_by_text("运营人员 wang").first).to_be_visible()
    expect(ada.get_by_text("处理您的申诉", exact=False).first).to_be_visible()


def test_her_copy_is_one_press_away_and_every_page_of_rights_can_be_used(
    site: Site, visit: Callable[..., Visitor]
) -> None:
    ada = at_home(visit(lang="zh-CN", dark=True, width=PHONE["width"]), site)
    for path in ("/me/", "/me/rights/", "/me/readers/", "/me/rights/decisions/"):
        ada.goto(site.url(path))
        assert_accessible(ada)
        assert ada.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    ada.goto(site.url("/me/rights/"))
    with ada.expect_download() as caught:
        ada.get_by_role("button", name="下载您的全部信息副本").click()
    names = zipfile.ZipFile(caught.value.path()).namelist()
    assert {"export.json", "index.html", "tables/outcomes.csv"} <= set(names)
