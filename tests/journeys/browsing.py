"""A real Chromium, and what every page that it opens has to be."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

#: Where Chromium may be; TANZHANG_BROWSER names another.
PROGRAMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")

MISSING = (
    "Journeys need Chromium and Chinese fonts: run “make browser” (as root or with sudo), or set"
    " TANZHANG_BROWSER to the path of a Chromium."
)

#: The phone that most citizens hold.
PHONE = {"width": 390, "height": 844}


def program() -> str | None:
    """The path of a Chromium on this machine."""
    named = os.environ.get("TANZHANG_BROWSER")
    found = [named] if named else [shutil.which(name) for name in PROGRAMS]
    return next((path for path in found if path), None)


#: How long anything may take on a slow and busy machine; only a failure takes so long.
PATIENCE_MS = 30_000

expect.set_options(timeout=PATIENCE_MS)


@dataclass
class Visitor:
    """Somebody with a browser of her own; what her pages complained of fails the test."""

    context: BrowserContext
    complaints: list[str] = field(default_factory=list)

    def opens(self, url: str) -> Page:
        """A new tab at an address."""
        page = self.context.new_page()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(url)
        return page

    def _hear(self, message: ConsoleMessage) -> None:
        """Errors in the console: a refused script, a missing file, a broken policy."""
        if message.type == "error":
            self.complaints.append(f"{message.text} {message.location.get('url', '')}")


@contextmanager
def visitor(
    browser: Browser, *, lang: str = "zh-CN", dark: bool = False, javascript: bool = True,
    width: int = PHONE["width"],
) -> Iterator[Visitor]:  # fmt: skip
    """A visitor who begins without cookies. Her pages may not complain in the console."""
    context = browser.new_context(
        locale=lang,
        color_scheme="dark" if dark else "light",
        java_script_enabled=javascript,
        viewport={"width": width, "height": PHONE["height"]},
        timezone_id="Asia/Shanghai",
    )
    context.set_default_timeout(PATIENCE_MS)
    try:
        somebody = Visitor(context)
        yield somebody
        assert somebody.complaints == [], somebody.complaints
    finally:
        context.close()


def assert_accessible(page: Page) -> None:
    """axe-core finds nothing wrong with the page as it stands.

    Playwright puts the script in from outside, so the page's content policy need not allow it.
    """
    page.wait_for_load_state()  # a press waits until the next page begins, not until it is there
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
