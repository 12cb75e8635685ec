"""A person's copy of everything that is kept of her, signed so that another place can check it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from tanzhang.crypto import Purpose
from tanzhang.problems import Problem
from tanzhang.proofs.fields import Fields, write_instant
from tanzhang.proofs.form import Document
from tanzhang.proofs.signing import Seal, require_signature
from tanzhang.proofs.trust import Trust

EXPORT_FORMAT: Final = "tanzhang-export/1"

#: What a value in a row may be; a list or an object holds such values in turn.
_PLAIN: Final = (str, int, bool, type(None))


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of thing that is kept of a person: its name, its title, its rows."""

    name: str
    title: Mapping[str, str]
    rows: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class NotIncluded:
    """A table that is not in the copy, and why, in both languages."""

    table: str
    why: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Export:
    """What a verified copy holds."""

    installation: str
    accounts: tuple[str, ...]
    made_at: datetime
    rows: Mapping[str, int]  #: by section


def make_export(
    *,
    installation: str,
    accounts: Sequence[str],
    sections: Sequence[Section],
    not_included: Sequence[NotIncluded],
    seal: Seal,
) -> Document:
    """The signed copy."""
    return seal.put_on(
        {
            "format": EXPORT_FORMAT,
            "installation": installation,
            "accounts": list(accounts),
            "made_at": write_instant(seal.at),
            "sections": [
                {
                    "name": section.name,
                    "title": dict(section.title),
                    "rows": [dict(row) for row in section.rows],
                }
                for section in sections
            ],
            "not_included": [{"table": each.table, "why": dict(each.why)} for each in not_included],
        }
    )


def verify_export(document: Document, trust: Trust) -> Export:
    """What a copy holds, if a signing key signed it. Raises ``proofs.*``."""
    fields = Fields(document)
    given = fields.text("format")
    if given != EXPORT_FORMAT:
        raise Problem("proofs.format_unknown", given=given[:40], known=EXPORT_FORMAT)
    made_at = fields.instant("made_at")
    require_signature(document, fields, Purpose.SIGN, made_at, trust)
    installation = fields.text("installation")
    trust.require_installation(installation)
    accounts = fields.anything("accounts")
    if not isinstance(accounts, list) or not all(isinstance(each, str) for each in accounts):
        raise Problem("proofs.member_wrong", member="accounts")
    rows: dict[str, int] = {}
    for section in fields.each("sections"):
        name, count = _section(section)
        if name in rows:
            raise Problem("proofs.member_repeated", member=name[:40])
        rows[name] = count
    for table in fields.each("not_included"):
        table.text("table")
        _both_languages(table.inside("why"))
        table.end()
    fields.end()
    return Export(installation, tuple(accounts), made_at, rows)


def _section(fields: Fields) -> tuple[str, int]:
    name = fields.text("name")
    _both_languages(fields.inside("title"))
    count = len(fields.each("rows"))
    if not all(_is_plain(value) for row in fields.anything("rows") for value in row.values()):
        raise Problem("proofs.member_wrong", member=f"{name[:30]}.rows")
    fields.end()
    return name, count


def _both_languages(fields: Fields) -> None:
    for lang in ("zh", "en"):
        fields.text(lang)
    fields.end()


def _is_plain(value: object) -> bool:
    match value:
        case list():
            return all(_is_plain(each) for each in value)
        case dict():
            return all(_is_plain(each) for each in value.values())
    return isinstance(value, _PLAIN)
