"""Render every screen of the demonstration into docs/screenshots ("make screenshots").

Starts a demonstration of its own, walks it in a real Chromium as a citizen, as an operator and as
somebody of a partner, and takes a picture of each screen: phones in Chinese by day and in English
by night, the console on an office screen, the portal on both. The pictures change with the day on
which they are taken, so no test compares them.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from journeys.browsing import MISSING, PHONE, program  # noqa: E402

FOLDER = ROOT / "docs" / "screenshots"
OFFICE = {"width": 1366, "height": 768}

#: Language of the browser -> by which theme it is shown, who joins, and the words on the way.
WAYS = {
    "zh-CN": ("light", "sample-1", "加入低碳行动", "我同意，开通账户"),
    "en": ("dark", "sample-2", "Join low-carbon", "I agree, open my account"),
}
RESIDENT = re.compile("示例客户赵女士|Sample customer Zhao")

#: Pages of the portal: path below it -> the picture's name.
PORTAL = {"": "overview", "keys/": "keys", "calls/": "calls", "messages/": "messages"}

#: A citizen's pages about herself.
OWN = ("consents", "identity", "family", "rights", "readers", "photos", "closing")

#: Pages of the console below its address.
CONSOLE = (
    *("", "packs/", "programmes/", "partners/", "pieces/", "workers/", "ledger/", "held/"),
    *("doubts/", "appeals/", "requests/", "cases/", "assessments/", "cohorts/"),
)


@dataclass(frozen=True, slots=True)
class Demonstration:
    """Where it answers, and the passwords that it printed, by log-in."""

    address: str
    passwords: dict[str, str]


def main() -> int:
    """Take all pictures; 1 without a browser."""
    browser = program()
    if browser is None:
        sys.stderr.write(f"{MISSING}\n")
        return 1
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    with demonstration() as shown, sync_playwright() as playwright:
        options = ["--no-sandbox"] if os.geteuid() == 0 else []
        chromium = playwright.chromium.launch(executable_path=browser, args=options)
        for lang in WAYS:
            citizen(chromium, shown, lang)
            console(chromium, shown, lang)
            portal(chromium, shown, lang)
        chromium.close()
    sys.stdout.write(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER}\n")
    return 0


@contextmanager
def demonstration() -> Iterator[Demonstration]:
    """``tanzhang up`` in a home of its own."""
    with tempfile.TemporaryDirectory(prefix="tzshots-") as home:
        command = [sys.executable, "-m", "tanzhang", "up", "--no-city", "--lang", "en"]
        environment = {**os.environ, "TANZHANG_HOME": home}
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as run:
            assert run.stdout is not None
            told = ""
            try:
                while "Ctrl-C" not in told:
                    line = run.stdout.readline()
                    if not line:
                        raise SystemExit(f"The demonstration did not start:\n{told}")
                    told += line
                address = re.findall(r"http://[^/\s]+", told)[0]
                logins = dict(re.findall(r"^\s+(demo-\w+)\s+(\S+)$", told, re.M))
                yield Demonstration(address, logins)
            finally:
                run.send_signal(signal.SIGTERM)


def citizen(browser: Browser, shown: Demonstration, lang: str) -> None:
    """From the bank's icon to the reason of a ride, first as a newcomer, then as a resident."""
    theme, newcomer, join, agree = WAYS[lang]
    page = _page(browser, lang, theme, PHONE, scale=2)
    name = f"{lang[:2]}-{{}}".format

    def go(path: str, picture: str | None = None) -> None:
        page.goto(shown.address + path)
        if picture:
            _take(page, name(picture))

    go("/", "welcome")
    go("/host/", "bank-customers")
    page.locator(f"button[value={newcomer}]").click()
    _take(page, name("bank"))
    page.get_by_role("button", name=join).click()
    _take(page, name("consent"), whole=True)
    page.get_by_role("button", name=agree).click()
    _take(page, name("home-empty"))
    go("/host/")
    page.locator("button[value=metro]").click()
    _take(page, name("bank-act"))
    go("/home/")
    page.context.clear_cookies()
    go("/log-in/", "log-in")
    go("/host/")
    page.get_by_role("button", name=RESIDENT).click()
    page.get_by_role("button", name=join).click()
    _take(page, name("continue"))
    page.locator("main form button.main").click()
    _take(page, name("home"))
    _take(page, name("home-whole"), whole=True)
    go("/records/", "records")
    page.goto(f"{shown.address}/records/?scene=metro")
    page.locator("main li.cell a").first.click()
    _take(page, name("why"))
    _take(page, name("why-whole"), whole=True)
    go("/me/", "me")
    for own in OWN:
        page.goto(f"{shown.address}/me/{own}/")
        _take(page, name(f"me-{own}"), whole=True)
    go("/no-such-page/", "not-found")
    go("/style/")
    _take(page, name("style"), whole=True)
    page.context.close()


def console(browser: Browser, shown: Demonstration, lang: str) -> None:
    """What an approver sees on an office screen, and one act's story."""
    page = _page(browser, lang, WAYS[lang][0], OFFICE, scale=1)
    page.goto(f"{shown.address}/console/")
    _take(page, f"{lang[:2]}-console-log-in")
    page.fill("[name=username]", "demo-approver")
    page.fill("[name=password]", shown.passwords["demo-approver"])
    page.press("[name=password]", "Enter")
    page.wait_for_load_state()
    for path in CONSOLE:
        page.goto(f"{shown.address}/console/{path}")
        _take(page, f"{lang[:2]}-console-{path.strip('/') or 'start'}")
    page.context.close()


def portal(browser: Browser, shown: Demonstration, lang: str) -> None:
    """What somebody of the fictitious partner sees, on an office screen and on a phone."""
    for size, place in ((OFFICE, "portal"), (PHONE, "portal-phone")):
        page = _page(browser, lang, WAYS[lang][0], size, scale=1)
        page.goto(f"{shown.address}/portal/")
        page.fill("[name=username]", "demo-partner")
        page.fill("[name=password]", shown.passwords["demo-partner"])
        page.press("[name=password]", "Enter")
        page.wait_for_url(f"{shown.address}/portal/")
        for path, name in PORTAL.items():
            page.goto(f"{shown.address}/portal/{path}")
            _take(page, f"{lang[:2]}-{place}-{name}", whole=True)
        page.context.close()


def _page(browser: Browser, lang: str, theme: str, size: dict[str, int], *, scale: int) -> Page:
    context = browser.new_context(
        locale=lang,
        color_scheme="dark" if theme == "dark" else "light",
        viewport={"width": size["width"], "height": size["height"]},
        device_scale_factor=scale,
        timezone_id="Asia/Shanghai",
    )
    context.set_default_timeout(15_000)
    return context.new_page()


def _take(page: Page, name: str, *, whole: bool = False) -> None:
    """A picture of what the screen shows, or of the whole page on a screen that is long enough."""
    page.wait_for_load_state("load")
    size = page.viewport_size
    assert size is not None
    if whole:
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": size["width"], "height": height})
    picture = page.screenshot(animations="disabled", scale="css" if whole else "device")
    page.set_viewport_size(size)
    # 256 colours are plenty for pages without photographs, and a third of the bytes.
    few_colours = Image.open(BytesIO(picture)).convert("RGB").quantize(dither=Image.Dither.NONE)
    few_colours.save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    sys.exit(main())
