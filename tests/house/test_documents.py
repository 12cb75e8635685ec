"""Pages have a twin in the other language, and their links lead somewhere."""

from __future__ import annotations

import posixpath
import re
from pathlib import PurePosixPath

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^(#+) +(.+?)\s*$", re.MULTILINE)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")

#: Pages written in two languages; the others are for people who work on the project.
TWINNED = (
    "README.md",
    "docs/benchmarks/",
    "docs/demo/",
    "docs/guides/",
    "docs/internals/",
    "docs/partners/",
    "docs/reference/",
    "docs/security/",
    "docs/templates/",
)


def blocks(page: str) -> list[tuple[str, str]]:
    """A page's code blocks as (language, text)."""
    return FENCE.findall(page)


def prose(page: str) -> str:
    """A page without its code blocks."""
    return FENCE.sub("", page)


def headings(page: str) -> list[str]:
    """The depth of each heading, in order."""
    return [marks for marks, _ in HEADING.findall(prose(page))]


def anchors(page: str) -> set[str]:
    """The fragments that a page's headings answer to, as GitHub makes them."""
    titles = (title for _, title in HEADING.findall(prose(page)))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def twins(pages: dict[str, str]) -> list[tuple[str, str]]:
    """English pages that need a twin, with the name of that twin."""
    return [
        (path, path.removesuffix(".md") + ".zh-CN.md")
        for path in pages
        if path.startswith(TWINNED) and not path.endswith(".zh-CN.md")
    ]


def test_every_page_for_readers_has_a_twin(pages: dict[str, str]) -> None:
    needed = twins(pages)
    assert ("README.md", "README.zh-CN.md") in needed
    assert [twin for _, twin in needed if twin not in pages] == []
    lonely = {path for path in pages if path.endswith(".zh-CN.md")} - {twin for _, twin in needed}
    assert lonely == set()


def test_twins_have_the_same_headings(pages: dict[str, str]) -> None:
    faults = {
        page: (headings(pages[page]), headings(pages[twin]))
        for page, twin in twins(pages)
        if headings(pages[page]) != headings(pages[twin])
    }
    assert faults == {}


def test_twins_have_the_same_code_blocks(pages: dict[str, str]) -> None:
    faults = [page for page, twin in twins(pages) if blocks(pages[page]) != blocks(pages[twin])]
    assert faults == []


def test_every_link_to_a_file_or_heading_of_the_project_resolves(
    pages: dict[str, str], texts: dict[str, str]
) -> None:
    folders = {parent.as_posix() for path in texts for parent in PurePosixPath(path).parents}
    faults = []
    for path, text in pages.items():
        for link in LINK.findall(prose(text)):
            if re.match(r"[a-z]+:", link):
                continue
            target, _, fragment = link.partition("#")
            file = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
            file = path if not target else file
            if file not in texts and file not in folders:
                faults.append(f"{path}: {link}")
            elif fragment and fragment not in anchors(texts[file]):
                faults.append(f"{path}: {link} (no such heading)")
    assert faults == []
