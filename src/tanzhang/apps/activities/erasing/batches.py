"""Taking a person's events out of the batches that brought them.

A batch keeps what its partner sent (for a while) and what was answered, and both name the partner's
own ids of events. The body goes early, for everybody in it; of the answers only hers lose the id
and the digest of the text. Each such line's hash stays, so that the receipt's root still follows.
"""

from __future__ import annotations

import json
import uuid
import zlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
import polars as pl
import psycopg

from tanzhang.apps.activities.intake.receipt import item_lines
from tanzhang.apps.activities.intake.storing import read_results, write_results
from tanzhang.engine.log import leaf_hash

Cursor = psycopg.Cursor[Any]

_BATCHES_OF: Final = """
select batch_item.batch_id, array_agg(batch_item.row order by batch_item.row)
from batch_item where event_key = any(%s::uuid[]) group by batch_item.batch_id order by 1
"""
_BODIES: Final = """
select batch_id, body from batch_body join batch on batch.id = batch_id
where partner_id = %s order by batch_id
"""


@dataclass(frozen=True, slots=True)
class Reduced:
    """A batch that lost something: whose, when it came, and the ids that were taken out."""

    batch_id: uuid.UUID
    partner_id: int
    received_at: datetime
    ids: frozenset[str]


def rows_naming(
    cursor: Cursor,
    event_keys: Collection[uuid.UUID],
    refs: Mapping[int, Collection[bytes]],
) -> dict[uuid.UUID, set[int]]:
    """The rows of batches that are about a person: her events, and what was sent again of them.

    ``refs`` are her references by partner. Repetitions and contradictions are found in bodies,
    while they are kept; of what was refused nothing says whose it was.
    """
    cursor.execute(_BATCHES_OF, [list(event_keys)])
    found = {batch_id: set(rows) for batch_id, rows in cursor.fetchall()}
    for partner_id, own in refs.items():
        cursor.execute(_BODIES, [partner_id])
        for batch_id, body in cursor.fetchall():
            rows = {row for row, ref in _named_persons(bytes(body)) if ref in own}
            if rows:
                found.setdefault(batch_id, set()).update(rows)
    return found


def reduce_batch(
    cursor: Cursor, subject_id: int, batch_id: uuid.UUID, rows: Collection[int]
) -> Reduced:
    """Take rows out of a batch."""
    cursor.execute("select partner_id, received_at, results from batch where id = %s", [batch_id])
    partner_id, received_at, packed = cursor.fetchall()[0]
    results = read_results(bytes(packed))
    is_hers = np.isin(results["row"].to_numpy(), list(rows))
    is_new = results["external_id"].is_not_null().to_numpy() & is_hers
    _keep_line_hashes(cursor, batch_id, results, is_new)
    ids = results.filter(pl.Series(is_new))["external_id"].to_list()
    gone = pl.when(pl.Series(is_hers)).then(None)
    reduced = results.with_columns(
        gone.otherwise(pl.col("external_id")).alias("external_id"),
        gone.otherwise(pl.col("sm3")).alias("sm3"),
    )
    cursor.execute(
        "select reduce_batch(%s, %s, %s)", [subject_id, batch_id, write_results(reduced)]
    )
    return Reduced(batch_id, partner_id, received_at, frozenset(ids))


def _keep_line_hashes(
    cursor: Cursor, batch_id: uuid.UUID, results: pl.DataFrame, is_new: np.typing.NDArray[np.bool_]
) -> None:
    lines = item_lines(results)
    cursor.executemany(
        "insert into erased_line (batch_id, row, line_hash) values (%s, %s, %s)",
        [
            (batch_id, results["row"][place], leaf_hash(lines[place].encode()))
            for place in np.flatnonzero(is_new).tolist()
        ],
    )


def _named_persons(body: bytes) -> Iterator[tuple[int, bytes]]:
    """Row and keyed reference of each event of a body; nothing for the name of a file."""
    try:
        events = json.loads(zlib.decompress(body))
    except (ValueError, zlib.error):
        return
    for event in events if isinstance(events, list) else ():
        if isinstance(event, dict) and "person" in event:
            yield event["row"], bytes.fromhex(event["person"])
