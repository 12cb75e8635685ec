"""One person's ways in, each in a browser of its own."""

from __future__ import annotations

from surfaces.citizen.browser import Browser, Page, browser
from surfaces.citizen.entry.platforms import ALIPAY, WECHAT, Platforms

PHONES = {"gil": "+8610000000001", "hal": "+8610000000002"}


def by_link(person: str) -> Browser:
    """She comes from the bank, agrees if she has no account yet, and is in."""
    visitor = browser()
    assert visitor.goes_on(visitor.arrives(person, PHONES[person])).location == "/home/"
    return visitor


def in_app(channel: str) -> Browser:
    """The browser of a mini-program."""
    visitor = browser()
    visitor.client.defaults["HTTP_USER_AGENT"] = WECHAT if channel == "wechat" else ALIPAY
    return visitor


def taps(visitor: Browser, platforms: Platforms, channel: str, person: str) -> Page:
    """Somebody opens the mini-program."""
    return visitor.opens(f"/enter/{channel}/", code=platforms.code(channel, person))


def shows_phone(visitor: Browser, person: str) -> Page:
    """She types her phone, and the code that the page shows in place of a message."""
    assert visitor.sends("/enter/phone/", phone=PHONES[person]).location == "/enter/phone/code/"
    shown = visitor.opens("/enter/phone/code/").text.partition("Your code is ")[2][:6]
    return visitor.sends("/enter/phone/code/", code=shown)


def account_of(visitor: Browser) -> str:
    """The handle on her own page."""
    page = visitor.opens("/me/")
    assert page.status == 200, page.location
    return next(word for word in page.text.split() if word.startswith("river-"))
