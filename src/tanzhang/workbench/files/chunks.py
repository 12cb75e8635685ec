"""What reading a file yields, and how much of it is read at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

#: A row that could not be read: its place, the reason's name, and the byte where it breaks.
FLAWS_SCHEMA = {"row": pl.UInt32, "code": pl.String, "byte": pl.Int64}

MEBIBYTE = 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may do to the machine that opens it.

    A gzipped file is refused as soon as it has unpacked to more than ``unpacked_bytes``, or, beyond
    the first ``free_bytes``, to more than ``ratio`` times what was read of it: text packs 3 to 20
    times, a bomb 1,000 times.
    """

    chunk_rows: int = 50_000
    block_bytes: int = 4 * MEBIBYTE
    record_bytes: int = MEBIBYTE
    columns: int = 256
    unpacked_bytes: int = 16 * 1024 * MEBIBYTE
    ratio: int = 200
    free_bytes: int = 8 * MEBIBYTE


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a file, in its order.

    ``table`` has one text column for each column of the file, null where a cell is empty; ``rows``
    are the places of its rows (the first row after the header is 1). ``flawed`` lists rows that
    could not be read (FLAWS_SCHEMA). ``done`` is the share of the file read so far, 0 to 1.
    """

    table: pl.DataFrame
    rows: pl.Series
    flawed: pl.DataFrame
    done: float


@dataclass
class Flaws:
    """Rows that cannot be read, collected while a piece is cut into records."""

    rows: list[int] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)

    def add(self, row: int, code: str, byte: int) -> None:
        """Note that ``row`` is unreadable; ``byte`` is a place in the unpacked file, from 0."""
        self.rows.append(row)
        self.codes.append(code)
        self.offsets.append(byte)

    def frame(self) -> pl.DataFrame:
        """What was collected, as FLAWS_SCHEMA states."""
        columns = {"row": self.rows, "code": self.codes, "byte": self.offsets}
        return pl.DataFrame(columns, schema=FLAWS_SCHEMA)


def no_flaws() -> pl.DataFrame:
    """A list of unreadable rows with nothing in it."""
    return pl.DataFrame(schema=FLAWS_SCHEMA)


def row_numbers(numbers: Sequence[int]) -> pl.Series:
    """Places in the file, as every part of an import carries them."""
    return pl.Series("row", numbers, dtype=pl.UInt32)
