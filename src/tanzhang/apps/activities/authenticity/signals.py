"""Signals as columns: of a report (``sig_<name>``), and as they are kept."""

from __future__ import annotations

import hmac
from typing import Final

import numpy as np
import polars as pl

from tanzhang.engine.authenticity import SIGNALS, SignalKind
from tanzhang.engine.authenticity.signals import MOST

SIGNAL_PREFIX: Final = "sig_"

#: Longer texts are no tokens.
LONGEST_TOKEN: Final = 256


def report_types() -> dict[str, type[pl.DataType]]:
    """The column of a report for each signal that there is: text for tokens, else a number."""
    return {
        SIGNAL_PREFIX + name: pl.String if signal.kind is SignalKind.TOKEN else pl.Int64
        for name, signal in SIGNALS.items()
    }


def kept(column: pl.Series, name: str, secret: bytes) -> pl.Series:
    """A signal as it is kept: tokens as keyed hashes, numbers that cannot be meant as null."""
    if SIGNALS[name].kind is SignalKind.TOKEN:
        return keyed(column, name, secret)
    return column.set(~column.is_between(0, MOST), None)


def keyed(tokens: pl.Series, name: str, secret: bytes) -> pl.Series:
    """Eight bytes of a keyed SM3 for each token, the same for all partners; null where none is.

    The name of the signal goes in, so that a device and a payment account never look alike.
    """
    unique = tokens.drop_nulls().unique()
    short = [text for text in unique.to_list() if text and len(text) <= LONGEST_TOKEN]
    prefix = f"signal\0{name}\0".encode()
    digests = b"".join(hmac.digest(secret, prefix + t.encode(), "sm3")[:8] for t in short)
    numbers = np.frombuffer(digests, ">i8").astype(np.int64)
    return tokens.replace_strict(
        short, pl.Series(numbers, dtype=pl.Int64), default=None, return_dtype=pl.Int64
    )
