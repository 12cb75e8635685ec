"""External ids as partners make them: both kinds carry their own time.

UUIDv7 follows RFC 9562: 48 bits of Unix milliseconds, the version, 12 random bits, the variant and
62 random bits. The other kind begins with the local date, ``20260302-7x2000-00001234``.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from tanzhang.engine.rules import Ints

#: The four hexadecimal digits of every 16-bit number.
HEX = pl.Series("hex", [f"{number:04x}" for number in range(1 << 16)], dtype=pl.String)


def date_ids(day: int, city: str, serial: Ints) -> pl.Series:
    """Ids that begin with the local date ``day`` (days since 1970), numbered within the city."""
    date8 = str(np.datetime64(day, "D")).replace("-", "")
    digits = pl.Series("serial", serial).cast(pl.String).str.zfill(8)
    return pl.select(pl.concat_str(pl.lit(f"{date8}-{city}-"), digits)).to_series()


def uuid7_ids(instant_us: Ints, random: Ints) -> pl.Series:
    """UUIDv7 of each instant; ``random`` gives 62 bits, which are mixed into the 12 others too."""
    millis = instant_us // 1000
    groups = [
        _hex(millis >> 32),
        _hex(millis >> 16),
        pl.lit("-"),
        _hex(millis),
        pl.lit("-"),
        _hex(0x7000 | (random * 0x9E37 >> 20 & 0x0FFF)),
        pl.lit("-"),
        _hex(0x8000 | random >> 48),
        pl.lit("-"),
        _hex(random >> 32),
        _hex(random >> 16),
        _hex(random),
    ]
    return pl.select(pl.concat_str(groups)).to_series()


def _hex(number: Ints) -> pl.Series:
    """The last 16 bits of each number as four digits."""
    return HEX.gather((number & 0xFFFF).astype(np.uint32))
