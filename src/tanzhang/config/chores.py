"""What is due from time to time, whether or not anybody visits the site.

A chore that fails keeps no other from being done: it is logged with its problem's code, is due
again at the next round, and each round ends by naming those that failed.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import date
from typing import Final

from django.db import connection
from django.utils import timezone

from tanzhang.apps.activities.api import (
    carry_on_suspicions,
    judge_the_days,
    make_due_files,
)
from tanzhang.apps.ledger.api import publish_root, write_root_files
from tanzhang.apps.people.api import (
    day_of_law,
    installation,
    measured_thresholds,
    reindex,
    retain,
    vault,
    volumes,
)
from tanzhang.config.closing import carry_out_closings
from tanzhang.config.opening import open_installation
from tanzhang.config.own_keys import key_store, published_roots
from tanzhang.crypto import Purpose
from tanzhang.problems import Problem
from tanzhang.proofs import Seal

log = logging.getLogger("tanzhang.chores")

EVERY_SECONDS: Final = 600.0
ROOT_SECONDS: Final = 60.0
#: How long a round goes on with turning personal keys; the next one goes on from there.
TURNING_SECONDS: Final = 20.0
PAUSE_SECONDS: Final = 0.2

#: The day on which this process last looked at the numbers of people: none after a start.
_volumes_seen_on: date | None = None

#: Whoever does the chores holds this advisory lock: "tzchor" as a number.
LOCK: Final = 0x747A63686F72


def run(should_stop: Callable[[], bool]) -> None:
    """Do all chores now and then until told to stop."""
    due = root_due = time.monotonic()
    while not should_stop():
        if time.monotonic() >= due:
            if not attempt(open_installation):
                do_all()
            due = time.monotonic() + EVERY_SECONDS
        if time.monotonic() >= root_due:
            if not attempt(open_installation):
                attempt(publish_roots, carry_on_suspicions)
            root_due = time.monotonic() + ROOT_SECONDS
        time.sleep(PAUSE_SECONDS)


def do_all() -> bool:
    """Try every chore once; ``False`` if somebody else is at it."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [LOCK])
        if cursor.fetchone() != (True,):
            return False
        try:
            attempt(
                forget_by_term,
                close_days,
                judge_the_days,
                carry_out_closings,
                keep_personal_keys_new,
                look_at_volumes,
            )
        finally:
            cursor.execute("select pg_advisory_unlock(%s)", [LOCK])
    return True


def attempt(*chores: Callable[[], object]) -> list[str]:
    """Try each of these; the names of those that failed.

    Raises if the database is gone: then nothing else can be done either, and whoever runs this
    process starts it anew.
    """
    failed = []
    for chore in chores:
        try:
            chore()
        except Exception as error:
            codes = ", ".join(_codes(error))
            log.exception("The chore “%s” failed: %s.", chore.__name__, codes)
            failed.append(chore.__name__)
            if not connection.is_usable():
                raise
    if failed:
        log.error("%d of %d chores failed: %s.", len(failed), len(chores), ", ".join(failed))
    return failed


def _codes(error: Exception) -> list[str]:
    """The problems' codes of an error, or its kind; of a group those of all its members."""
    if isinstance(error, ExceptionGroup):
        return [code for each in error.exceptions for code in _codes(each)]
    return [error.code if isinstance(error, Problem) else type(error).__name__]


def forget_by_term() -> None:
    """Remove everything whose term is over."""
    retain()


def keep_personal_keys_new() -> None:
    """Go on putting personal keys and indexes under the newest keys, for a little while."""
    end = time.monotonic() + TURNING_SECONDS
    turned = vault.turn_keys(should_stop=lambda: time.monotonic() >= end)
    moved = reindex(should_stop=lambda: time.monotonic() >= end)
    if turned.broken or moved.broken:
        log.error("%d personal keys or numbers do not open.", turned.broken + moved.broken)


def look_at_volumes() -> None:
    """Say which numbers of people have passed a threshold of the law: once a day of China's, and
    after each start.

    Only where people may be real. ``tanzhang doctor`` says what is to be done about it.
    """
    global _volumes_seen_on
    now = timezone.now()
    if _volumes_seen_on == day_of_law(now) or installation().is_fictitious:
        return
    for each in measured_thresholds(volumes(now)):
        if each.is_passed:
            log.warning(
                "A number of people has passed a threshold of the law.",
                extra={
                    "threshold": each.threshold.code,
                    "people": each.people,
                    "from_people": each.threshold.from_people,
                },
            )
    _volumes_seen_on = day_of_law(now)


def publish_roots() -> None:
    """Make a root of the log if anything is new, and put every root into its file."""
    publish_root(key_store())
    write_root_files(published_roots())


def close_days() -> None:
    """Make the reconciliation files of days that are over."""
    make_due_files(Seal.now(key_store(), Purpose.SIGN))
