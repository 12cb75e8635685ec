"""Whether what is done with a partner stands on an approved impact assessment, and where it is.

Where people may be real nothing is collected from a partner, and nothing given to it, without an
assessment that covers the fields and has not run out. Where everybody is made up there is nothing
to protect; there only partners that have any assessment are held to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import psycopg

from tanzhang.apps.people.consenting.purposes import COLLECT, CROSS_BORDER, SHARE
from tanzhang.apps.people.consenting.windows import consent_live
from tanzhang.problems import Problem
from tanzhang.stored_time import moment_of

HOME: Final = "CN"


#: What a partner reads that is let in to the balance.
BALANCE_FIELDS: Final = ("balance", "sources")

_ASSESSED: Final = """
select a.country, a.fields
from impact_assessment a
join impact_decision d on d.assessment_id = a.id and d.decision = 'approved'
left join impact_end e on e.assessment_id = a.id
cross join installation
where a.partner_id = %s and a.purpose = %s
    and a.valid_from <= %s and %s < a.valid_until
    and (e.ended_at is null or %s < e.ended_at)
    and (installation.kind <> 'live' or not a.is_fictitious)
"""
_HELD: Final = """
select kind = 'live' or exists (select from impact_assessment where partner_id = %s)
from installation
"""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What approved assessments of one partner and purpose cover at an instant.

    ``fields`` is None where nothing has to be covered.
    """

    fields: frozenset[str] | None
    countries: frozenset[str]

    def covers(self, needed: frozenset[str]) -> bool:
        """Whether all these fields are covered."""
        return self.fields is None or needed <= self.fields


def coverage(cursor: psycopg.Cursor[Any], partner_id: int, purpose: str, at_us: int) -> Coverage:
    """What one partner may be asked for, or given, for a purpose at an instant."""
    cursor.execute(_HELD, [partner_id])
    if not cursor.fetchall()[0][0]:
        return Coverage(None, frozenset([HOME]))
    at = moment_of(at_us)
    cursor.execute(_ASSESSED, [partner_id, purpose, at, at, at])
    rows = cursor.fetchall()
    fields = frozenset(name for _, names in rows for name in names)
    return Coverage(fields, frozenset(country for country, _ in rows))


def refuse_reader(
    cursor: psycopg.Cursor[Any], account_id: int, partner_id: int, at_us: int
) -> None:
    """Raises ``consenting.not_assessed`` if no assessment lets a partner read balances, and
    ``consenting.recipient_abroad`` if it is abroad and she did not consent to that."""
    found = coverage(cursor, partner_id, SHARE, at_us)
    if not found.covers(frozenset(BALANCE_FIELDS)):
        raise Problem("consenting.not_assessed", purpose=SHARE)
    if found.countries - {HOME} and not consent_live(
        cursor, account_id, partner_id, CROSS_BORDER, at_us
    ):
        raise Problem("consenting.recipient_abroad", countries=", ".join(sorted(found.countries)))


def refuse_abroad(cursor: psycopg.Cursor[Any], partner_id: int, at_us: int) -> None:
    """Refuse to send messages to a partner abroad: one tells of many people at once, and each of
    them would have to be asked.

    Raises ``consenting.not_assessed`` or ``consenting.recipient_abroad``.
    """
    found = coverage(cursor, partner_id, COLLECT, at_us)
    if found.fields is not None and not found.fields:
        raise Problem("consenting.not_assessed", purpose=COLLECT)
    if found.countries - {HOME}:
        raise Problem("consenting.recipient_abroad", countries=", ".join(sorted(found.countries)))
