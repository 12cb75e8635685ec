"""Everybody can use the pages about receipts and roots, with or without a script."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from journeys.browsing import Visitor, assert_accessible
from journeys.running_site import Site
from river.reports import act, hand_in
from tanzhang.apps.activities.api import drain
from tanzhang.apps.ledger.api import publish_root
from tanzhang.config.own_keys import key_store

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("path", ["/receipts/", "/roots/"])
@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_everybody_can_use_the_pages_about_proofs(
    site: Site, visit: Callable[..., Visitor], path: str, lang: str, dark: bool
) -> None:
    for name, hour in (("b1", "08"), ("b2", "09")):
        hand_in(act(name, f"05-30 {hour}:00"))
        drain()
        publish_root(key_store())
    page = visit(lang=lang, dark=dark).opens(site.url(path))
    assert page.title() != ""
    assert_accessible(page)
    width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert width <= 0
