"""Whether the 64-bit integers of settlement hold whatever a pack lets through.

Formulas prove their own width (``tanzhang.engine.formula``). Two sums of settlement lie outside of
them: a speed is judged by comparing products (metres by microseconds of an hour, metres per hour by
microseconds of the act), and a day's look-back register holds the number and the sum of the day's
inputs in one integer. Both must fit for every act that passes the bounds before them.
"""

from __future__ import annotations

from tanzhang.engine.packs.definition import BoundEntry, InputEntry, PackDefinition
from tanzhang.engine.packs.faults import Faults
from tanzhang.engine.rules import Bound

#: One day's sum of an input is taken to be at most this many acts at their maximum.
ACTS_A_DAY = 10_000
#: A day's sum stays below this: above it the register counts acts (``settle.carry``).
DAY_SUM = 1 << 48
#: A distance is multiplied by this (``settle.eligibility``).
US_PER_HOUR = 3_600_000_000
_US_PER_S = 1_000_000
_TOP = 2**63


def check_fits(definition: PackDefinition, faults: Faults) -> None:
    """Records ``packs.speed_needs_duration``, ``packs.speed_too_wide``, ``packs.window_too_wide``.

    An act is judged bound by bound in the order of the file, and its inputs' ranges come first: a
    duration that is too long is therefore refused before a speed is computed from it.
    """
    inputs = {entry.name: entry for entry in definition.inputs}
    longest_s: int | None = None
    for bound in definition.bounds:
        if bound.rules.kind == "duration" and bound.rules.maximum is not None:
            longest_s = min(longest_s or bound.rules.maximum, bound.rules.maximum)
        if bound.rules.kind == "speed":
            _check_speed(bound, inputs[bound.rules.input], longest_s, faults)
    for window in definition.windows:
        source = inputs[window.input]
        least = min(source.minimum, source.default)
        most = max(source.maximum, source.default)
        if least < 0 or most * ACTS_A_DAY >= DAY_SUM:
            faults.add(
                window.place,
                "packs.window_too_wide",
                name=window.name,
                input=source.name,
                minimum=least,
                maximum=most,
                most=(DAY_SUM - 1) // ACTS_A_DAY,
            )


def _check_speed(
    entry: BoundEntry, source: InputEntry, longest_s: int | None, faults: Faults
) -> None:
    bound = entry.rules
    if longest_s is None:
        faults.add(entry.place, "packs.speed_needs_duration", name=bound.name)
        return
    furthest_m = max(abs(source.minimum), abs(source.maximum))
    reach = max(
        furthest_m * US_PER_HOUR,
        _fastest_m_per_h(bound) * longest_s * _US_PER_S,
    )
    if reach >= _TOP:
        faults.add(entry.place, "packs.speed_too_wide", name=bound.name, bits=reach.bit_length())


def _fastest_m_per_h(bound: Bound) -> int:
    return max(abs(bound.minimum or 0), abs(bound.maximum or 0))
