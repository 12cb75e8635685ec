"""``post`` and ``growth``: from accepted pieces to durable outcomes.

Run in a process of its own (``python -m tanzhang.workbench.bench.post``) whose ``TANZHANG_HOME`` is
a scratch directory; prints its results as JSON.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any

from tanzhang.config import migrate, setup
from tanzhang.engine.packs import load_packs

#: Four inputs of a row, identity, balances, lots, cuts and claims: what one act leaves behind.
BYTES_TABLES = ("^activity_", "^cut_", "^event_identity$", "^balance$", "^points_lot$", "^claim")


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is posted and stored."""

    citizens: int  #: of the reference city
    days: int  #: that are measured, after one that warms up
    stored: tuple[int, ...]  #: acts stored when posting is measured for growth
    districts: int  #: whose next day is posted at every size
    district_citizens: int


SCALES = {
    "full": Scale(200_000, 2, (10_000, 1_000_000, 10_000_000), 1, 75_000),
    "quick": Scale(40_000, 1, (10_000, 200_000), 1, 25_000),
    "tiny": Scale(400, 1, (500, 3_000), 1, 300),  # what the tests run
}

#: Acts of one citizen by which the book grows: one day in each of so many months, and more.
ACTS_A_DAY = 2.6
MONTHS = 24


def main() -> None:
    """Measure, and print one JSON object: suite name to its figures."""
    scale = next(SCALES[name] for name in SCALES if name in sys.argv)
    suites = [name for name in ("post", "growth") if name in sys.argv]
    setup()
    migrate.migrate()
    from tanzhang.apps.catalogue.api import load_catalogue

    load_catalogue(load_packs(), ["citic"])
    found: dict[str, Any] = {}
    if "post" in suites:
        found["post"] = measure_post(scale)
    if "growth" in suites:
        found["growth"] = measure_growth(scale)
    sys.stdout.write(json.dumps(found) + "\n")


def measure_post(scale: Scale) -> dict[str, Any]:
    """Post some days of the reference city, and COPY the same rows."""
    from tanzhang.workbench.bench import book, copies
    from tanzhang.workbench.city import City
    from tanzhang.workbench.city.residents import enrol_residents

    city = City(1, scale.citizens, 1 + scale.days, date(2026, 3, 2), batches_a_day=1)
    enrol_residents(city, book.PROGRAMME)
    windows = book.by_day(city)
    book.report(next(windows))
    book.drain()
    reports, door_s, drained, first_piece = 0, 0.0, [], _last_piece()
    for window in islice(windows, scale.days):
        rows, seconds = book.report(window)
        reports, door_s = reports + rows, door_s + seconds
        drained.append(book.drain())
    items = sum(one.items for one in drained)
    seconds = sum(one.seconds for one in drained)
    pieces = list(range(first_piece + 1, _last_piece() + 1))
    months = [202603]
    with_key = copies.copy_rate(months, pieces, indexed=True)
    heap = copies.copy_rate(months, pieces, indexed=False)
    stored = book.stored_acts()
    return {
        "value": items / seconds,
        "limit": with_key,
        "details": {
            "acts": items,
            "citizens": scale.citizens,
            "workers": book.WORKERS,
            "fast_share": round(sum(one.fast for one in drained) / items, 4),
            "heap_only_copy_rows_per_s": round(heap),
            "ratio_to_heap_only": round(items / seconds / heap, 3),
            "worker_cpu_us_per_act": _per_act(drained, "worker_cpu_s", items),
            "server_cpu_us_per_act": _per_act(drained, "server_cpu_s", items),
            "wal_bytes_per_act": round(sum(one.wal_bytes for one in drained) / items),
            "bytes_per_act": round(book.bytes_of(*BYTES_TABLES) / stored),
            "piece_bytes_per_act": round(book.bytes_of("^piece") / stored),
            "door_reports_per_s": round(reports / door_s),
        },
    }


def _per_act(drained: list[Any], name: str, items: int) -> float:
    total: float = sum(getattr(one, name) for one in drained)
    return round(total / items * 1e6, 1)


def _last_piece() -> int:
    from tanzhang.apps.database import bulk_transaction

    with bulk_transaction() as cursor:
        cursor.execute("select coalesce(max(id), 0) from piece")
        row = cursor.fetchone()
        assert row is not None
        return int(row[0])


def measure_growth(scale: Scale) -> dict[str, Any]:
    """Post the same districts' next day with more and more acts stored."""
    from tanzhang.workbench.bench import book
    from tanzhang.workbench.city import City
    from tanzhang.workbench.city.residents import enrol_residents

    rates: dict[int, float] = {}
    shares: dict[int, float] = {}
    districts = [
        City(100 + number, scale.district_citizens, 1, date(2026, 3, 2), batches_a_day=1)
        for number in range(scale.districts)
    ]
    stored = 0
    for stage, size in enumerate(scale.stored):
        # Districts and the rest of the city move in side by side, so that no index keeps the
        # measured citizens together.
        waiting = [d for n, d in enumerate(districts) if stage == 0 or n % 2 == stage % 2]
        for part in _filling(stage, size - book.stored_acts()):
            enrol_residents(part, book.PROGRAMME)
            if waiting:
                enrol_residents(waiting.pop(), book.PROGRAMME)
            book.report(_of_months(part))
            book.drain()
        for district in districts:
            enrol_residents(district, book.PROGRAMME)
        stored = book.stored_acts()
        for district in districts:
            book.report(
                window for windows in book.by_day(_on(district, stage)) for window in windows
            )
        drained = book.drain()
        rates[stored] = drained.rate
        shares[stored] = round(drained.fast / drained.items, 4)
    sizes = sorted(rates)
    return {
        "value": rates[sizes[-1]],
        "limit": rates[sizes[0]],
        "details": {
            "acts_per_s_by_stored": {str(size): round(rate) for size, rate in rates.items()},
            "fast_share_by_stored": {str(size): share for size, share in shares.items()},
            "bytes_per_act": round(book.bytes_of(*BYTES_TABLES) / book.stored_acts()),
        },
    }


def _on(district: Any, stage: int) -> Any:
    """The district on the day that is measured at this size: the same weekday each time."""
    return replace(district, start=date(2026, 3, 2 + 7 * stage))


def _filling(stage: int, acts: int) -> Iterator[Any]:
    """Cities whose days together bring about so many acts, subjects growing with acts."""
    from tanzhang.workbench.city import City

    a_citizen = ACTS_A_DAY * (MONTHS + MONTHS // 2)
    citizens = max(round(acts / a_citizen), 1)
    parts = max(round(citizens / 50_000), 1)
    for part in range(parts):
        seed = 1_000 * (stage + 1) + part
        yield City(seed, citizens // parts or 1, 1, date(2024, 4, 3), batches_a_day=1)


def _of_months(city: Any) -> Iterator[Any]:
    """The city's batches on one or two days of each month, over two years."""
    from tanzhang.workbench.city import batches

    for month in range(MONTHS):
        year, number = divmod(2024 * 12 + 3 + month, 12)
        for day in (3, 17) if month % 2 else (3,):
            yield from batches(replace(city, start=date(year, number + 1, day)))


if __name__ == "__main__":
    main()
