"""A person's own copy: the signed file for machines, tables, and a page that anybody can read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils.translation import override

from tanzhang.apps.activities.api import Evidence
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners.api import partner_codes, partner_lines
from tanzhang.apps.people import api as people
from tanzhang.apps.people.api import AccountEntry
from tanzhang.proofs import Document, Section, canonical, make_export

#: Columns of the readable page that hold codes which have titles.
_TITLED: Final = ("partner", "programme", "scene")

#: What the readable page leaves to the tables: it is long, or says nothing to a person.
_ONLY_IN_TABLES: Final = ("wording_zh", "wording_en", "month", "outcome_no")


@dataclass(frozen=True, slots=True)
class OwnCopy:
    """The copy as files by name, and how many rows each section has."""

    document: Document
    files: Mapping[str, bytes]
    rows: Mapping[str, int]


def own_copy(account: AccountEntry, evidence: Evidence, lang: str) -> OwnCopy:
    """The copy of everything that is kept of the person behind an account, as it stands now."""
    accounts = people.accounts_of_subject(account.subject_id)
    with bulk_transaction() as cursor:
        cursor.execute("set transaction isolation level repeatable read")
        names = _names(evidence.rules, accounts)
        sections = people.gather(cursor, account.subject_id, names)
    document = make_export(
        installation=evidence.installation,
        accounts=[each.handle for each in accounts],
        sections=sections,
        not_included=people.not_included(),
        seal=evidence.seal,
    )
    files = {
        "export.json": canonical(document) + b"\n",
        "index.html": _page(document, sections, evidence.rules, lang).encode(),
    }
    filled = [section for section in sections if section.rows]
    files |= {f"tables/{each.name}.csv": people.as_csv(each).encode() for each in filled}
    return OwnCopy(document, files, {each.name: len(each.rows) for each in sections})


def zipped(copy: OwnCopy) -> bytes:
    """The files as one archive; it is made in memory and nothing of it stays here."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in copy.files.items():
            archive.writestr(name, content)
    return out.getvalue()


def _names(rules: RulesInForce, accounts: Sequence[AccountEntry]) -> people.Names:
    return {
        "partner_id": partner_codes(),
        "programme_id": {number: code for code, number in rules.programme_ids.items()},
        "scene_id": {number: code for (_, code), number in rules.scene_ids.items()},
        "limit_id": {number: "/".join(name) for name, number in rules.limit_ids.items()},
        "account": {each.id: each.handle for each in accounts},
        "account_id": {each.id: each.handle for each in accounts},
    }


def _page(document: Document, sections: Sequence[Section], rules: RulesInForce, lang: str) -> str:
    titles = _titles(rules, lang)
    context = {
        "lang": lang,
        "document": document,
        "sections": [_table(each, titles, lang) for each in sections if each.rows],
        "empty": [each.title[lang] for each in sections if not each.rows],
        "not_included": [each["why"][lang] for each in document["not_included"]],
    }
    with override("zh-hans" if lang == "zh" else "en"):
        return render_to_string("citizen/own_copy.html", context)


def _titles(rules: RulesInForce, lang: str) -> dict[tuple[str, str], str]:
    """The titles of codes, by column and code."""
    titles = {("partner", line.code): line.title(lang) for line in partner_lines()}
    for code, file in rules.files.items():
        titles["programme", code] = file.title[lang]
    for programme, scene in rules.scene_ids:
        titles["scene", scene] = rules.scene_title(programme, scene)[lang]
    return titles


def _table(section: Section, titles: Mapping[tuple[str, str], str], lang: str) -> dict[str, Any]:
    present = dict.fromkeys(name for row in section.rows for name in row)
    columns = [name for name in present if name not in _ONLY_IN_TABLES]
    rows = [[_shown(name, row.get(name), titles, lang) for name in columns] for row in section.rows]
    return {
        "title": section.title[lang],
        "columns": [people.column_title(name, lang) for name in columns],
        "rows": rows,
    }


def _shown(name: str, value: Any, titles: Mapping[tuple[str, str], str], lang: str) -> str:
    """A value as somebody reads it who is no machine."""
    if name in _TITLED and isinstance(value, str):
        return titles.get((name, value), value)
    match value:
        case None:
            return ""
        case bool():
            return {"zh": ("否", "是"), "en": ("no", "yes")}[lang][value]
        case int():
            return f"{value:,}"
        case list():
            return ", ".join(str(each) for each in value)
        case dict():
            return "; ".join(f"{key}: {each}" for key, each in value.items())
    text = str(value)
    is_instant = name.endswith("at") and len(text) >= len("2026-01-01T00:00:00") and "T" in text
    return text[:16].replace("T", " ") if is_instant else text
