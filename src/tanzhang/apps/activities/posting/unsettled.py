"""Pieces that no partner sent: requests to settle events anew, to hold them or to release them.

A request names stored events. When another subject's act takes over a shared thing, everyone who
stands under its key is asked for again, in a piece of her own shard.
"""

from __future__ import annotations

import hashlib
import io
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Protocol

import numpy as np
import polars as pl
from psycopg import Cursor

from tanzhang.apps.activities.models import Cause, PieceKind
from tanzhang.apps.activities.posting.claims import Entry
from tanzhang.apps.activities.posting.facts import Facts, key_bytes
from tanzhang.apps.activities.posting.history import read_stored
from tanzhang.apps.activities.posting.slow import Change
from tanzhang.apps.distribution import shards
from tanzhang.engine.acts import State
from tanzhang.engine.rules import Ints

#: One named event a row; ``state`` is what it shall be, null to leave it as it is.
REFERENCE = pl.Schema(
    {
        "key_hi": pl.UInt64,
        "key_lo": pl.UInt64,
        "subject_id": pl.Int64,
        "month": pl.Int32,
        "state": pl.Int16,
    }
)


class RequestPiece(Protocol):
    """A waiting piece, as far as it matters here."""

    @property
    def id(self) -> int: ...
    @property
    def body(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Requests:
    """What the request pieces of one transaction ask for."""

    facts: Facts  #: stored facts whose state changes
    touched: set[bytes]
    touched_months: set[int]
    piece_of: dict[int, int]

    @property
    def subjects(self) -> Ints:
        """Everyone asked for."""
        return np.array(sorted(self.piece_of), np.int64)

    def joined_to(self, facts: Facts, causes: Ints) -> Change:
        """The requests together with reported facts; a reported fact replaces a requested state."""
        reported = set(key_bytes(facts.key))
        own = np.array([key not in reported for key in key_bytes(self.facts.key)], bool)
        requested = self.facts.take(np.flatnonzero(own))
        pieces = dict(self.piece_of)
        for subject, piece in zip(facts.subject_id.tolist(), facts.piece_id.tolist(), strict=True):
            pieces[subject] = max(piece, pieces.get(subject, 0))
        held = np.full(len(requested), int(Cause.HELD_OR_RELEASED), np.int64)
        return Change(
            facts=facts.followed_by(requested),
            cause=np.append(causes, held),
            touched=self.touched,
            touched_months=self.touched_months,
            piece_of=pieces,
        )


def facts_asked_for(cursor: Cursor[Any], pieces: Iterable[RequestPiece]) -> Requests:
    """Read what the pieces name from the books."""
    frames = [
        pl.read_ipc(io.BytesIO(piece.body)).with_columns(piece_id=pl.lit(piece.id, pl.Int64))
        for piece in pieces
    ]
    asked = (
        pl.concat(frames) if frames else pl.DataFrame(schema={**REFERENCE, "piece_id": pl.Int64})
    )
    named = zip(
        key_bytes(asked.select("key_hi", "key_lo").to_numpy().astype(np.uint64).reshape(-1, 2)),
        asked["state"].to_list(),
        strict=True,
    )
    wanted_state = {key: state for key, state in named if state is not None}
    months = set(asked["month"].to_list())
    subjects = np.unique(asked["subject_id"].to_numpy())
    stored = read_stored(cursor, subjects, months if wanted_state else ()).open_rows().facts
    keys = key_bytes(stored.key)
    rows = np.array([place for place, key in enumerate(keys) if key in wanted_state], np.int64)
    facts = stored.take(rows)
    states = np.array([wanted_state[keys[row]] for row in rows.tolist()], np.int64)
    pieces_of = asked.group_by("subject_id").agg(pl.col("piece_id").max())
    all_keys = key_bytes(
        asked.select("key_hi", "key_lo").to_numpy().astype(np.uint64).reshape(-1, 2)
    )
    return Requests(
        facts=replace(facts, state=states),
        touched={key for key in all_keys if key not in wanted_state},
        touched_months=months,
        piece_of=dict(pieces_of.iter_rows()),
    )


def ask_again(cursor: Cursor[Any], entries: Iterable[Entry]) -> None:
    """Queue a request for each named act to be settled anew."""
    by_subject = [(entry.event_key, entry.subject_id, entry.month, None) for entry in entries]
    queue_references(cursor, PieceKind.RESETTLE, by_subject)


def hold(cursor: Cursor[Any], events: Iterable[tuple[bytes, int, int]]) -> None:
    """Queue a hold on events (event key, subject, month): they take part in nothing."""
    named = [(key, subject, month, int(State.HELD)) for key, subject, month in events]
    queue_references(cursor, PieceKind.HOLD, named)


def release(cursor: Cursor[Any], events: Iterable[tuple[bytes, int, int]]) -> None:
    """Queue the release of held events."""
    named = [(key, subject, month, int(State.LIVE)) for key, subject, month in events]
    queue_references(cursor, PieceKind.HOLD, named)


def queue_references(
    cursor: Cursor[Any], kind: PieceKind, named: Iterable[tuple[bytes, int, int, int | None]]
) -> None:
    """One piece for each shard that any of the named subjects lies in."""
    by_shard: dict[int, list[tuple[int, int, int, int, int | None]]] = defaultdict(list)
    for key, subject, month, state in named:
        shard = int(shards(np.array([subject], np.int64))[0])
        high, low = int.from_bytes(key[:8], "big"), int.from_bytes(key[8:], "big")
        by_shard[shard].append((high, low, subject, month, state))
    for shard, rows in sorted(by_shard.items()):
        stream = io.BytesIO()
        pl.DataFrame(sorted(rows), REFERENCE, orient="row").write_ipc(stream, compression="zstd")
        body = stream.getvalue()
        cursor.execute(
            "with made as (insert into piece"
            " (received_at, item_count, shard, kind, partner_id, digest, body)"
            " values (%s, %s, %s, %s, null, %s, %s) returning id)"
            " insert into piece_queue (shard, piece_id) select %s, id from made",
            [
                datetime.now(UTC),
                len(rows),
                shard,
                int(kind),
                hashlib.new("sm3", body).digest(),
                body,
                shard,
            ],
        )
