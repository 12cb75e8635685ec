"""Pieces that no partner sent: requests to settle events anew, to hold them or to release them.

A request names stored events. When another subject's act takes over a shared thing, everyone who
stands under its key is asked for again, in a piece of her own shard.
"""

from __future__ import annotations

import hashlib
import io
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

import numpy as np
import polars as pl
from psycopg import Cursor

from tanzhang.apps.activities.models import Cause, PieceKind
from tanzhang.apps.activities.posting.claims import Entry
from tanzhang.apps.activities.posting.facts import Facts, key_bytes
from tanzhang.apps.activities.posting.history import months_of_events, read_stored
from tanzhang.apps.activities.posting.slow import Change, Order
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

    facts: Facts  #: stored facts that orders hold or release
    orders: dict[bytes, Order]
    touched: set[bytes]
    touched_months: set[int]
    piece_of: dict[int, int]

    @property
    def subjects(self) -> Ints:
        """Everyone asked for."""
        return np.array(sorted(self.piece_of), np.int64)

    def joined_to(self, facts: Facts, causes: Ints) -> Change:
        """The requests together with reported facts; a reported fact replaces a stored one."""
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
            orders=self.orders,
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
    keys = asked.select("key_hi", "key_lo").to_numpy().astype(np.uint64).reshape(-1, 2)
    named = zip(key_bytes(keys), asked["state"].to_list(), asked["piece_id"].to_list(), strict=True)
    orders = {
        key: Order(state == State.HELD, piece) for key, state, piece in named if state is not None
    }
    months = set(asked["month"].to_list())
    ordered = asked["state"].is_not_null().to_numpy()
    months |= months_of_events(cursor, keys[ordered])  # it may have moved since
    subjects = np.unique(asked["subject_id"].to_numpy())
    stored = read_stored(cursor, subjects, months if orders else ()).open_rows().facts
    rows = [
        place
        for place, key in enumerate(key_bytes(stored.key))
        if key in orders and orders[key].changes(int(stored.state[place]))
    ]
    pieces_of = asked.group_by("subject_id").agg(pl.col("piece_id").max())
    return Requests(
        facts=stored.take(np.array(rows, np.int64)),
        orders=orders,
        touched=set(key_bytes(keys)) - set(orders),
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
