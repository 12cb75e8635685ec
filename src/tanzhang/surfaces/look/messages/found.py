"""Finds the sentences that templates and modules hand to gettext. Nothing is imported or run."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.extract import DEFAULT_KEYWORDS, extract
from django.utils.translation.template import templatize

_LAZY = {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
KEYWORDS = DEFAULT_KEYWORDS | _LAZY


@dataclass(frozen=True, slots=True, order=True)
class Sentence:
    """A key of the catalogue. Without a plural form ``plural`` is empty; so is ``context``."""

    singular: str
    plural: str = ""
    context: str = ""


def sentences(folders: Iterable[Path]) -> dict[Sentence, str]:
    """Every sentence under some folders, with a place where it stands, for messages to people."""
    return {
        sentence: f"{file}:{line}"
        for folder in folders
        for file in sorted(folder.rglob("*"))
        if file.suffix in {".py", ".html", ".txt"}
        for line, sentence in _of_file(file)
    }


def _of_file(file: Path) -> Iterable[tuple[int, Sentence]]:
    text = file.read_text(encoding="utf-8")
    if file.suffix != ".py":
        return of_template(text, str(file))
    return of_module(text) if "gettext" in text else ()


def of_template(text: str, name: str = "") -> Iterator[tuple[int, Sentence]]:
    """The sentences of a template with their lines."""
    calls = templatize(text, name)
    # What is no call came out as rows of X; without indents a row is one more name to Python.
    return of_module("\n".join(line.lstrip() for line in calls.splitlines()))


def of_module(text: str) -> Iterator[tuple[int, Sentence]]:
    """The sentences of a Python module with their lines."""
    source = io.BytesIO(text.encode())
    for line, message, _, context in extract("python", source, KEYWORDS):
        singular, plural = message if isinstance(message, tuple) else (message, "")
        yield line, Sentence(singular, plural, context or "")
