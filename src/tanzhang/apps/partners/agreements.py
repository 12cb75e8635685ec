"""Agreements: what a partner may do, how much, and for how long. Nothing of them is ever changed.

A newer agreement of the same kind takes the place of an older one from its first instant on, and an
agreement may be ended early. Neither touches another partner, nor anything that was accepted.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import psycopg
from django.db import connection
from django.utils import timezone

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners.models import AgreementKind
from tanzhang.apps.partners.quotas import CALLS_A_MINUTE, ITEMS_A_DAY
from tanzhang.apps.people.api import installation
from tanzhang.problems import Problem

#: The grade of evidence of an act whose report states none.
DEFAULT_GRADE: Final = 1

#: The highest grade of evidence that the platform's methodologies tell apart; no partner may claim
#: more for its acts unless its agreement says so.
MOST_GRADE: Final = 3

#: From when on partners that a programme's file names have their agreement.
ALWAYS: Final = datetime(1970, 1, 1, tzinfo=UTC)

#: Agreements with the instant at which each ends, if any.
AGREEMENTS: Final = """
select a.id, a.partner_id, a.kind, a.scenes, a.default_grade, a.items_a_day, a.calls_a_minute,
    a.valid_from, least(a.valid_until, e.ended_at), a.text_digest, a.most_grade, a.approved_by
from agreement a
left join lateral (
    select min(ended_at) as ended_at from agreement_end where agreement_id = a.id
) e on true
where a.partner_id = %s
"""


@dataclass(frozen=True, slots=True)
class AgreementEntry:
    """An agreement over [valid_from, valid_until), an earlier ending counted in."""

    id: int
    partner_id: int
    kind: AgreementKind
    scenes: tuple[str, ...] | None
    default_grade: int
    items_a_day: int
    calls_a_minute: int
    valid_from: datetime
    valid_until: datetime | None
    text_digest: bytes | None
    most_grade: int  #: an act that claims stronger evidence is refused
    approved_by: str | None  #: the second person, where one was needed

    def allows(self, scene: str) -> bool:
        """Whether acts of a scene are agreed on; the programme must allow them too."""
        return self.scenes is None or scene in self.scenes

    def is_live(self, at: datetime) -> bool:
        """Whether it holds at an instant."""
        return self.valid_from <= at and (self.valid_until is None or at < self.valid_until)


@dataclass(frozen=True, slots=True)
class Terms:
    """What is agreed on."""

    kind: AgreementKind
    scenes: Sequence[str] | None = None
    default_grade: int = DEFAULT_GRADE
    items_a_day: int = ITEMS_A_DAY
    calls_a_minute: int = CALLS_A_MINUTE
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    text_digest: bytes | None = None
    most_grade: int = MOST_GRADE
    approved_by: str | None = None


def agreement(partner_id: int, kind: AgreementKind, at: datetime | None = None) -> AgreementEntry:
    """The agreement of a kind that holds at an instant. Raises ``partners.agreement_missing``."""
    now = at or timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(f"{AGREEMENTS} and a.kind = %s order by a.id desc", [partner_id, str(kind)])
        found = map(_entry, cursor.fetchall())
        live = next((entry for entry in found if entry.is_live(now)), None)
    if live is None:
        raise Problem("partners.agreement_missing", kind=str(kind))
    return live


def agreements(partner_id: int) -> list[AgreementEntry]:
    """Every agreement of a partner, ended ones too, the youngest first."""
    with connection.cursor() as cursor:
        cursor.execute(f"{AGREEMENTS} order by a.id desc", [partner_id])
        return [_entry(row) for row in cursor.fetchall()]


def agree(
    partner_id: int,
    terms: Terms,
    *,
    by: str,
    own_scenes: Collection[str] = (),
    at: datetime | None = None,
) -> int:
    """Make an agreement and return its number; one of the same kind ends where it begins.

    ``own_scenes`` are those that the programme's file gives the partner: two persons guard that
    file, so whoever agrees on others needs a second person too, where people may be real. Raises
    ``partners.approval_missing`` without her, ``partners.agreement_grades_crossed``, and
    ``partners.agreement_span_empty`` if it would end before it begins or begin in the past.
    """
    _require_approval(terms, own_scenes, by)
    if terms.default_grade > terms.most_grade:
        raise Problem(
            "partners.agreement_grades_crossed", grade=terms.default_grade, most=terms.most_grade
        )
    now = at or timezone.now()
    begins = terms.valid_from or now
    if begins < now or (terms.valid_until is not None and terms.valid_until <= begins):
        raise Problem("partners.agreement_span_empty")
    with bulk_transaction() as cursor:
        lock_partner(cursor, partner_id)
        cursor.execute(f"{AGREEMENTS} and a.kind = %s", [partner_id, str(terms.kind)])
        for earlier in map(_entry, cursor.fetchall()):
            if earlier.valid_until is None or earlier.valid_until > begins:
                _end(cursor, earlier, begins, "replaced by a newer agreement", by)
        return add_agreement(cursor, partner_id, terms, begins)


def _require_approval(terms: Terms, own_scenes: Collection[str], by: str) -> None:
    """A second person, by another name, for scenes that are not the partner's own."""
    foreign = sorted(set(terms.scenes or ()) - set(own_scenes))
    second = (terms.approved_by or "").strip().casefold()
    if foreign and second in ("", by.strip().casefold()) and not installation().is_fictitious:
        raise Problem("partners.approval_missing", scenes=", ".join(foreign))


def add_agreement(
    cursor: psycopg.Cursor[Any], partner_id: int, terms: Terms, begins: datetime
) -> int:
    """The row of an agreement, whatever else is agreed on."""
    cursor.execute(
        "insert into agreement (partner_id, kind, scenes, default_grade, items_a_day,"
        " calls_a_minute, valid_from, valid_until, text_digest, most_grade, approved_by)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) returning id",
        [
            partner_id,
            str(terms.kind),
            None if terms.scenes is None else list(terms.scenes),
            terms.default_grade,
            terms.items_a_day,
            terms.calls_a_minute,
            begins,
            terms.valid_until,
            terms.text_digest,
            terms.most_grade,
            terms.approved_by,
        ],
    )
    return int(cursor.fetchall()[0][0])


def end_agreement(
    partner_id: int, number: int, *, reason: str, by: str, at: datetime | None = None
) -> None:
    """End an agreement now, or at a later instant ``at``.

    Raises ``partners.agreement_unknown`` (also for another partner's), and
    ``partners.agreement_over`` if it ends before that anyway.
    """
    now = timezone.now()
    ends = max(at or now, now)
    with bulk_transaction() as cursor:
        lock_partner(cursor, partner_id)
        cursor.execute(f"{AGREEMENTS} and a.id = %s", [partner_id, number])
        found = cursor.fetchone()
        if found is None:
            raise Problem("partners.agreement_unknown", number=number)
        entry = _entry(found)
        if entry.valid_until is not None and entry.valid_until <= ends:
            raise Problem("partners.agreement_over", number=number)
        _end(cursor, entry, ends, reason, by)


def lock_partner(cursor: psycopg.Cursor[Any], partner_id: int) -> None:
    """Let one at a time change a partner's papers; its calls go on meanwhile."""
    cursor.execute("select from partner where id = %s for no key update", [partner_id])


def _end(
    cursor: psycopg.Cursor[Any], entry: AgreementEntry, ends: datetime, reason: str, by: str
) -> None:
    cursor.execute(
        "insert into agreement_end (agreement_id, ended_at, reason, ended_by)"
        " values (%s, %s, %s, %s)",
        [entry.id, ends, reason, by],
    )


def _entry(row: Sequence[Any]) -> AgreementEntry:
    number, partner_id, kind, scenes, grade, items, calls, since, until, digest, most, second = row
    return AgreementEntry(
        id=number,
        partner_id=partner_id,
        kind=AgreementKind(kind),
        scenes=None if scenes is None else tuple(scenes),
        default_grade=grade,
        items_a_day=items,
        calls_a_minute=calls,
        valid_from=since,
        valid_until=until,
        text_digest=None if digest is None else bytes(digest),
        most_grade=most,
        approved_by=second,
    )
