"""What citizens agree to, word by word, in versions that never change."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml

from tanzhang.apps.people.models import ConsentText
from tanzhang.problems import Problem

OPEN_ACCOUNT: Final = "open-account"
SHARE_BALANCE: Final = "share-balance"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A heading and what stands under it."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Wording:
    """One version of a consent text; ``digest`` is SM3 over both languages, in hexadecimal."""

    id: int
    version: str
    digest: str
    zh: Sequence[Paragraph]
    en: Sequence[Paragraph]

    def paragraphs(self, lang: str) -> Sequence[Paragraph]:
        """The text in one language, ``zh`` or ``en``."""
        return self.zh if lang == "zh" else self.en


def current_wording(code: str = OPEN_ACCOUNT) -> Wording:
    """The wording that is shown now, recorded before anybody can agree to it.

    Raises ``people.wording_changed`` if this version was recorded with other words.
    """
    given = _file()[code]
    texts = {lang: "\n\n".join(f"{title}\n{text}" for title, text in given[lang]) for lang in _BOTH}
    digest = hashlib.new("sm3", "\0".join(texts.values()).encode()).digest()
    row, _ = ConsentText.objects.get_or_create(
        code=code, version=given["version"], defaults={**texts, "digest": digest}
    )
    if bytes(row.digest) != digest:
        raise Problem("people.wording_changed", text=code, version=row.version)
    zh, en = ([Paragraph(*entry) for entry in given[lang]] for lang in _BOTH)
    return Wording(row.id, row.version, digest.hex(), zh, en)


_BOTH: Final = ("zh", "en")


@cache
def _file() -> dict[str, Any]:
    text = files("tanzhang.apps.people").joinpath("consent.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded
