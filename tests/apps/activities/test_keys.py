"""Keys are functions of what they name, and of nothing else."""

from __future__ import annotations

import hashlib

import polars as pl
import pytest
from hypothesis import given, settings, strategies as st

from tanzhang.apps.activities.keys import content_digests, event_keys, item_keys, time_buckets
from tanzhang.apps.partners.api import IdTime

MINUTE_2024_05_01 = 28_575_360  # 2024-05-01 00:00 UTC


def one_key(partner: str, external_id: str, id_time: IdTime = IdTime.NONE) -> bytes:
    hi, lo = event_keys(partner, pl.Series([external_id]), id_time)
    return int(hi[0]).to_bytes(8, "big") + int(lo[0]).to_bytes(8, "big")


@settings(max_examples=50, deadline=None)
@given(partner=st.text(min_size=1), external_id=st.text(min_size=1))
def test_an_event_key_is_a_time_bucket_and_twelve_bytes_of_sm3(
    partner: str, external_id: str
) -> None:
    named = f"{partner}\0{external_id}".encode()
    assert one_key(partner, external_id) == bytes(4) + hashlib.new("sm3", named).digest()[:12]


def test_no_ids_have_no_keys() -> None:
    hi, lo = event_keys("bikes", pl.Series([], dtype=pl.String), IdTime.NONE)
    assert len(hi) == len(lo) == 0


@pytest.mark.parametrize(
    ("id_time", "external_id", "minute"),
    [
        (IdTime.NONE, "20240501-1", 0),
        (IdTime.DATE8, "20240501-1", MINUTE_2024_05_01),
        (IdTime.DATE8, "20240501", MINUTE_2024_05_01),
        (IdTime.DATE8, "20241301-1", 0),
        (IdTime.DATE8, "2024-05-01", 0),
        (IdTime.DATE8, "x", 0),
        (IdTime.DATE8, "19691231-1", 0),
        (IdTime.UUID7, "018f317c-8400-7abc-8def-0123456789ab", 0x018F317C8400 // 60_000),
        (IdTime.UUID7, "018F317C84007ABC8DEF0123456789AB", 0x018F317C8400 // 60_000),
        (IdTime.UUID7, "018f317c-8400-4abc-8def-0123456789ab", 0),
        (IdTime.UUID7, "018f317c-8400-7abc", 0),
        (IdTime.UUID7, "zzzzzzzz-8400-7abc-8def-0123456789ab", 0),
        (IdTime.UUID7, "ffffffff-ffff-7abc-8def-0123456789ab", 0),
        (IdTime.UUID7, "ea600000-0000-7abc-8def-0123456789ab", 0),  # one too many for 32 bits
        (IdTime.UUID7, "ea5fffff-ffff-7abc-8def-0123456789ab", 2**32 - 1),
        (IdTime.ULID, "01HWR03RM00000000000000000", 0),
        (IdTime.ULID, "01hwr03rm0zzzzzzzzzzzzzzzz", 0),
        (IdTime.ULID, "U1HWR03RM00000000000000000", 0),
        (IdTime.ULID, "01HWR03RM0", 0),
    ],
)
def test_a_bucket_is_the_minute_that_the_id_carries_or_nought(
    id_time: IdTime, external_id: str, minute: int
) -> None:
    if id_time is IdTime.ULID and len(external_id) == 26 and external_id[0] == "0":
        minute = crockford(external_id[:10]) // 60_000
        assert minute > 28_000_000
    assert time_buckets(pl.Series([external_id]), id_time).tolist() == [minute]
    assert one_key("bikes", external_id, id_time)[:4] == minute.to_bytes(4, "big")


def crockford(digits: str) -> int:
    """The number that digits of base 32 mean (Crockford's alphabet)."""
    total = 0
    for digit in digits.upper():
        total = total * 32 + "0123456789ABCDEFGHJKMNPQRSTVWXYZ".index(digit)
    return total


def test_an_item_key_depends_on_the_secret_and_the_thing() -> None:
    things = pl.Series(["meter 1", None, "meter 2", "meter 1"])
    hi, lo = item_keys(b"a" * 32, things)
    assert (hi[1], lo[1]) == (0, 0)
    assert (hi[0], lo[0]) == (hi[3], lo[3]) != (hi[2], lo[2])
    other, _ = item_keys(b"b" * 32, things)
    assert other[0] != hi[0]


def test_things_without_any_key_are_fine() -> None:
    hi, lo = item_keys(b"a" * 32, pl.Series([None, None], dtype=pl.String))
    assert [*hi, *lo] == [0, 0, 0, 0]


def test_a_content_digest_is_the_start_of_sm3() -> None:
    (digest,) = content_digests(pl.Series(["walk"])).tolist()
    assert digest.to_bytes(8, "big", signed=True) == hashlib.new("sm3", b"walk").digest()[:8]
