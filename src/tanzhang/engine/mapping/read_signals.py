"""The table ``[signals]`` of a mapping: which columns say what a device or a gate noticed."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from tanzhang.engine.authenticity.signals import SIGNALS, SignalKind
from tanzhang.engine.mapping.spec import Choice, InputRule, Number
from tanzhang.engine.mapping.toml_table import Table


def read_signals(table: Table) -> Iterator[InputRule]:
    """Signals that are numbers, flags (0 or 1) and choices, whose file's words are looked up.

    A row without one is reported without it.
    """
    for name in table.values:
        if name not in SIGNALS:
            table.refuse(name, "a signal that some pack reads: " + ", ".join(SIGNALS))
        signal = SIGNALS[name]
        if signal.kind is SignalKind.TOKEN:
            continue
        entry = table.table(name)
        column = entry.string("column")
        if signal.kind is not SignalKind.CHOICE:
            yield InputRule(name, Number(column, Fraction(1)), required=False, negative=False)
        else:
            listed = entry.table("values")
            words = {
                said: signal.values.index(listed.one_of(said, signal.values))
                for said in listed.values
            }
            listed.close()
            yield InputRule(name, Choice(None, column, words), required=False, negative=False)
        entry.close()


def read_tokens(table: Table) -> dict[str, str]:
    """The columns of signals that are opaque names, by signal."""
    found = {}
    for name in table.values:
        if name in SIGNALS and SIGNALS[name].kind is SignalKind.TOKEN:
            entry = table.table(name)
            found[name] = entry.string("column")
            entry.close()
    return found
