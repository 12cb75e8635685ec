"""``doors``: what signatures and sealed fields cost a partner's batch, and how soon it is seen.

Run in a process of its own (``python -m tanzhang.workbench.bench.doors``) whose ``TANZHANG_HOME``
is a scratch directory; prints its results as JSON. Site and workers run as they do for real.

- ``signed_vs_unsigned``: events a second through the partner API, signed and with sealed persons,
  beside the same batches taken plain by the peer in the same web process (``doors_unsigned``). The
  two take turns, and workers rest meanwhile.
- ``visible_p99_ms``: at half of the maximum load of the same run, with two workers: from the
  receipt of a batch until a citizen who asks again and again is shown her act as settled.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any, Final

from tanzhang.config import migrate, setup
from tanzhang.engine.packs import load_packs

if TYPE_CHECKING:
    from tanzhang.workbench.bench.doors_load import Rider

#: Within which an act should be seen.
LIMIT_MS: Final = 1000.0

#: The most events that a batch may have, for throughput.
BATCH: Final = 1000

#: What serves: the site with the peer beside it.
SITE: Final = ("-c", "from tanzhang.workbench.bench.doors_unsigned import main; main()")


@dataclass(frozen=True, slots=True)
class Scale:
    """Citizens; turns of plain and signed intake, and batches of each partner in a turn.

    For the latency: events of a batch, batches of each partner to find the maximum load with, and
    seconds at half of it.
    """

    citizens: int
    turns: int
    batches: int
    live_events: int
    live_batches: int
    live_seconds: float


SCALES: Final = {
    "full": Scale(20_000, 6, 8, 100, 150, 60.0),
    "quick": Scale(5_000, 3, 3, 100, 40, 12.0),
    "tiny": Scale(400, 2, 1, 20, 4, 1.5),  # what the tests run
}


def main() -> None:
    """Measure, and print one JSON object: suite name to its figures by result."""
    scale = next(SCALES[name] for name in SCALES if name in sys.argv)
    setup()
    migrate.migrate()
    from tanzhang.apps.catalogue.api import load_catalogue
    from tanzhang.workbench.bench import book

    load_catalogue(load_packs(), [book.PROGRAMME])
    sys.stdout.write(json.dumps({"doors": measure(scale)}) + "\n")


def measure(scale: Scale) -> dict[str, Any]:
    """Enrol the citizens, serve, and measure both."""
    from datetime import date

    from tanzhang.apps.activities.api import drain
    from tanzhang.workbench.bench import book, doors_load
    from tanzhang.workbench.bench.pages import serving
    from tanzhang.workbench.city import City
    from tanzhang.workbench.city.residents import enrol_residents, persons_of

    city = City(11, scale.citizens, 1, date.today())
    enrol_residents(city, book.PROGRAMME)
    with serving(*SITE) as port:
        riders = doors_load.riders(persons_of(city).to_list(), f"127.0.0.1:{port}")
        ratio = _signed_vs_unsigned(scale, riders)
        drain()
        book.checkpoint()
        return {"signed_vs_unsigned": ratio, "visible_p99_ms": _visible(scale, riders)}


def _signed_vs_unsigned(scale: Scale, riders: Sequence[Rider]) -> dict[str, Any]:
    """Events a second of both, in turns; the median turn counts."""
    from tanzhang.workbench.bench.doors_load import seconds_of

    rates: dict[bool, list[float]] = {False: [], True: []}
    for turn in range(scale.turns + 1):
        for signed in (False, True) if turn % 2 else (True, False):
            batches = 1 if turn == 0 else scale.batches  # the first turn warms up
            queues = [rider.requests(batches, BATCH, signed=signed) for rider in riders]
            seconds = seconds_of(riders[0].host, queues)
            if turn:
                rates[signed].append(batches * BATCH * len(riders) / seconds)
    return {
        "value": median(rates[True]),
        "limit": median(rates[False]),
        "unit": "events/s",
        "details": {
            "turns": scale.turns,
            "events_a_batch": BATCH,
            "signed_events_per_s": [round(rate) for rate in rates[True]],
            "unsigned_events_per_s": [round(rate) for rate in rates[False]],
        },
    }


def _visible(scale: Scale, riders: Sequence[Rider]) -> dict[str, Any]:
    """How long acts take to be seen at half of the maximum load."""
    from tanzhang.workbench.bench.doors_visible import maximum_load, seen_at, working

    with working():
        most = maximum_load(riders, scale.live_batches, scale.live_events)
        seen = seen_at(most / 2, riders, scale.live_events, scale.live_seconds)
    cuts = quantiles(seen.taken_ms, n=100, method="inclusive")
    return {
        "value": cuts[98],
        "limit": LIMIT_MS,
        "unit": "ms",
        "details": {
            "p50_ms": round(cuts[49], 1),
            "acts_watched": len(seen.taken_ms),
            "maximum_events_per_s": round(most),
            "sent_events_per_s": round(seen.sent_per_s),
            "events_a_batch": scale.live_events,
        },
    }


if __name__ == "__main__":
    main()
