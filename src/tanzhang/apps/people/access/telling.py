"""Readings in words that the person whom they concern understands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

import yaml

from tanzhang.apps.people.access.reading import Reader
from tanzhang.apps.people.vault.declared import declared

_COMMA = {"zh": "、", "en": ", "}


def reader_in_words(reader: Reader, partner_titles: Mapping[str, str], lang: str) -> str:
    """Who read: a role with the log-in, a partner's title, or the person herself."""
    kind = _word("kinds", reader.reader_kind, lang)
    match reader.reader_kind:
        case "citizen":
            return kind
        case "partner":
            return partner_titles.get(reader.reader, reader.reader)
        case "staff":
            role, sign, login = reader.reader.rpartition(":")
            word = _word("roles", role, lang) if sign else kind
            return f"{word} {login}"
    return f"{kind} {reader.reader}"


def purpose_in_words(reader: Reader, lang: str) -> str:
    """What for."""
    return _word("purposes", reader.purpose, lang)


def fields_in_words(fields: Sequence[str], lang: str) -> str:
    """What was read, as one enumeration."""
    return _COMMA[lang].join(_field(name, lang) for name in fields)


def _field(name: str, lang: str) -> str:
    known = declared().get(name)
    return known.title[lang] if known is not None else _word("fields", name, lang)


def _word(table: str, code: str, lang: str) -> str:
    found: str | None = words()[table].get(code, {}).get(lang)
    return code.replace("_", " ") if found is None else found


@cache
def words() -> dict[str, dict[str, dict[str, str]]]:
    """The words of ``words.yaml``."""
    text = files("tanzhang.apps.people.access").joinpath("words.yaml").read_text("utf-8")
    loaded: dict[str, dict[str, dict[str, str]]] = yaml.safe_load(text)
    return loaded
