"""The style page in a real browser: everybody can use it, in each theme, language and size."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest

from journeys.browsing import Visitor, assert_accessible
from journeys.budgets import assert_light
from journeys.running_site import Site

pytestmark = pytest.mark.database


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_every_component_can_be_used_by_everybody(
    site: Site, visit: Callable[..., Visitor], lang: str, dark: bool
) -> None:
    page = visit(lang=lang, dark=dark).opens(site.url("/style/"))
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert_light(page)


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_theme_language_and_size_are_chosen_without_a_script(
    site: Site, visit: Callable[..., Visitor], javascript: bool
) -> None:
    page = visit(lang="zh-CN", javascript=javascript).opens(site.url("/style/"))
    for chosen in ("深色", "大字", "English"):
        page.locator(".menu > summary").click()
        page.get_by_role("button", name=chosen, exact=True).click()
    html = page.locator("html")
    assert html.get_attribute("data-theme") == "dark"
    assert html.get_attribute("data-text") == "large"
    assert html.get_attribute("lang") == "en"
    tabs = [tab.bounding_box() for tab in page.locator(".tabbar a").all()]
    assert all(tab and min(tab["width"], tab["height"]) >= 60 for tab in tabs)
    if javascript:  # without it axe waits for ever
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_menu_closes_when_the_reader_turns_elsewhere(
    site: Site, visit: Callable[..., Visitor]
) -> None:
    page = visit().opens(site.url("/style/"))
    menu = page.locator("details.menu")
    menu.locator("summary").click()
    page.keyboard.press("Escape")
    assert menu.get_attribute("open") is None
    menu.locator("summary").click()
    page.locator("#records").click()  # a heading below the open menu
    assert menu.get_attribute("open") is None


def test_every_target_is_large_enough_for_a_thumb(
    site: Site, visit: Callable[..., Visitor]
) -> None:
    page = visit().opens(site.url("/style/"))
    small = page.evaluate(
        """[...document.querySelectorAll('button, .button, .cell > a, summary, .tabbar a,'
            + ' .backbar a, .brand, input:not([type=hidden])')]
          .filter(element => element.offsetParent !== null && element.type !== 'checkbox')
          .map(element => [element.textContent.trim(), element.getBoundingClientRect().height])
          .filter(([text, height]) => height < 44)"""
    )
    assert small == []


def test_rows_of_a_list_stand_below_each_other_and_fill_the_page(
    site: Site, visit: Callable[..., Visitor]
) -> None:
    page = visit().opens(site.url("/style/"))
    rows = [row.bounding_box() or {} for row in page.locator(".page > .list > li").all()]
    assert len(rows) > 3
    assert {round(row["width"]) for row in rows} == {390 - 2 * 16 - 2}
    assert all(above["y"] < below["y"] for above, below in pairwise(rows))
