"""The pages as files: where they are, in which order, and how their Markdown becomes HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

FOLDER = Path("docs", "partners")

#: The pages in the order in which one reads them; the first is the overview.
ORDER = (
    "README",
    "first-activity",
    "sign",
    "checks",
    "events",
    "receipts",
    "webhooks",
    "reconciliation",
    "keys",
    "sandbox",
    "embed",
    "errors",
)

_LINK = re.compile(r"([A-Za-z-]+?)(?:\.zh-CN)?\.md(#.*)?")
_CODE = re.compile(r"[A-Z][A-Z0-9_]+")


@dataclass(frozen=True, slots=True)
class Page:
    """One page in one language, at ``/developers/<name>/``; the first has no name."""

    name: str
    title: str
    html: SafeString


@cache
def page(name: str, lang: str) -> Page | None:
    """The page of this address in ``zh`` or ``en``."""
    stem = name or ORDER[0]
    if stem not in names():
        return None
    ending = ".zh-CN.md" if lang == "zh" else ".md"
    tokens = _parser().parse((folder() / f"{stem}{ending}").read_text(encoding="utf-8"))
    title = next(tokens[i + 1].content for i, t in enumerate(tokens) if t.type == "heading_open")
    for i, token in enumerate(tokens):
        if token.type == "heading_open":
            token.attrSet("id", anchor(tokens[i + 1].content))
        for child in token.children or []:
            _lead(child)
    html = _parser().renderer.render(tokens, _parser().options, {})
    # Made from files of ours alone, by a parser that lets no HTML through.
    return Page(address(stem), title, mark_safe(_framed(html)))  # noqa: S308 - made here; html in a page was escaped


def names() -> list[str]:
    """The stems of all pages: those whose place is known, then whatever else the folder holds."""
    found = {path.name.removesuffix(".md") for path in folder().glob("*.md")}
    others = sorted(name for name in found - {*ORDER} if not name.endswith(".zh-CN"))
    return [name for name in ORDER if name in found] + others


def address(stem: str) -> str:
    """The address of a page below ``/developers/``."""
    return "" if stem == ORDER[0] else stem


def anchor(heading: str) -> str:
    """The fragment of a heading, as GitHub makes it; a code keeps its capitals."""
    if _CODE.fullmatch(heading):
        return heading
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@cache
def folder() -> Path:
    """``docs/partners`` above this file: the wheel's or the checkout's."""
    candidates = [parent / FOLDER for parent in Path(__file__).resolve().parents]
    return next(candidate for candidate in candidates if (candidate / "README.md").is_file())


def _lead(token: Token) -> None:
    """A link to a neighbouring file leads to its page."""
    found = _LINK.fullmatch(str(token.attrGet("href") or ""))
    if found:
        place = f"{address(found[1])}/" if address(found[1]) else ""
        token.attrSet("href", f"/developers/{place}{found[2] or ''}")


def _framed(html: str) -> str:
    """Tables and code that are wider than the screen scroll by themselves, by keyboard too."""
    html = html.replace("<table>", '<div class="wide" tabindex="0"><table>')
    return html.replace("</table>", "</table></div>").replace("<pre>", '<pre tabindex="0">')


@cache
def _parser() -> MarkdownIt:
    """Markdown without HTML, with tables."""
    made = MarkdownIt("commonmark", {"html": False}).enable("table")
    # A table's alignment would be a style in a line, which the site's policy forbids.
    made.add_render_rule("th_open", lambda *_: "<th>")
    made.add_render_rule("td_open", lambda *_: "<td>")
    return made
