"""Which personal fields there are: declared in ``fields.yaml``, never in code.

What lets somebody act as a person (class C3: passwords, one-time codes, biometrics, the track of a
card) can be neither declared nor stored.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from tanzhang.apps.columns import DataClass
from tanzhang.apps.people.phones import normalised as normalised_phone
from tanzhang.apps.people.vault.masks import MASKS
from tanzhang.problems import Problem

#: Parts of names that only a field of class C3 has.
_C3_WORDS: Final = frozenset(
    [
        "password",
        "passwd",
        "pin",
        "otp",
        "cvn",
        "cvv",
        "cvc",
        "track",
        "magstripe",
        "fingerprint",
        "face",
        "iris",
        "voiceprint",
        "biometric",
        "palm",
        "vein",
        "gait",
        "secret",
    ]
)

#: What a card's magnetic track holds: number, separator, expiry and service code (ISO/IEC 7813).
_TRACK: Final = re.compile(r"(?:%?B)?\d{12,19}(?:=|\^[^^]{2,26}\^)\d{7}")

MOST_LETTERS: Final = 500
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_KEYS: Final = {"class", "mask", "found", "title", "purpose"}


@dataclass(frozen=True, slots=True)
class Field:
    """One kind of personal data. ``is_found``: whether people can be looked up by it.

    ``title`` and ``purpose`` (what it is kept for) are in both languages: ``{"zh": …, "en": …}``.
    """

    name: str
    data_class: DataClass
    mask: str
    is_found: bool
    title: Mapping[str, str]
    purpose: Mapping[str, str]

    def masked(self, text: str) -> str:
        """As everybody sees it who has given no reason to see more."""
        return MASKS[self.mask](text)

    def plain(self, text: str) -> str:
        """As it is stored: one form for what is typed in several.

        Raises ``personal.field_too_long``, ``personal.field_is_secret`` for a card's track, and
        ``people.phone_malformed``.
        """
        tidy = unicodedata.normalize("NFKC", text).strip()
        if len(tidy) > MOST_LETTERS:
            raise Problem("personal.field_too_long", field=self.name, most=MOST_LETTERS)
        if _TRACK.search(tidy):
            raise Problem("personal.field_is_secret", field=self.name)
        return normalised_phone(tidy) if self.mask == "phone" and tidy else tidy


def field_named(name: str) -> Field:
    """A declared field. Raises ``personal.field_undeclared``."""
    try:
        return declared()[name]
    except KeyError:
        raise Problem("personal.field_undeclared", field=name) from None


@cache
def declared() -> Mapping[str, Field]:
    """Every declared field by its name, in the order of the file."""
    said: Any = yaml.safe_load((Path(__file__).parent / "fields.yaml").read_text("utf-8"))
    return {name: parsed(name, entry) for name, entry in said.items()}


def parsed(name: str, said: Mapping[str, Any]) -> Field:
    """One entry of the file. Raises ``ValueError`` with what is wrong with it."""
    if not _NAME.fullmatch(name) or not said.keys() <= _KEYS:
        raise ValueError(f"{name}: not a field's name, or unknown words in its entry")
    data_class = DataClass(said["class"])
    if data_class is DataClass.C3 or _C3_WORDS & {*name.split("_")}:
        raise ValueError(f"{name}: what lets somebody act as a person is never stored")
    if data_class is DataClass.NONE:
        raise ValueError(f"{name}: what says nothing of a person does not belong in the vault")
    if said["mask"] not in MASKS:
        raise ValueError(f"{name}: there is no mask {said['mask']!r}")
    for part in ("title", "purpose"):
        if said[part].keys() != {"zh", "en"}:
            raise ValueError(f"{name}: its {part} needs zh and en")
    found = bool(said.get("found", False))
    return Field(name, data_class, said["mask"], found, said["title"], said["purpose"])
