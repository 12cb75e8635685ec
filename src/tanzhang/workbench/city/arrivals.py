"""The city's reports in the order in which they arrive, partner by partner.

A partner gathers what it knows and sends it a few times a day. Memory holds one day's reports and
what is still on its way, however long the simulation runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from tanzhang.engine.localtime import day_starts_us
from tanzhang.stored_time import day_number
from tanzhang.workbench.city.acts import DAY_US, join
from tanzhang.workbench.city.days import acts_of_day
from tanzhang.workbench.city.draws import stream
from tanzhang.workbench.city.frames import PARTNERS, inputs_of, report_frame
from tanzhang.workbench.city.mishaps import reports, told_by_two
from tanzhang.workbench.city.people import Citizens, make_citizens

#: The order of reports within a partner's batch; repetitions of one report are all the same.
SENDING_ORDER = ["sent_us", "external_id", "revision"]


@dataclass(frozen=True, slots=True)
class City:
    """What a simulation is made from; equal cities make byte-identical batches."""

    seed: int
    citizens: int
    days: int
    start: date
    time_zone: str = "Asia/Shanghai"
    batches_a_day: int = 4

    @property
    def name(self) -> str:
        """``<seed>x<citizens>``: part of every id, so that two cities never share an act."""
        return f"{self.seed}x{self.citizens}"


@dataclass(frozen=True, slots=True)
class Batch:
    """What one partner sends at once: a canonical report frame, in the order of sending."""

    received_us: int
    partner: str
    reports: pl.DataFrame


def batches(city: City) -> Iterator[Batch]:
    """Every batch of the simulation in order of arrival, and the late ones after its last day."""
    if city.citizens < 1 or city.days < 1:
        return
    citizens = make_citizens(city.seed, city.citizens)
    first = day_number(city.start)
    days = np.arange(first, first + city.days + 1)
    midnights = [int(midnight) for midnight in day_starts_us(days, city.time_zone)]
    origin_us, window_us = midnights[0], DAY_US // city.batches_a_day
    waiting: list[pl.DataFrame] = []
    for place in range(city.days):
        waiting.append(_reports(city, citizens, first + place, midnights[place]))
        # What starts tomorrow cannot arrive before tomorrow: the windows until then are complete.
        windows = (midnights[place + 1] - origin_us) // window_us
        closed_us = origin_us + windows * window_us
        on_the_way = pl.concat(waiting)
        yield from _cut(on_the_way.filter(pl.col("sent_us") < closed_us), origin_us, window_us)
        waiting = [on_the_way.filter(pl.col("sent_us") >= closed_us)]
    yield from _cut(waiting[0], origin_us, window_us)


def _reports(city: City, citizens: Citizens, day: int, midnight_us: int) -> pl.DataFrame:
    """The reports of one day's acts, whenever they arrive."""
    acts = acts_of_day(city.seed, citizens, day, midnight_us)
    doubled = told_by_two(stream(city.seed, "told by two", day), acts)
    sent = reports(stream(city.seed, "mishaps", city.name, day), join([acts, doubled]), midnight_us)
    return report_frame(city.name, day, sent)


def _cut(due: pl.DataFrame, origin_us: int, window_us: int) -> Iterator[Batch]:
    """One batch for each window and partner that has something to send.

    Windows are counted from the city's first midnight: with one a day, a partner's file holds what
    it learnt on a local day.
    """
    sorted_due = due.with_columns(window=(pl.col("sent_us") - origin_us) // window_us).sort(
        ["window", "partner", *SENDING_ORDER]
    )
    for frame in sorted_due.partition_by(["window", "partner"], maintain_order=True):
        window, partner = frame["window"][0], PARTNERS[frame["partner"][0]]
        unused = [
            name
            for name in frame.columns
            if name.startswith("in_") and name.removeprefix("in_") not in inputs_of(partner)
        ]
        yield Batch(
            received_us=origin_us + (window + 1) * window_us,
            partner=partner,
            reports=frame.drop("window", "partner", "sent_us", *unused).with_row_index("row"),
        )
