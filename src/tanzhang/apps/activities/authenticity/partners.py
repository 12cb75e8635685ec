"""Partners whose reports change suddenly are watched until a person has looked."""

from __future__ import annotations

from typing import Final

import polars as pl

from tanzhang.apps.activities.authenticity.models import Watch
from tanzhang.apps.database import bulk_transaction
from tanzhang.engine.authenticity.partners import partner_findings

#: The weeks beside which a partner's day is laid.
DAYS_BEFORE: Final = 21

_HOUR_US: Final = 3_600_000_000

_ACTS: Final = """
select partner_id, day, account_id, started_us, coalesce(amount, 0)
from act_signal
where day between %s and %s and not withdrawn and ended_us - started_us < 43200000000
"""


def watch_partners(day: int) -> int:
    """Watch every partner whose acts of a local day are odd beside those before; how many are new.

    From then on its judged acts wait, until somebody ends the watch.
    """
    with bulk_transaction() as cursor:
        cursor.execute(_ACTS, [day - DAYS_BEFORE, day])
        names = ("partner_id", "day", "account_id", "started_us", "amount")
        acts = pl.DataFrame(cursor.fetchall(), dict.fromkeys(names, pl.Int64), orient="row")
    # Hours of UTC will do: whether a day's acts heap up in one of them does not depend on the zone.
    hour = pl.col("started_us") // _HOUR_US % 24
    found = partner_findings(acts.with_columns(hour=hour), day)
    known = set(
        Watch.objects.filter(partner_id__isnull=False).values_list("partner_id", "rule", "from_day")
    )
    fresh = [
        Watch(partner_id=partner, rule=rule, value=value, from_day=day)
        for partner, rule, value in found.iter_rows()
        if (partner, rule, day) not in known
    ]
    return len(Watch.objects.bulk_create(fresh))
