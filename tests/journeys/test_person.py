"""A person's own ways: her family, her other account, another number, coming back, and leaving."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from journeys.browsing import PHONE, Visitor, assert_accessible
from journeys.running_site import Site
from river.reports import act, hand_in
from tanzhang.apps.partners.api import partner
from tanzhang.apps.people import api as people

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

NUMBER = "11010519491231002X"
PHONES = {"fu": "13800000001", "di": "13800000002"}
NEW_PHONE = "13800000003"

#: The words by which she finds her way.
WORDS = {
    "zh-CN": {
        "send": "获取验证码",
        "log_in": "登录",
        "go_on": "继续",
        "yes": "是，两个都是我的",
        "unlinked": "账户未关联",
        "once": "同一行为如由两个合作方分别报到两个账户，此后只计一次",
        "linked": "您关联了自己的另一个账户",
        "name": "名称（仅成员可见）",
        "make": "建立：家庭",
        "invite": "邀请他人",
        "code": "邀请码",
        "see": "查看",
        "join": "加入",
        "month": "本月",
        "close": "确认注销",
        "closed": "您的账户已注销",
        "changed": "您更换了手机号",
    },
    "en": {
        "send": "Send me a code",
        "log_in": "Log in",
        "go_on": "Go on",
        "yes": "Yes, both are mine",
        "unlinked": "The accounts are not linked",
        "once": "it counts once from now on",
        "linked": "You linked another account of yours",
        "name": "Name, for its members alone",
        "make": "Make it: household",
        "invite": "Invite somebody",
        "code": "Code of invitation",
        "see": "See what it is",
        "join": "Join",
        "month": "This month",
        "close": "Close it",
        "closed": "Your account is closed",
        "changed": "You changed your phone number",
    },
}
LANGS = pytest.mark.parametrize("lang", [*WORDS])


def owner(name: str) -> people.AccountEntry:
    found = people.account(f"river-{name}")
    assert found is not None
    return found


def at_home(*names: str, vouched: bool = False) -> None:
    """These people have phones that open their accounts, and perhaps a host's word."""
    digest = people.identity_digest("id_number", NUMBER)
    for name in names:
        people.link_phone(owner(name), PHONES[name])
        if vouched:
            people.vouch(owner(name), partner("bank").id, "id_number", digest)


def check(page: Page) -> None:
    """Everybody can use the page, and nothing sticks out of a phone's screen."""
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def shows_phone(page: Page, phone: str, words: dict[str, str], then: str) -> None:
    """Have a code sent to a phone, and type it."""
    page.locator("input[name=phone]").fill(phone)
    check(page)
    page.get_by_role("button", name=words["send"]).click()
    shown = page.locator(".notice").filter(has_text=re.compile(r"\d{6}")).inner_text()
    check(page)
    page.locator("input[name=code]").fill(re.findall(r"\d{6}", shown)[0])
    page.get_by_role("button", name=words[then], exact=True).click()


def logs_in(visitor: Visitor, site: Site, name: str, words: dict[str, str]) -> Page:
    page = visitor.opens(site.url("/log-in/"))
    shows_phone(page, PHONES[name], words, "log_in")
    page.wait_for_url("**/home/")
    return page


@LANGS
def test_a_household_without_javascript(
    site: Site, visit: Callable[..., Visitor], lang: str
) -> None:
    words = WORDS[lang]
    at_home("fu", "di")
    # axe runs as a script, so who makes the household is looked at with scripts on.
    page = logs_in(visit(lang=lang), site, "di", words)
    page.goto(site.url("/me/family/"))
    page.get_by_label(words["name"]).fill("林家")
    page.get_by_role("button", name=words["make"]).click()
    page.get_by_role("button", name=words["invite"]).click()
    check(page)
    code = re.findall(r"[2-9a-z]{5}-[2-9a-z]{5}", page.locator(".notice").first.inner_text())[0]

    other = visit(lang=lang, javascript=False)
    hers = other.opens(site.url("/log-in/"))
    hers.locator("input[name=phone]").fill(PHONES["fu"])
    hers.get_by_role("button", name=words["send"]).click()
    shown = hers.locator(".notice").filter(has_text=re.compile(r"\d{6}")).inner_text()
    hers.locator("input[name=code]").fill(re.findall(r"\d{6}", shown)[0])
    hers.get_by_role("button", name=words["log_in"], exact=True).click()
    hers.goto(site.url("/me/family/"))
    hers.get_by_label(words["code"]).fill(code)
    hers.get_by_role("button", name=words["see"]).click()
    hers.get_by_role("button", name=words["join"], exact=True).click()
    expect(hers.get_by_role("heading", name="林家")).to_be_visible()
    expect(hers.get_by_text(words["month"])).to_be_visible()
    page.goto(site.url("/me/family/"))
    expect(page.get_by_text(owner("fu").handle)).to_be_visible()
    check(page)


