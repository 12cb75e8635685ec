"""What a page may weigh: everything that it links, as it goes over the wire.

The budgets are those of a cheap phone on a slow network. Scripts and pictures that a script brings
in later count only if the page names them.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin

from playwright.sync_api import Page

#: Kilobytes after gzip, and the number of requests.
BUDGETS = {"html": 20, "css": 15, "js": 25, "images": 60}
REQUESTS = 12

_IN_STYLES = re.compile(rb"url\(\s*[\"']?([^\"')]+)")


@dataclass(frozen=True)
class Weight:
    """Bytes after gzip by kind, and how many requests the page causes."""

    html: int
    css: int
    js: int
    images: int
    requests: int

    def faults(self) -> list[str]:
        """The budgets that are broken, in words."""
        heavy = [
            f"{kind}: {getattr(self, kind)} bytes, {budget} KB allowed"
            for kind, budget in BUDGETS.items()
            if getattr(self, kind) > budget * 1024
        ]
        return heavy + ([f"{self.requests} requests"] if self.requests > REQUESTS else [])


class _Links(HTMLParser):
    """The addresses that a page makes a browser fetch, by kind."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self._base = base
        self.found: dict[str, set[str]] = {"css": set(), "js": set(), "images": set()}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "link" and "stylesheet" in (given.get("rel") or ""):
            self._add("css", given.get("href"))
        elif tag == "link" and "icon" in (given.get("rel") or ""):
            self._add("images", given.get("href"))
        elif tag == "script":
            self._add("js", given.get("src"))
        elif tag == "img":
            self._add("images", given.get("src"))
        elif tag == "use":
            self._add("images", given.get("href"))

    def _add(self, kind: str, address: str | None) -> None:
        whole = urldefrag(urljoin(self._base, address or "#")).url
        if address and not address.startswith(("#", "data:")):
            self.found[kind].add(whole)


def weigh(url: str, html: bytes, fetch: Callable[[str], bytes]) -> Weight:
    """The weight of a page; ``fetch`` gives the body behind an absolute address."""
    links = _Links(url)
    links.feed(html.decode())
    styles = {address: fetch(address) for address in links.found["css"]}
    images = set(links.found["images"])
    for address, body in styles.items():
        images |= {urljoin(address, match.decode()) for match in _IN_STYLES.findall(body)}
    return Weight(
        html=_packed(html),
        css=sum(_packed(body) for body in styles.values()),
        js=sum(_packed(fetch(address)) for address in links.found["js"]),
        images=sum(_packed(fetch(address)) for address in images),
        requests=1 + len(styles) + len(links.found["js"]) + len(images),
    )


def assert_light(page: Page) -> None:
    """The page that a visitor sees, fetched once more with her cookies, keeps every budget."""

    def fetch(address: str) -> bytes:
        answer = page.request.get(address)
        assert answer.ok, f"{address}: {answer.status}"
        return answer.body()

    assert weigh(page.url, fetch(page.url), fetch).faults() == []


def _packed(body: bytes) -> int:
    return len(gzip.compress(body, 9))
