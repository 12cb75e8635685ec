"""What citizens agree to, word by word, in versions that never change: ``texts/<code>.yaml``."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml

from tanzhang.apps.people.consenting.models import ConsentText
from tanzhang.apps.people.consenting.purposes import purposes
from tanzhang.problems import Problem

OPEN_ACCOUNT: Final = "open-account"
SHARE_BALANCE: Final = "share-balance"

_BOTH: Final = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A heading and what stands under it."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Wording:
    """One version of a consent text; ``digest`` is SM3 over both languages, in hexadecimal.

    ``changes`` tells, sentence by sentence in both languages, how it differs from the version
    before; ``material`` says that who agreed to that one has to be asked again.
    """

    id: int
    code: str
    version: str
    digest: str
    zh: Sequence[Paragraph]
    en: Sequence[Paragraph]
    material: bool
    changes: Mapping[str, Sequence[str]]

    def paragraphs(self, lang: str) -> Sequence[Paragraph]:
        """The text in one language, ``zh`` or ``en``."""
        return self.zh if lang == "zh" else self.en

    def as_json(self) -> dict[str, Any]:
        """The text as a machine reads it."""
        told = {
            lang: [[entry.title, entry.text] for entry in self.paragraphs(lang)] for lang in _BOTH
        }
        head = {"code": self.code, "version": self.version, "digest": f"sm3:{self.digest}"}
        return head | told


def current_wording(code: str = OPEN_ACCOUNT) -> Wording:
    """The wording that is shown now, recorded before anybody can agree to it.

    Raises ``people.wording_changed`` if a version was recorded with other words.
    """
    return _recorded(code)[-1]


def wordings(code: str) -> list[Wording]:
    """Every version of a text, the oldest first."""
    return _recorded(code)


def record_texts() -> None:
    """Record every version of every text, so that what changed counts from now on.

    Raises ``people.wording_changed``.
    """
    for purpose in purposes().values():
        _recorded(purpose.text)


def wording_of(digest: str) -> Wording | None:
    """The version with this digest (hexadecimal); None if nobody was ever shown such a text."""
    try:
        row = ConsentText.objects.filter(digest=bytes.fromhex(digest)).first()
    except ValueError:
        return None
    return None if row is None else _wording(row, {})


def _recorded(code: str) -> list[Wording]:
    known = {row.version: row for row in ConsentText.objects.filter(code=code)}
    return [_one(code, given, known) for given in _file(code)]


def _one(code: str, given: dict[str, Any], known: Mapping[str, ConsentText]) -> Wording:
    texts = {lang: "\n\n".join(f"{title}\n{text}" for title, text in given[lang]) for lang in _BOTH}
    digest = hashlib.new("sm3", "\0".join(texts.values()).encode()).digest()
    row = known.get(given["version"])
    if row is None:
        row, _ = ConsentText.objects.get_or_create(
            code=code,
            version=given["version"],
            defaults={
                **texts,
                "digest": digest,
                "material": given.get("material", False),
            },
        )
    if bytes(row.digest) != digest:
        raise Problem("people.wording_changed", text=code, version=row.version)
    return _wording(row, given.get("changes", {}))


def _wording(row: ConsentText, changes: Mapping[str, Sequence[str]]) -> Wording:
    zh, en = ([_paragraph(part) for part in text.split("\n\n")] for text in (row.zh, row.en))
    digest = bytes(row.digest).hex()
    return Wording(row.id, row.code, row.version, digest, zh, en, row.material, changes)


def _paragraph(part: str) -> Paragraph:
    title, _, text = part.partition("\n")
    return Paragraph(title, text)


@cache
def _file(code: str) -> list[dict[str, Any]]:
    """The versions of a text as they are written, the oldest first."""
    text = files("tanzhang.apps.people.consenting").joinpath(f"texts/{code}.yaml")
    loaded: list[dict[str, Any]] = yaml.safe_load(text.read_text(encoding="utf-8"))
    return loaded
