"""One measured figure beside its limit."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Result:
    """``value`` and ``limit`` are in ``unit``; ``ratio`` is value over limit.

    ``details`` holds what else was seen in the same run, by name with its unit last.
    """

    name: str
    value: float
    unit: str
    limit: float
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        """The share of the limit that was reached."""
        return self.value / self.limit

    def as_json(self) -> dict[str, Any]:
        """The result as it is printed."""
        return {
            "name": self.name,
            "value": round(self.value, 3),
            "unit": self.unit,
            "limit": round(self.limit, 3),
            "ratio": round(self.ratio, 3),
            "details": self.details,
        }


def median_seconds(work: Callable[[], object], times: int) -> float:
    """How long ``work`` takes: the median of several runs after one that warms up."""
    work()
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begin)
    return median(taken)
