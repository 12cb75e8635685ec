"""When a delivery that failed is tried again: soon, then ever later, for little more than a day.

The pauses are those that a partner may know from WeChat Pay's notices: 15 s, 15 s, 30 s, 3 min,
10 min, 20 min, three times 30 min, 1 h, three times 3 h, twice 6 h. Each is by chance up to a tenth
longer, so that what failed together does not come back together.
"""

from __future__ import annotations

from datetime import timedelta
from random import SystemRandom
from typing import Final

PAUSES: Final = tuple(
    timedelta(seconds=seconds)
    for seconds in (15, 15, 30, 180, 600, 1200, *[1800] * 3, 3600, *[10800] * 3, *[21600] * 2)
)

LONGER_AT_MOST: Final = 0.1

_CHANCE: Final = SystemRandom()

#: An attempt that has not ended by then is taken to have died with its process.
LEASE: Final = timedelta(seconds=90)


def pause_after(attempts: int) -> timedelta | None:
    """How long to wait after so many failed attempts; ``None``: give up."""
    if attempts > len(PAUSES):
        return None
    return PAUSES[attempts - 1] * (1 + _CHANCE.uniform(0, LONGER_AT_MOST))
