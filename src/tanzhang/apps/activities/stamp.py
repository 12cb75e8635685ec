"""Whether an account's screens would show anything new: a short text that differs when they would.

A page that is open asks every half second, so this reads little: the balance, how many outcomes
lie in the last two months and in tomorrow's (outcomes are only ever added), and what waits in the
account's shard.
"""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

from tanzhang.apps.activities.naming import month_of
from tanzhang.apps.activities.waiting import waiting_items
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.ledger.api import balance_of
from tanzhang.apps.people.api import AccountEntry


def stamp(account: AccountEntry, today: date) -> str:
    """The stamp of an account on a local day: a new day begins with a new "today"."""
    last_month = today.replace(day=1) - timedelta(days=1)
    tomorrow = today + timedelta(days=1)  # the clock of who reports may be ahead
    months = sorted({month_of(last_month), month_of(today), month_of(tomorrow)})
    with bulk_transaction() as cursor:
        balance = balance_of(cursor, account.subject_id, account.id)
        cursor.execute(
            "select count(*) from activity where subject_id = %s and month = any(%s)",
            [account.subject_id, months],
        )
        outcomes = cursor.fetchall()
        frames, is_whole = waiting_items(cursor, account)
    waiting = [row for items in frames for row in items.select("key_hi", "key_lo").iter_rows()]
    seen = repr((today, balance, outcomes, waiting, is_whole))
    return hashlib.sha256(seen.encode()).hexdigest()[:16]
