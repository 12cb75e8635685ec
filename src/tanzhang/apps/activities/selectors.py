"""Reads over posted outcomes."""

from __future__ import annotations

from collections import Counter

import polars as pl

from tanzhang.apps.activities.models import Cause
from tanzhang.apps.database import bulk_transaction
from tanzhang.engine.acts import Status

#: Keys that one query asks for.
_KEYS_AT_ONCE = 20_000

# An event lies in the months of its revisions; where it has moved, the last row of the old month
# closes it there, and its differences sum to nothing.
_TOTALS = """
with asked as (
    select distinct subject_id, month, event_key
    from event_identity
    where event_key = any(%s::uuid[])
), placed as (
    select event_key, month, sum(credited_mg) as credited_mg,
           (array_agg(status order by outcome_no desc))[1] as status,
           (array_agg(cause order by outcome_no desc))[1] as cause
    from activity join asked using (subject_id, month, event_key)
    group by event_key, month
)
select status, count(*), sum(credited_mg)::bigint from placed where cause <> %s group by status
"""


def credited_total(event_keys: pl.Series) -> tuple[int, dict[str, int]]:
    """The milligrams that these events are credited with now, and how many have which status.

    ``event_keys`` are 32 hexadecimal digits each, every event once. An event that waits for
    settlement is in no status yet.
    """
    total_mg = 0
    statuses: Counter[str] = Counter()
    for start in range(0, len(event_keys), _KEYS_AT_ONCE):
        keys = event_keys.slice(start, _KEYS_AT_ONCE).to_list()
        with bulk_transaction() as cursor:
            cursor.execute(_TOTALS, [keys, int(Cause.MOVED)])
            for status, count, credited_mg in cursor.fetchall():
                statuses[Status(status).name.lower()] += count
                total_mg += credited_mg
    order = [status.name.lower() for status in Status]
    return total_mg, {name: statuses[name] for name in order if statuses[name]}
