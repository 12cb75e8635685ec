"""The signals of a batch's events, under ``data.signals``: those that a judged scene needs."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from tanzhang.apps.activities.authenticity.signals import SIGNAL_PREFIX
from tanzhang.apps.activities.intake.fields import Fields
from tanzhang.engine.authenticity import SIGNALS, SignalKind

_PATH = ("data", "signals")


def signal_columns(fields: Fields, wanted: Collection[str]) -> dict[str, pl.Series]:
    """A report's column for each wanted signal that some event has; a flag is 0 or 1.

    A word that a choice does not know says nothing, as if it had not been sent.
    """
    fields.object(*_PATH)
    members = fields.events.members
    sent = {members.names[code] for code in set(members.name[members.below(*_PATH)].tolist())}
    return {SIGNAL_PREFIX + name: _column(fields, name) for name in sorted(sent & {*wanted})}


def _column(fields: Fields, name: str) -> pl.Series:
    signal = SIGNALS[name]
    if signal.kind is SignalKind.TOKEN:
        return fields.text(*_PATH, name)
    if signal.kind is SignalKind.CHOICE:
        words = fields.text(*_PATH, name)
        places = list(range(len(signal.values)))
        return words.replace_strict(
            list(signal.values), places, default=None, return_dtype=pl.Int64
        )
    numbers = fields.number(*_PATH, name)
    return pl.Series(numbers.values).set(pl.Series(~numbers.given), None)
