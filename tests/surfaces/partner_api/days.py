"""The day's file of what partners told just now, whatever the hour is."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from tanzhang.apps.activities.api import drain, make_due_files
from tanzhang.apps.activities.reconciliation.making import Made
from tanzhang.config.own_keys import key_store
from tanzhang.crypto import Purpose
from tanzhang.proofs import Seal


def files_of_today() -> list[Made]:
    """Settle what waits, and make today's files as if it were tomorrow at four in the morning.

    By the programme's clock, not in so many hours from now: late in the evening those would end the
    day after as well.
    """
    drain()
    zone = ZoneInfo("Asia/Shanghai")
    tomorrow = datetime.now(zone).date() + timedelta(days=1)
    seal = Seal.now(key_store(), Purpose.SIGN)
    return make_due_files(seal, datetime.combine(tomorrow, time(4), zone))
