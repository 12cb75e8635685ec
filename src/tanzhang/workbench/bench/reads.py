"""``affected`` and ``rollup``: who is concerned, and what a group brought, read from a large book.

Run in a process of its own (``python -m tanzhang.workbench.bench.reads``) whose ``TANZHANG_HOME``
is a scratch directory; prints its results as JSON. Both read one book (``copied_book``), when both
are asked for.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tanzhang.config import migrate, setup
from tanzhang.engine.packs import load_packs
from tanzhang.stored_time import day_number

#: What may pass until all are known whom a key concerns, in a book of so many acts.
AFFECTED_MS: Final = 60_000.0
AFFECTED_STORED: Final = 10_000_000

#: What the total of so many members over a month may take.
ROLLUP_MS: Final = 1_000.0
ROLLUP_MEMBERS: Final = 10_000

#: Whose key signed everything, and the one source that is asked about besides.
GATEWAY, SOURCE = "bank", "bike-demo"


@dataclass(frozen=True, slots=True)
class Scale:
    """How many live in the city, how much is stored, and how many of them are one team."""

    citizens: int
    stored: int
    members: int
    times: int  #: that the team is added up


SCALES: Final = {
    "full": Scale(75_000, 10_000_000, 10_000, 9),
    "quick": Scale(7_500, 1_000_000, 1_000, 9),
    "tiny": Scale(200, 20_000, 50, 3),  # what the tests run
}


def main() -> None:
    """Measure, and print one JSON object: suite name to its figures."""
    scale = next(SCALES[name] for name in SCALES if name in sys.argv)
    setup()
    migrate.migrate()
    from tanzhang.apps.catalogue.api import load_catalogue
    from tanzhang.workbench.bench import book, copied_book

    load_catalogue(load_packs(), [book.PROGRAMME])
    copied_book.fill(scale.citizens, scale.stored)
    suites = {"affected": measure_affected, "rollup": measure_rollup}
    found = {name: measure(scale) for name, measure in suites.items() if name in sys.argv}
    sys.stdout.write(json.dumps(found) + "\n")


def measure_affected(scale: Scale) -> dict[str, Any]:
    """Ask about a key behind every report, about one source, and about that key's last days."""
    from tanzhang.apps.activities.api import incidents
    from tanzhang.apps.partners.api import partner
    from tanzhang.workbench.bench import book, copied_book

    key = copied_book.sign_everything(partner(GATEWAY).id)
    begin, end = datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)
    stored = book.stored_acts()
    last = _last_received()
    asked = {
        "": incidents.IncidentQuery(incidents.Suspect.KEY, key, begin, end),
        "source_": incidents.IncidentQuery(incidents.Suspect.PARTNER, SOURCE, begin, end),
        "last_days_": incidents.IncidentQuery(
            incidents.Suspect.KEY, key, last - timedelta(days=copied_book.DAYS), end
        ),
    }
    details: dict[str, Any] = {"stored": stored}
    for name, query in asked.items():
        taken_ms, found = _ask(query)
        details |= {
            f"{name}affected_acts": found.acts,
            f"{name}affected_people": len(found.people),
            f"{name}ms": round(taken_ms, 1),
        }
    value = details.pop("ms")
    return {
        "value": value,
        "limit": AFFECTED_MS * stored / AFFECTED_STORED,
        "details": details | {"us_per_stored_act": round(value * 1000 / stored, 2)},
    }


def measure_rollup(scale: Scale) -> dict[str, Any]:
    """Add up what a team brought in the busiest month of the book."""
    from tanzhang.apps.activities.api import roll_up
    from tanzhang.apps.database import bulk_transaction
    from tanzhang.workbench.bench import copied_book
    from tanzhang.workbench.bench.result import median_seconds

    team = copied_book.gather(scale.members)
    first = copied_book.FIRST.replace(day=1)
    days = day_number(first), day_number((first + timedelta(days=31)).replace(day=1))
    with bulk_transaction() as cursor:
        found = roll_up(cursor, [team], *days)
        cursor.execute("select count(*) from activity where month = %s", [copied_book.MONTH])
        month = cursor.fetchall()[0][0]
        taken_s = median_seconds(lambda: roll_up(cursor, [team], *days), scale.times)
    return {
        "value": taken_s * 1000,
        "limit": ROLLUP_MS * scale.members / ROLLUP_MEMBERS,
        "details": {
            "members": found.accounts - 1,
            "acts": found.total.acts,
            "stored_in_the_month": month,
        },
    }


def _ask(query: Any) -> tuple[float, Any]:
    """How many milliseconds the answer takes, and the answer."""
    from tanzhang.apps.activities.api import incidents
    from tanzhang.apps.catalogue.api import rulebook_in_force
    from tanzhang.apps.database import bulk_transaction

    rules, begin = rulebook_in_force(), time.perf_counter()
    with bulk_transaction() as cursor:
        found = incidents.affected(cursor, query, rules)
    return (time.perf_counter() - begin) * 1000, found


def _last_received() -> datetime:
    from tanzhang.apps.database import bulk_transaction

    with bulk_transaction() as cursor:
        cursor.execute("select max(received_at) from batch")
        latest: datetime = cursor.fetchall()[0][0]
        return latest


if __name__ == "__main__":
    main()
