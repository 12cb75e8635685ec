"""The keys of events, of shared things, and of content: what makes two reports the same.

An *event key* is 16 bytes: four of the minute since 1970 that the partner's own id carries (0 if it
carries none), so that the index over all events grows at one end, then twelve of SM3 over partner
and id. It depends on nothing else, so one event has one key for ever. Keys travel as two unsigned
halves, ``hi`` and ``lo``.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tanzhang.apps.partners.api import IdTime
from tanzhang.engine.rules import Ints

Halves = NDArray[np.uint64]

_MINUTE_MS: Final = 60_000
_MINUTES_A_DAY: Final = 1440
_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def event_keys(partner: str, external_ids: pl.Series, id_time: IdTime) -> tuple[Halves, Halves]:
    """The key of each event that a partner names by ``external_ids`` (text, no nulls)."""
    start = hashlib.new("sm3", partner.encode() + b"\0")
    digests = bytearray()
    for external_id in external_ids.to_list():
        digest = start.copy()
        digest.update(external_id.encode())
        digests += digest.digest()[:12]
    words = np.frombuffer(bytes(digests), ">u4").reshape(-1, 3).astype(np.uint64)
    buckets = time_buckets(external_ids, id_time).astype(np.uint64)
    shift = np.uint64(32)
    return buckets << shift | words[:, 0], words[:, 1] << shift | words[:, 2]


def time_buckets(external_ids: pl.Series, id_time: IdTime) -> Ints:
    """The minute since 1970 that each id carries; 0 where it carries none."""
    ids = pl.col("id")
    if id_time is IdTime.UUID7:
        digits = ids.str.replace_all("-", "", literal=True)
        is_uuid7 = (digits.str.len_chars() == 32) & (digits.str.slice(12, 1) == "7")
        milliseconds = digits.str.head(12).str.to_integer(base=16, strict=False)
        minutes: pl.Expr = pl.when(is_uuid7).then(milliseconds // _MINUTE_MS)
    elif id_time is IdTime.ULID:
        minutes = pl.when(ids.str.len_chars() == 26).then(_ulid_milliseconds(ids) // _MINUTE_MS)
    elif id_time is IdTime.DATE8:
        days = ids.str.head(8).str.to_date("%Y%m%d", strict=False).cast(pl.Int64)
        minutes = pl.when(ids.str.contains(r"^\d{8}")).then(days * _MINUTES_A_DAY)
    else:
        minutes = pl.lit(0, pl.Int64)
    known = pl.when(minutes.is_between(0, 2**32 - 1)).then(minutes).otherwise(0)
    buckets = pl.DataFrame({"id": external_ids}).with_columns(minute=known.cast(pl.Int64))
    return buckets["minute"].to_numpy().astype(np.int64)


def _ulid_milliseconds(ids: pl.Expr) -> pl.Expr:
    """The 48 bits of time in a ULID's first ten digits; null if one of them is no digit."""
    value = {digit: place for place, digit in enumerate(_CROCKFORD)}
    total = pl.lit(0, pl.Int64)
    for place in range(10):
        digit = ids.str.to_uppercase().str.slice(place, 1)
        total = total * 32 + digit.replace_strict(value, default=None, return_dtype=pl.Int64)
    return total


def item_keys(secret: bytes, things: pl.Series) -> tuple[Halves, Halves]:
    """The key of each shared thing (a bill, an order) by its plain id; (0, 0) for null.

    The same plain id is the same thing whoever reports it, so no partner and no class goes in.
    """
    unique = things.drop_nulls().unique()
    digests = [thing_key(secret, thing) for thing in unique]
    halves = np.frombuffer(b"".join(digests), ">u8").reshape(-1, 2).astype(np.uint64)
    known = pl.DataFrame({"thing": unique, "hi": halves[:, 0], "lo": halves[:, 1]})
    found = pl.DataFrame({"thing": things}).join(
        known, on="thing", how="left", maintain_order="left"
    )
    return found["hi"].fill_null(0).to_numpy(), found["lo"].fill_null(0).to_numpy()


def thing_key(secret: bytes, thing: str) -> bytes:
    """The key of one shared thing: 16 bytes, which nobody makes without the secret."""
    return hmac.digest(secret, b"item\0" + thing.encode(), "sm3")[:16]


def content_digests(contents: pl.Series) -> Ints:
    """The first eight bytes of SM3 over each canonical content, as a signed number."""
    digests = bytearray()
    for content in contents.to_list():
        digests += hashlib.new("sm3", content.encode()).digest()[:8]
    return np.frombuffer(bytes(digests), ">i8").astype(np.int64)
