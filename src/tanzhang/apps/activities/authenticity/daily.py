"""What is done about authenticity from time to time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tanzhang.apps.activities.authenticity.auditing import pick_audit
from tanzhang.apps.activities.authenticity.deciding import thaw_sanctioned
from tanzhang.apps.activities.authenticity.partners import watch_partners
from tanzhang.apps.activities.authenticity.photos import forget_pictures
from tanzhang.apps.activities.authenticity.sweeping import sweep
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.engine.packs.tree import day_of
from tanzhang.problems import Problem


def judge_the_days() -> None:
    """Sweep up to today, look at partners, pick the sample of yesterday, end sanctions.

    Each is idempotent: done again, it finds nothing that is new.
    """
    try:
        programmes = rulebook_in_force().rulebook.programmes.values()
    except Problem:  # nothing is loaded yet
        return
    zone = next((ZoneInfo(programme.time_zone) for programme in programmes), ZoneInfo("UTC"))
    now = datetime.now(UTC).astimezone(zone)
    today = day_of(f"{now:%Y-%m-%d}")
    yesterday = day_of(f"{now - timedelta(days=1):%Y-%m-%d}")
    sweep(today)
    watch_partners(yesterday)
    pick_audit(yesterday)
    thaw_sanctioned()
    forget_pictures()
