"""Which days of which partners want a file: every one since its first batch, once it is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
import psycopg

from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.engine.localtime import day_starts_us, local_days
from tanzhang.stored_time import microseconds, moment_of

#: How long after midnight a day is closed: whoever arrived before it is in the books by then.
CLOSED_AFTER: Final = timedelta(hours=2)


_FIRST_DAYS: Final = """
select partner.id, partner.programme_id, partner.code,
       (select min(received_at) from batch where partner_id = partner.id),
       (select max(day) from reconciliation_file where partner_id = partner.id)
from partner order by partner.code
"""


@dataclass(frozen=True, slots=True)
class PartnerDay:
    """One local day of a partner, as an interval of instants. ``day``: days since 1970-01-01."""

    partner_id: int
    partner: str
    day: int
    time_zone: str

    @property
    def begins(self) -> datetime:
        """The day's first instant."""
        return self._start(self.day)

    @property
    def ends(self) -> datetime:
        """The first instant after it."""
        return self._start(self.day + 1)

    def _start(self, day: int) -> datetime:
        micros = day_starts_us(np.array([day], np.int64), self.time_zone)[0]
        return moment_of(int(micros))


def days_without_file(
    cursor: psycopg.Cursor[Any], rules: RulesInForce, at: datetime
) -> list[PartnerDay]:
    """Every closed day that has no file yet, partner by partner, the oldest first."""
    cursor.execute(_FIRST_DAYS)
    found = []
    for partner_id, programme_id, code, first_batch, last_file in cursor.fetchall():
        if first_batch is None:
            continue
        zone = rules.programme(rules.programme_code(programme_id)).time_zone
        begin = local_day(first_batch, zone) if last_file is None else last_file + 1
        end = local_day(at - CLOSED_AFTER, zone)
        found += [PartnerDay(partner_id, code, day, zone) for day in range(begin, end)]
    return found


def local_day(at: datetime, time_zone: str) -> int:
    """The local day of an instant."""
    micros = microseconds(at)
    return int(local_days(np.array([micros], np.int64), time_zone)[0])
