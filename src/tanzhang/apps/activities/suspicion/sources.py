"""Which revisions of events nothing but a distrusted key vouches for.

A delivery *vouches* for a revision if the door accepted that revision from it, or found the same
content again. A revision is suspect if a distrusted delivery brought it and no other vouches for
it; one that no batch brought (a file that an operator imported) is not.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import polars as pl
import psycopg

from tanzhang.apps.activities.intake.storing import read_results
from tanzhang.apps.partners.api import compromised_keys

_DELIVERIES: Final = """
select id, received_at, key_id, results from batch
where id in (select batch_id from batch_item where event_key = any(%s))
"""


@dataclass(frozen=True, slots=True)
class Suspect:
    """An event whose highest revision is suspect; ``trusted`` is its highest that is not."""

    event_key: uuid.UUID
    revision: int
    trusted: int | None


def vouched(results: pl.DataFrame) -> pl.DataFrame:
    """The rows of a batch's results that vouch for a revision."""
    again = (pl.col("verdict") == "duplicate") & (pl.col("code") == "same_content")
    return results.filter(pl.col("verdict").is_in(["accepted", "held"]) | again)


def suspects(
    cursor: psycopg.Cursor[Any], keys: Collection[uuid.UUID], batches: Collection[uuid.UUID]
) -> list[Suspect]:
    """Those of the events whose highest revision is suspect, and was accepted in these batches."""
    brought: dict[uuid.UUID, set[int]] = defaultdict(set)
    trusted: dict[uuid.UUID, set[int]] = defaultdict(set)
    own: dict[uuid.UUID, set[int]] = defaultdict(set)
    since = {key.key_id: key.compromised_since for key in compromised_keys()}
    for delivery in _deliveries(cursor, keys):
        distrusted = delivery.is_distrusted(since)
        for key, revision, verdict in delivery.rows:
            (brought if distrusted else trusted)[key].add(revision)
            if delivery.batch_id in batches and verdict != "duplicate":
                own[key].add(revision)
    cursor.execute(
        "select event_key, array_agg(revision) from event_identity"
        " where event_key = any(%s) group by event_key",
        [list(keys)],
    )
    found = []
    for key, revisions in cursor.fetchall():
        suspect = (brought[key] - trusted[key]) & set(revisions)
        highest = max(revisions)
        if highest in suspect and highest in own[key]:
            rest = set(revisions) - suspect
            found.append(Suspect(key, highest, max(rest, default=None)))
    return found


@dataclass(frozen=True, slots=True)
class _Delivery:
    batch_id: uuid.UUID
    received_at: datetime
    key_id: str | None
    rows: list[tuple[uuid.UUID, int, str]]

    def is_distrusted(self, since: dict[str, datetime | None]) -> bool:
        compromised = since.get(self.key_id) if self.key_id is not None else None
        return compromised is not None and self.received_at >= compromised


def _deliveries(cursor: psycopg.Cursor[Any], keys: Collection[uuid.UUID]) -> Iterator[_Delivery]:
    """Every delivery of the events, with the rows that vouch for a revision of one of them."""
    cursor.execute(_DELIVERIES, [list(keys)])
    wanted = [key.hex for key in keys]
    for batch_id, received_at, key_id, packed in cursor.fetchall():
        rows = vouched(read_results(bytes(packed))).filter(pl.col("event_key").is_in(wanted))
        named = rows.select("event_key", "revision", "verdict").iter_rows()
        told = [(uuid.UUID(key), revision, verdict) for key, revision, verdict in named]
        yield _Delivery(batch_id, received_at, key_id, told)
