"""The site answers, in a browser, with nothing to complain of."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable

import pytest

from journeys.browsing import Visitor, assert_accessible
from journeys.running_site import Site

pytestmark = pytest.mark.database


def test_the_site_says_that_it_lives(site: Site) -> None:
    with urllib.request.urlopen(site.url("/healthz")) as answer:
        assert json.load(answer) == {"status": "alive"}
        assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_the_first_page_opens_and_everybody_can_use_it(
    site: Site, visit: Callable[..., Visitor], lang: str
) -> None:
    page = visit(lang=lang).opens(site.url("/"))
    assert page.title() != ""
    assert_accessible(page)
