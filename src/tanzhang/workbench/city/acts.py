"""What happened in the city in one day, as columns of whole numbers."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np

from tanzhang.engine.rules import Ints

SECOND_US = 1_000_000
HOUR_US = 3600 * SECOND_US
DAY_US = 24 * HOUR_US


@dataclass(frozen=True, slots=True)
class Acts:
    """Acts, one a row.

    ``stream`` is the place of the act's stream in ``STREAMS``; ``quantity`` and ``second`` are what
    that stream measures; ``item`` numbers the shared thing (0: none); ``known_us`` is when the
    partner knows of the act and could report it.
    """

    stream: Ints
    citizen: Ints
    started_us: Ints
    ended_us: Ints
    known_us: Ints
    quantity: Ints
    second: Ints
    item: Ints

    def __len__(self) -> int:
        return len(self.stream)

    def take(self, rows: Ints) -> Self:
        """The acts at ``rows``."""
        return replace(self, **{f.name: getattr(self, f.name)[rows] for f in fields(self)})


def make_acts(
    stream: int,
    citizen: Ints,
    started_us: Ints,
    duration_s: Ints | int,
    *,
    known_after_s: Ints | int = 30,
    quantity: Ints | int = 1,
    second: Ints | int = 0,
    item: Ints | int = 0,
) -> Acts:
    """Acts of one stream; single numbers are the same for all."""
    count = len(citizen)
    ended_us = started_us + np.asarray(duration_s, np.int64) * SECOND_US

    def column(values: Ints | int) -> Ints:
        return np.broadcast_to(np.asarray(values, np.int64), count).copy()

    return Acts(
        stream=column(stream),
        citizen=citizen.astype(np.int64),
        started_us=started_us.astype(np.int64),
        ended_us=column(ended_us),
        known_us=column(ended_us + np.asarray(known_after_s, np.int64) * SECOND_US),
        quantity=column(quantity),
        second=column(second),
        item=column(item),
    )


def join(parts: list[Acts]) -> Acts:
    """All acts of all parts, in their order."""
    columns = {
        f.name: np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Acts)
    }
    return Acts(**columns)
