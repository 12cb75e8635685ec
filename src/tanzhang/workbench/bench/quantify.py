"""``quantify``: a compiled pack against the same arithmetic written by hand."""

from __future__ import annotations

import numpy as np

from tanzhang.engine.packs import load_packs
from tanzhang.engine.rules import Ints
from tanzhang.workbench.bench.result import Result, median_seconds

PACK = "meituan-bike"

#: 48.70 g/km is 487 mg for ten metres: distance_m * 487 / 10.
MG, PER_M = 487, 10


def quantify(quick: bool) -> Result:
    """Bike rides a second, by ``meituan-bike`` and by hand."""
    rides = 1_000_000 if quick else 10_000_000
    distance_m = np.random.default_rng(1).integers(100, 20_000, rides)
    version = load_packs().packs[PACK][-1].rules
    columns = {"distance_m": distance_m, "evidence_grade": np.ones(rides, np.int64)}
    mg, _ = version.quantify(columns)
    if not np.array_equal(mg, _by_hand(distance_m)):
        raise AssertionError("the pack and the formula by hand differ")
    ours = median_seconds(lambda: version.quantify(columns), 5)
    by_hand = median_seconds(lambda: _by_hand(distance_m), 5)
    return Result("quantify", rides / ours, "acts/s", rides / by_hand, {"rides": rides})


def _by_hand(distance_m: Ints) -> Ints:
    """Half to even, in integers."""
    scaled = distance_m * MG
    quotient = scaled // PER_M
    twice = 2 * (scaled - quotient * PER_M)
    up = (twice > PER_M) | ((twice == PER_M) & (quotient & 1 == 1))
    return np.asarray(np.maximum(quotient + up, 0))
