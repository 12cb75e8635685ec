"""What this machine brings along: disk, clock, fonts, a browser."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tanzhang.config import database, environment
from tanzhang.config.doctor.finding import Finding, Found
from tanzhang.config.doctor.stored import reachable

MIB: Final = 1024 * 1024
LEAST_FREE_MIB: Final = 512
WELL_FREE_MIB: Final = 5 * 1024

#: Acts that start in the future are refused, and signed requests live a minute or two.
SKEW_NOTED_SECONDS: Final = 2.0
SKEW_HARMFUL_SECONDS: Final = 30.0

#: Zones that programmes and logs need; a machine without time zone data has neither.
ZONES: Final = ("Asia/Shanghai", "UTC")

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def disk() -> Iterator[Finding]:
    """Free space where the home is, or will be."""
    home = database.home()
    there = next(folder for folder in (home, *home.parents) if folder.is_dir())
    free = shutil.disk_usage(there).free // MIB
    details = {"free_mib": free, "home": str(home), "least_mib": LEAST_FREE_MIB}
    if free < LEAST_FREE_MIB:
        yield Found("disk.full", details)
    else:
        yield Found("disk.ok" if free >= WELL_FREE_MIB else "disk.short", details)


def clock() -> Iterator[Finding]:
    """Time zone data; this clock beside that of a database on another machine."""
    try:
        for zone in ZONES:
            ZoneInfo(zone)
    except ZoneInfoNotFoundError:
        yield Found("clock.zones_missing")
    connection = reachable()
    if connection is None:
        return
    with connection:
        before = time.time()
        row = connection.execute("select clock_timestamp()").fetchone()
        after = time.time()
    assert row is not None  # a select without a table has one row
    there: datetime = row[0].astimezone(UTC)
    skew = abs((before + after) / 2 - there.timestamp()) - (after - before) / 2
    details = {"seconds": round(max(0.0, skew), 1)}
    if skew > SKEW_HARMFUL_SECONDS:
        yield Found("clock.wrong", details)
    else:
        yield Found("clock.ok" if skew <= SKEW_NOTED_SECONDS else "clock.skewed", details)


def fonts() -> Iterator[Finding]:
    """Fonts with Chinese signs, for pictures that are drawn here."""
    listing = shutil.which("fc-list")
    if listing is None:
        yield Found("fonts.unknown")
        return
    found = subprocess.run([listing, ":lang=zh", "family"], capture_output=True, text=True)
    families = sorted({line.partition(",")[0] for line in found.stdout.splitlines() if line})
    yield Found("fonts.ok", {"family": families[0]}) if families else Found("fonts.missing")


def browser() -> Iterator[Finding]:
    """A Chromium for the journeys among the tests; nobody else needs one."""
    named = environment.text("TANZHANG_BROWSER")
    path = named or next(filter(None, map(shutil.which, BROWSERS)), "")
    there = bool(path) and Path(path).exists()
    yield Found("browser.ok", {"path": path}) if there else Found("browser.none")
