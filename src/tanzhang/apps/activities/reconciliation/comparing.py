"""A partner's own count of a day beside ours. Whatever differs is a *break*, named on both sides.

The ledger's own identities cannot see an event that never arrived, or arrived twice under two ids:
only somebody who counted outside can. That is what this is for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction

from tanzhang.apps.activities.reconciliation.detail import read_batches
from tanzhang.apps.activities.reconciliation.files import (
    day_named,
    totals,
)
from tanzhang.apps.activities.reconciliation.making import OUTCOMES
from tanzhang.apps.database import raw_connection
from tanzhang.apps.partners.api import allow_today
from tanzhang.problems import Problem

#: So many ids are listed on each side; all are counted.
MOST_NAMED: Final = 1000

#: Ids are compared on days with no more events; a longer list than that no request can bring.
MOST_COMPARED: Final = 200_000

#: Counts that a partner may hand in on a day (of UTC).
COUNTS_A_DAY: Final = 20

COUNTED: Final = ("received", *OUTCOMES)


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a partner's count differs from our file.

    ``differences`` holds ours and theirs for each count that differs; the two lists name events
    that only one side has. ``breaks`` counts them all.
    """

    day: str
    differences: Mapping[str, tuple[int, int]]
    only_ours: list[str]
    only_theirs: list[str]
    breaks: int

    def told(self) -> dict[str, Any]:
        """The same as a partner reads it."""
        return {
            "day": self.day,
            "agrees": self.breaks == 0,
            "breaks": self.breaks,
            "differences": {
                name: {"ours": ours, "theirs": theirs}
                for name, (ours, theirs) in self.differences.items()
            },
            "only_ours": self.only_ours,
            "only_theirs": self.only_theirs,
        }


def compare(partner_id: int, day: str, body: bytes) -> Comparison:
    """Compare and keep a partner's own count of a day.

    ``body`` is JSON: ``counts`` with any of ``COUNTED``, and perhaps ``ids``, the ids of all
    events that it sent that day. Raises ``intake.own_count_malformed``, ``intake.file_unknown``,
    ``intake.counted_too_often`` and ``intake.too_many_to_compare``.
    """
    counts, ids = _read(body)
    ours = totals(partner_id, day)
    differences = {
        name: (int(ours[name]), theirs) for name, theirs in counts.items() if ours[name] != theirs
    }
    _count_this(partner_id)
    only_ours, only_theirs = _unmatched(partner_id, ours, ids)
    comparison = Comparison(
        day,
        differences,
        only_ours[:MOST_NAMED],
        only_theirs[:MOST_NAMED],
        len(differences) + len(only_ours) + len(only_theirs),
    )
    text = json.dumps(comparison.told(), ensure_ascii=False).encode()
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into own_count (partner_id, day, breaks, comparison) values (%s, %s, %s, %s)",
            [partner_id, day_named(day), comparison.breaks, text],
        )
    return comparison


def last_comparisons(partner_id: int, *, limit: int = 60) -> list[dict[str, Any]]:
    """The latest comparison of each of a partner's days, the newest day first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select distinct on (day) comparison from own_count where partner_id = %s"
            " order by day desc, id desc limit %s",
            [partner_id, limit],
        )
        return [json.loads(bytes(row[0])) for row in cursor.fetchall()]


def _read(body: bytes) -> tuple[dict[str, int], list[str] | None]:
    try:
        said = json.loads(body)
        counts, ids = said["counts"], said.get("ids")
        sound = (
            said.keys() <= {"counts", "ids"}
            and counts.keys() <= set(COUNTED)
            and all(type(count) is int and count >= 0 for count in counts.values())
            and (ids is None or all(type(name) is str for name in ids))
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        sound = False
    if not sound:
        raise Problem("intake.own_count_malformed", counted=", ".join(COUNTED))
    return counts, ids


def _count_this(partner_id: int) -> None:
    """Take one of the day's counts. Raises ``intake.counted_too_often``."""
    try:
        allow_today(partner_id, "own counts", COUNTS_A_DAY)
    except Problem as refused:
        raise Problem("intake.counted_too_often", **refused.details) from None


def _unmatched(
    partner_id: int, ours: Mapping[str, Any], ids: list[str] | None
) -> tuple[list[str], list[str]]:
    """Ids that only we have, and ids that only they have; each in its order, each once."""
    if ids is None:
        return [], []
    if ours["received"] > MOST_COMPARED:
        raise Problem("intake.too_many_to_compare", received=ours["received"], most=MOST_COMPARED)
    begins, ends = (datetime.fromisoformat(ours[name]) for name in ("begins", "ends"))
    known: dict[str, None] = {}
    with transaction.atomic():
        for results in read_batches(raw_connection(), partner_id, begins, ends):
            known |= dict.fromkeys(results["external_id"].drop_nulls())
    theirs = dict.fromkeys(ids)
    return [name for name in known if name not in theirs], [n for n in theirs if n not in known]
