"""What goes wrong between an act and its report: late, twice, corrected, told by two.

The shares are those that a platform has to live with: of a hundred reports three come late (half of
them on the same day, half one to three days later) and two come again; of a thousand, five are
corrected, and one of these five is a withdrawal.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tanzhang.engine.rules import Flags, Ints
from tanzhang.workbench.city.acts import DAY_US, HOUR_US, SECOND_US, Acts, join
from tanzhang.workbench.city.draws import happens
from tanzhang.workbench.city.streams import STREAMS, Measure, stream_number

# Shares of a thousand.
LATE = 30
LATE_ON_THE_SAME_DAY = 500  # of the late ones
REPEATED = 20
CORRECTED = 5
WITHDRAWN = 200  # of the corrected ones
TOLD_BY_TWO = 25

#: What the gate reports -> what the bank that paid the fare reports of the same ride.
SEEN_BY_THE_BANK = {
    stream_number("metro", "metro-demo"): stream_number("metro", "bank"),
    stream_number("bus", "bus-demo"): stream_number("bus", "bank"),
}
MEASURED = np.array([Measure.QUANTITY in stream.inputs.values() for stream in STREAMS])


@dataclass(frozen=True, slots=True)
class Reports:
    """Reports of one day's acts, one a row; several rows may report the same act.

    ``serial`` and ``random`` name the act, so that its reports share an external id; ``sent_us`` is
    when the partner sends the report.
    """

    acts: Acts
    serial: Ints
    random: Ints
    sent_us: Ints
    revision: Ints
    withdrawn: Flags

    def __len__(self) -> int:
        return len(self.serial)


def told_by_two(rng: np.random.Generator, acts: Acts) -> Acts:
    """Metro and bus rides that the bank reports as well, with slightly other times and lengths."""
    rides = np.flatnonzero(np.isin(acts.stream, list(SEEN_BY_THE_BANK)))
    seen = acts.take(rides[happens(rng, TOLD_BY_TWO, len(rides))])
    count = len(seen)
    by_bank = [SEEN_BY_THE_BANK[int(number)] for number in seen.stream]
    shift_us = rng.integers(-90, 91, count) * SECOND_US
    ended_us = seen.ended_us + rng.integers(0, 120, count) * SECOND_US
    return replace(
        seen,
        stream=np.array(by_bank, np.int64),
        started_us=seen.started_us + shift_us,
        ended_us=np.maximum(ended_us, seen.started_us + shift_us + SECOND_US),
        known_us=ended_us + 300 * SECOND_US,
        quantity=np.maximum(seen.quantity * rng.integers(950, 1050, count) // 1000, 1),
    )


def reports(rng: np.random.Generator, acts: Acts, midnight_us: int) -> Reports:
    """The reports of a day's acts: each once, and then what goes wrong."""
    count = len(acts)
    first = Reports(
        acts=acts,
        serial=np.arange(count, dtype=np.int64),
        random=rng.integers(0, 2**62, count),
        sent_us=_sent(rng, acts.known_us, midnight_us + DAY_US),
        revision=np.zeros(count, np.int64),
        withdrawn=np.zeros(count, np.bool_),
    )
    again = _again(rng, first, np.flatnonzero(happens(rng, REPEATED, count)), 36)
    return _join(first, again, _corrected(rng, first))


def _sent(rng: np.random.Generator, known_us: Ints, day_end_us: int) -> Ints:
    """When each act's first report is sent: at once, or late."""
    count = len(known_us)
    late = happens(rng, LATE, count)
    same_day = happens(rng, LATE_ON_THE_SAME_DAY, count)
    left_us = np.maximum(day_end_us - known_us, HOUR_US)
    later_today = known_us + rng.integers(0, 1000, count) * left_us // 1000
    later = known_us + rng.integers(DAY_US, 3 * DAY_US, count)
    return np.where(late, np.where(same_day, later_today, later), known_us)


def _again(rng: np.random.Generator, first: Reports, rows: Ints, within_hours: int) -> Reports:
    """The reports at ``rows`` once more, some time after they were first sent."""
    delay_us = rng.integers(30 * SECOND_US, within_hours * HOUR_US, len(rows))
    return Reports(
        acts=first.acts.take(rows),
        serial=first.serial[rows],
        random=first.random[rows],
        sent_us=first.sent_us[rows] + delay_us,
        revision=first.revision[rows],
        withdrawn=first.withdrawn[rows],
    )


def _corrected(rng: np.random.Generator, first: Reports) -> Reports:
    """Second revisions: another measure, another time where nothing is measured, or withdrawn."""
    rows = np.flatnonzero(happens(rng, CORRECTED, len(first)))
    sent = _again(rng, first, rows, 60)
    acts, count = sent.acts, len(rows)
    measured = MEASURED[acts.stream]
    share = np.where(measured, rng.integers(700, 1100, count), 1000)
    earlier_us = np.where(measured, 0, rng.integers(60, 1800, count) * SECOND_US)
    return replace(
        sent,
        acts=replace(
            acts,
            quantity=np.maximum(acts.quantity * share // 1000, 1),
            started_us=acts.started_us - earlier_us,
            ended_us=acts.ended_us - earlier_us,
        ),
        revision=np.ones(count, np.int64),
        withdrawn=happens(rng, WITHDRAWN, count),
    )


def _join(*parts: Reports) -> Reports:
    return Reports(
        acts=join([part.acts for part in parts]),
        serial=np.concatenate([part.serial for part in parts]),
        random=np.concatenate([part.random for part in parts]),
        sent_us=np.concatenate([part.sent_us for part in parts]),
        revision=np.concatenate([part.revision for part in parts]),
        withdrawn=np.concatenate([part.withdrawn for part in parts]),
    )