@LANGS
def test_the_same_phone_alone_links_nothing(
    site: Site, visit: Callable[..., Visitor], lang: str
) -> None:
    words, visitor = WORDS[lang], visit(lang=lang)
    at_home("fu", "di")
    page = logs_in(visitor, site, "fu", words)
    page.goto(site.url("/me/identity/link/"))
    shows_phone(page, PHONES["di"], words, "go_on")
    expect(page.get_by_role("heading", level=1)).to_have_text(words["unlinked"])
    check(page)
    visitor.complaints.clear()  # the browser writes down that the answer was a refusal


@LANGS
def test_a_second_factor_links_and_she_reads_first_what_changes(
    site: Site, visit: Callable[..., Visitor], lang: str
) -> None:
    words = WORDS[lang]
    at_home("fu", "di", vouched=True)
    hand_in(act("a", "05-31 08:00", person="fu", partner="bank"))
    hand_in(act("b", "05-31 08:00", person="di", partner="bikes"))
    page = logs_in(visit(lang=lang), site, "fu", words)
    page.goto(site.url("/me/identity/link/"))
    shows_phone(page, PHONES["di"], words, "go_on")
    expect(page.get_by_text(words["once"])).to_be_visible()
    check(page)
    page.get_by_role("button", name=words["yes"]).click()
    page.wait_for_url("**/me/identity/")
    page.locator("summary").last.click()
    expect(page.get_by_text(words["linked"])).to_be_visible()
    check(page)
    page.goto(site.url("/me/"))
    check(page)


@LANGS
def test_another_number_after_the_old_one(
    site: Site, visit: Callable[..., Visitor], lang: str
) -> None:
    words = WORDS[lang]
    at_home("fu")
    page = logs_in(visit(lang=lang), site, "fu", words)
    page.goto(site.url("/me/identity/number/"))
    shows_phone(page, PHONES["fu"], words, "go_on")
    page.wait_for_url("**/me/identity/number/")
    shows_phone(page, NEW_PHONE, words, "go_on")
    page.wait_for_url("**/me/identity/")
    page.locator("summary").last.click()
    expect(page.get_by_text(words["changed"])).to_be_visible()
    assert people.account_of_phone(NEW_PHONE) == owner("fu").id


@LANGS
def test_a_recovery_that_a_log_in_cancels(
    site: Site, visit: Callable[..., Visitor], lang: str
) -> None:
    words = WORDS[lang]
    at_home("fu", vouched=True)
    somebody = visit(lang=lang).opens(site.url("/log-in/recover/"))
    somebody.locator("input[name=handle]").fill(owner("fu").handle)
    somebody.locator("input[name=number]").fill(NUMBER)
    shows_phone(somebody, NEW_PHONE, words, "go_on")
    somebody.wait_for_url("**/recover/asked/")
    check(somebody)
    (case,) = people.cases_of(owner("fu").id)
    assert case.is_open and case.is_checked
    page = logs_in(visit(lang=lang), site, "fu", words)
    expect(page.locator(".notice").first).to_be_visible()
    check(page)
    assert not people.identity_case(case.id).is_open


@LANGS
def test_leaving_for_good(site: Site, visit: Callable[..., Visitor], lang: str) -> None:
    words = WORDS[lang]
    at_home("fu")
    page = logs_in(visit(lang=lang), site, "fu", words)
    page.goto(site.url("/me/identity/"))
    check(page)
    page.goto(site.url("/me/closing/"))
    check(page)
    page.get_by_role("button", name=words["close"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(words["closed"])
    check(page)
