"""Joining in a real browser: by phone alone, refused with a reason, invited, shown what is new."""

from __future__ import annotations

import shutil
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Page, expect

from journeys.browsing import PHONE, Visitor, assert_accessible
from journeys.running_site import Site
from tanzhang.engine.packs import PackLibrary, default_folder, load_packs

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("programmes")]

WUHAN = Path(__file__).parents[1] / "packs" / "joining" / "wuhan.yaml"

WORDS = {
    "zh-CN": {
        "join": "用手机号加入武汉碳账户",
        "send": "获取验证码",
        "go_on": "继续",
        "agree": "我同意，开通账户",
        "opened": "您的碳账户已开通",
        "refused": "您目前不能加入",
        "rule": "中信银行信用卡持卡人",
        "remedy": "请在银行应用中申请信用卡",
    },
    "en": {
        "join": "Join Wuhan carbon account with my phone",
        "send": "Send me a code",
        "go_on": "Go on",
        "agree": "I agree, open my account",
        "opened": "Your carbon account is open",
        "refused": "You cannot join now",
        "rule": "holders of a credit card of the bank",
        "remedy": "Apply for a credit card in the bank's app",
    },
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> PackLibrary:
    """The demonstration, and a city that anybody joins by phone."""
    folder = tmp_path_factory.mktemp("joining") / "packs"
    shutil.copytree(default_folder(), folder)
    (folder / "programmes" / "wuhan").mkdir()
    shutil.copy(WUHAN, folder / "programmes" / "wuhan" / "programme.yaml")
    return load_packs(folder)


@pytest.fixture
def programmes(database: object, site: Site, library: PackLibrary) -> None:
    """Both programmes, compiled by the site before anybody waits for it."""
    from tanzhang.apps.catalogue.api import load_catalogue

    load_catalogue(library, ["citic", "wuhan"])
    with urllib.request.urlopen(site.url("/"), timeout=60) as answer:
        answer.read()


def check(page: Page) -> None:
    """Everybody can use the page, and nothing sticks out of a phone's screen."""
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def handed_over(site: Site, person: str, **claims: tuple[str, ...]) -> str:
    """The address by which the sample bank sends one of its customers."""
    from tanzhang.workbench.sample_bank import bank_link

    link = bank_link(person, "+8610000000001", urlsplit(site.address).netloc, claims)
    return site.url("/enter/?" + urlencode(link.fields))


def citic() -> tuple[int, object]:
    """The demonstration's number, and what it says of joining."""
    from tanzhang.apps.catalogue.api import rulebook_in_force

    rules = rulebook_in_force()
    return rules.programme_ids["citic"], rules.programme_file("citic").joining


def show_carrying(*audience: str) -> None:
    """Two persons decide who sees the page for carrying acts elsewhere."""
    from tanzhang.apps.people.api import approve_change, show_feature

    number, joining = citic()
    made = show_feature(number, joining, "carrying", audience, by="Ling", note="a journey")  # type: ignore[arg-type]
    approve_change(made.id, by="Mei")


def joined(visitor: Visitor, site: Site, lang: str, person: str = "sample-1") -> Page:
    """A cardholder's home, after she has agreed."""
    page = visitor.opens(handed_over(site, person, cardholder=()))
    page.get_by_role("button", name=WORDS[lang]["agree"]).click()
    page.wait_for_url("**/home/")
    return page


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_somebody_without_a_bank_joins_by_her_phone(
    site: Site, visit: Callable[..., Visitor], lang: str, javascript: bool
) -> None:
    words, visitor = WORDS[lang], visit(lang=lang, javascript=javascript)
    page = visitor.opens(site.url("/join/"))
    if javascript:
        check(page)
    page.get_by_role("button", name=words["join"]).click()
    page.get_by_role("textbox").fill("10000000007")
    if javascript:
        check(page)
    page.get_by_role("button", name=words["send"]).click()
    code = "".join(sign for sign in page.locator(".notice").inner_text() if sign.isdigit())
    page.get_by_role("textbox").fill(code[-6:])
    page.get_by_role("button", name=words["go_on"]).click()
    expect(page.get_by_role("button", name=words["agree"])).to_be_visible()
    if javascript:
        check(page)
    box = page.get_by_role("button", name=words["agree"]).bounding_box()
    assert box is not None and box["height"] >= 44  # a thumb's width
    page.get_by_role("button", name=words["agree"]).click()
    page.wait_for_url("**/home/")
    expect(page.get_by_text(words["opened"])).to_be_visible()


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_who_may_not_join_reads_the_rule_and_what_to_do(
    site: Site, visit: Callable[..., Visitor], lang: str
) -> None:
    words, visitor = WORDS[lang], visit(lang=lang)
    page = visitor.opens(handed_over(site, "sample-2", card_kinds=("debit",)))
    expect(page.get_by_role("heading", level=1)).to_have_text(words["refused"])
    expect(page.get_by_text(words["rule"])).to_be_visible()
    expect(page.get_by_text(words["remedy"])).to_be_visible()
    check(page)
    visitor.complaints = [said for said in visitor.complaints if "403" not in said]


def test_an_invited_tester_takes_part_and_answers(
    site: Site, visit: Callable[..., Visitor]
) -> None:
    from tanzhang.apps.people.api import load_list, move_cohort

    number, joining = citic()
    load_list(number, joining.lists["beta-testers"], ["sample-1"])  # type: ignore[attr-defined]
    move_cohort(number, joining, "beta", "open", by="Ling", note="a journey")  # type: ignore[arg-type]
    invited, stranger = visit(lang="en"), visit(lang="en")
    page = joined(invited, site, "en")
    page.goto(site.url("/cohorts/"))
    check(page)
    page.get_by_role("button", name="Take part: Trying what is new").click()
    expect(page.get_by_text("You take part, as number 1.")).to_be_visible()
    page.get_by_role("link", name="Answer a few questions").click()
    check(page)
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_text("Some questions have no answer.")).to_be_visible()
    for group in page.locator("fieldset.answers").all():
        group.get_by_role("radio").first.check()
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_text("Thank you. Your answers are counted.")).to_be_visible()
    other = joined(stranger, site, "en", "sample-2")
    other.goto(site.url("/cohorts/"))
    other.get_by_role("button", name="Take part: Trying what is new").click()
    expect(other.get_by_text("This test is for people who were invited.")).to_be_visible()
    for visitor in (invited, stranger):
        visitor.complaints = [said for said in visitor.complaints if "422" not in said]


def test_what_is_opened_while_a_page_is_open_is_there_at_the_next_load(
    site: Site, visit: Callable[..., Visitor]
) -> None:
    show_carrying("beta")
    visitor = visit(lang="en")
    page = joined(visitor, site, "en")
    page.goto(site.url("/me/"))
    carry = page.get_by_role("link", name="Carry your acts to another place")
    expect(carry).to_have_count(0)
    refused = page.request.get(site.url("/carrying/"))
    assert refused.status == 404
    show_carrying("everyone")  # decided in another process; nothing is restarted
    page.reload()
    carry.click()
    expect(page).to_have_url(site.url("/carrying/"))
