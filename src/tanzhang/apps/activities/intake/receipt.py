"""The receipt of a batch: what the platform says, and signs, of each event it was handed.

It is canonical JSON: names sorted, no white space, UTF-8. An *item line* is the canonical JSON of
one entry of ``items``; the Merkle root (``engine.log``) is over the lines in their order, so that
one line can be proved without the others. The receipt is a pure function of what the batch keeps:
it is made again, not stored twice, and a stored digest holds it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import polars as pl

from tanzhang.engine.log import root

FORMAT: Final = "tanzhang-batch-receipt/1"

#: What a batch keeps of each of its events, in their order. ``sm3`` is of the event's own text
#: without white space between tokens; ``revision`` is 0 where it could not be read.
RESULTS: Final = pl.Schema(
    {
        "row": pl.Int16,
        "external_id": pl.String,
        "sm3": pl.Binary,
        "verdict": pl.String,
        "code": pl.String,
        "event_key": pl.String,
        "revision": pl.Int32,
    }
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt's bytes and the root over its items."""

    body: bytes
    merkle_root: bytes


def make_receipt(
    results: pl.DataFrame,
    *,
    batch_id: str,
    partner: str,
    received_at: datetime,
    counts: Mapping[str, int],
    dropped: Sequence[str],
) -> Receipt:
    """The receipt of a batch with these results (``RESULTS``)."""
    lines = item_lines(results)
    merkle_root = root(line.encode() for line in lines)
    head = {
        "batch_id": batch_id,
        "counts": dict(counts),
        "dropped": list(dropped),
        "format": FORMAT,
    }
    tail = {
        "merkle_root": merkle_root.hex(),
        "partner": partner,
        "received_at": instant_text(received_at),
    }
    # "items" stands between "format" and "merkle_root", where its name belongs.
    text = f'{_canonical(head)[:-1]},"items":[{",".join(lines)}],{_canonical(tail)[1:]}'
    return Receipt(text.encode(), merkle_root)


def instant_text(at: datetime) -> str:
    """An instant as receipts write it: RFC 3339 in UTC with six decimals."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


def item_lines(results: pl.DataFrame) -> list[str]:
    """The canonical JSON of each event's result: code, event_key, id, outcome, sm3."""
    line = pl.struct(
        "code",
        "event_key",
        id="external_id",
        outcome="verdict",
        sm3=pl.col("sm3").bin.encode("hex"),
    )
    lines: list[str] = results.select(line.struct.json_encode()).to_series().to_list()
    return lines


def _canonical(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
