"""Who read what is kept of a citizen: when, what, why, and what staff wrote about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners.api import partner_codes, partner_lines
from tanzhang.apps.people import api as people
from tanzhang.apps.people.api import AccountEntry, Reader
from tanzhang.stored_time import microseconds, moment_of
from tanzhang.surfaces.citizen.tabs import tabs
from tanzhang.surfaces.citizen.visitor import for_citizens
from tanzhang.surfaces.look import moments

#: Visits on one page.
LINES: Final = 30


@dataclass(frozen=True, slots=True)
class Line:
    """One visit, in words."""

    at_us: int
    who: str
    why: str
    what: str
    reason: str  #: what staff wrote; empty if nothing, or if it was taken away
    count: int
    kind: str


@require_safe
@for_citizens
def readers(request: HttpRequest, account: AccountEntry) -> HttpResponse:
    """The page; ``?before=`` goes back in time."""
    rules, lang = rulebook_in_force(), moments.language()
    programme = rules.programme_code(account.programme_id)
    with bulk_transaction() as cursor:
        found = people.readers_of(
            cursor, account.subject_id, partner_codes(), before=_before(request), lines=LINES
        )
    titles = {line.code: line.title(lang) for line in partner_lines()}
    context = {
        "lines": [_line(reader, titles, lang) for reader in found.lines],
        "older": None if found.before is None else microseconds(found.before),
        "zone": rules.programme(programme).time_zone,
        "tabs": tabs(),
    }
    return render(request, "citizen/readers.html", context)


def _line(reader: Reader, titles: dict[str, str], lang: str) -> Line:
    return Line(
        at_us=microseconds(reader.at),
        who=people.reader_in_words(reader, titles, lang),
        why=people.purpose_in_words(reader, lang),
        what=people.fields_in_words(reader.fields, lang),
        reason=reader.reason or "",
        count=reader.rows,
        kind=reader.reader_kind,
    )


def _before(request: HttpRequest) -> datetime:
    """Where the page begins: an instant in microseconds, or now."""
    given = request.GET.get("before", "")
    if given.isascii() and given.isdecimal() and len(given) <= 17:
        return moment_of(int(given))
    return datetime.now(UTC) + timedelta(seconds=1)
