"""Pieces that no partner sent: requests to settle events anew, to hold them or to release them.

A request names stored events. When another subject's act takes over a shared thing, everyone who
stands under its key is asked for again, in a piece of her own shard; when the rules change, every
event that they may treat differently is, and when links do, the events of whom they connect. A
restatement brings the whole fact of an accepted revision that shall stand for its event, whatever
stands there now.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray
from psycopg import Cursor

from tanzhang.apps.activities.models import Cause, PieceKind
from tanzhang.apps.activities.pieces import (
    MAX_ITEMS,
    queue_pieces,
    read_piece,
    write_piece,
)
from tanzhang.apps.activities.posting.claims import Entry
from tanzhang.apps.activities.posting.facts import Facts, facts_of_items, key_bytes, no_facts
from tanzhang.apps.activities.posting.history import months_of_events, read_stored
from tanzhang.apps.activities.posting.kin import Kin
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

#: The columns of ``activity`` that name an event.
EVENT: Final = {"event_key": "uuid", "subject_id": "int8", "month": "int4"}

#: A ``state`` that is none of an event's: what an order holds is let go, and nothing else.
LIFTED: Final = 3

_ASKED: Final = pl.Schema([*REFERENCE.items(), ("piece_id", pl.Int64()), ("kind", pl.Int16())])


class RequestPiece(Protocol):
    """A waiting piece, as far as it matters here."""

    @property
    def id(self) -> int: ...
    @property
    def kind(self) -> int: ...
    @property
    def body(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Requests:
    """What the request pieces of one transaction ask for."""

    facts: Facts  #: stored facts that orders hold or release, and facts that are restated
    orders: dict[bytes, Order]
    touched: set[bytes]
    ruled: frozenset[bytes]
    relinked: frozenset[int]  #: subjects that are linked to others than before
    touched_months: set[int]
    piece_of: dict[int, int]

    @property
    def subjects(self) -> Ints:
        """Everyone asked for."""
        return np.array(sorted(self.piece_of), np.int64)

    def joined_to(self, facts: Facts, causes: Ints, kin: Kin) -> Change:
        """The requests together with reported facts; a reported fact replaces a stored one.

        Kin are settled together: what changes of one in whom nothing was asked for belongs to the
        piece that asked for another.
        """
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
            ruled=self.ruled,
            relinked=kin.together(self.relinked),
            touched_months=self.touched_months,
            orders=self.orders,
            piece_of=kin.pieces(pieces),
            kin=kin,
        )


def facts_asked_for(cursor: Cursor[Any], pieces: Iterable[RequestPiece]) -> Requests:
    """Read what the pieces name from the books, and what they restate from themselves."""
    pieces = list(pieces)
    if not pieces:
        return Requests(no_facts(), {}, set(), frozenset(), frozenset(), set(), {})
    restated = _restated([piece for piece in pieces if piece.kind == PieceKind.RESTATE])
    asked = _asked([piece for piece in pieces if piece.kind != PieceKind.RESTATE])
    keys = asked.select("key_hi", "key_lo").to_numpy().astype(np.uint64).reshape(-1, 2)
    names = key_bytes(keys)
    states, piece_ids = asked["state"].to_list(), asked["piece_id"].to_list()
    orders = {
        key: Order(state == State.HELD, piece, lifts=state == LIFTED)
        for key, state, piece in zip(names, states, piece_ids, strict=True)
        if state is not None
    }
    is_ruled = (asked["kind"] == PieceKind.RESETTLE).to_list()
    relinked = asked.filter(pl.col("kind") == int(PieceKind.RELINK))["subject_id"].to_list()
    months = set(asked["month"].to_list())
    ordered = asked["state"].is_not_null().to_numpy()
    months |= months_of_events(cursor, np.concatenate([keys[ordered], restated.key]))
    subjects = np.unique(asked["subject_id"].to_numpy())
    stored = read_stored(cursor, subjects, months if orders else ()).open_rows().facts
    anew = set(key_bytes(restated.key))
    rows = [
        place
        for place, key in enumerate(key_bytes(stored.key))
        if key in orders and key not in anew and orders[key].changes(int(stored.state[place]))
    ]
    pieces_of = [*zip(asked["subject_id"].to_list(), piece_ids, strict=True)]
    pieces_of += zip(restated.subject_id.tolist(), restated.piece_id.tolist(), strict=True)
    return Requests(
        facts=stored.take(np.array(rows, np.int64)).followed_by(restated),
        orders=orders,
        touched={key for key, state in zip(names, states, strict=True) if state is None},
        ruled=frozenset(key for key, ruled in zip(names, is_ruled, strict=True) if ruled),
        relinked=frozenset(relinked),
        touched_months=months,
        piece_of=dict(sorted(pieces_of)),  # the last piece of each subject
    )


def _asked(pieces: Iterable[RequestPiece]) -> pl.DataFrame:
    """The references of these pieces, each with its piece and the piece's kind."""
    frames = [
        pl.read_ipc(io.BytesIO(piece.body)).with_columns(
            piece_id=pl.lit(piece.id, pl.Int64), kind=pl.lit(piece.kind, pl.Int16)
        )
        for piece in pieces
    ]
    return pl.concat([pl.DataFrame(schema=_ASKED), *frames])


def _restated(pieces: Sequence[RequestPiece]) -> Facts:
    """The fact of each restated event; the last piece that restates one says which."""
    if not pieces:
        return no_facts()
    frames = [
        read_piece(piece.body).with_columns(piece_id=pl.lit(piece.id, pl.Int64)) for piece in pieces
    ]
    items = pl.concat(frames).unique(["key_hi", "key_lo"], keep="last", maintain_order=True)
    return facts_of_items(items, items["piece_id"].to_numpy())


def ask_again(cursor: Cursor[Any], entries: Iterable[Entry]) -> None:
    """Queue a request for each named act to be settled anew: what it shares has another holder."""
    named = [(entry.event_key, entry.subject_id, entry.month) for entry in entries]
    queue_references(cursor, PieceKind.NEIGHBOUR, _frame(named, None))


def hold(cursor: Cursor[Any], events: Iterable[tuple[bytes, int, int]]) -> None:
    """Queue a hold on events (event key, subject, month): they take part in nothing."""
    queue_references(cursor, PieceKind.HOLD, _frame(events, State.HELD))


def release(cursor: Cursor[Any], events: Iterable[tuple[bytes, int, int]]) -> None:
    """Queue the release of held events."""
    queue_references(cursor, PieceKind.HOLD, _frame(events, State.LIVE))


def lift(cursor: Cursor[Any], events: Iterable[tuple[bytes, int, int]]) -> None:
    """Queue that orders hold these events no more; what their revisions say of them stays."""
    queue_references(cursor, PieceKind.HOLD, _frame(events, LIFTED))


def restate(cursor: Cursor[Any], items: pl.DataFrame) -> None:
    """Queue that these facts (``pieces.ITEM``) stand for their events; holds on them stay."""
    if items.is_empty():
        return
    sharded = items.with_columns(shard=pl.Series(shards(items["subject_id"].to_numpy())))
    ordered = sharded.sort("shard", "subject_id", "started_us", "key_hi", "key_lo")
    parts = []
    for part in ordered.partition_by("shard", maintain_order=True):
        for own in person_by_person(part.drop("shard"), MAX_ITEMS):
            parts.append((int(part.item(0, "shard")), len(own), write_piece(own)))
    queue_pieces(cursor, PieceKind.RESTATE, parts, datetime.now(UTC))


def _frame(events: Iterable[tuple[bytes, int, int]], state: int | None) -> pl.DataFrame:
    rows = [
        (int.from_bytes(key[:8], "big"), int.from_bytes(key[8:], "big"), subject, month, state)
        for key, subject, month in events
    ]
    return pl.DataFrame(rows, REFERENCE, orient="row")


def references(rows: dict[str, NDArray[Any]]) -> pl.DataFrame:
    """Events (``EVENT`` as ``copy_out`` gives it) as requests name them: to be left as they are."""
    named = pl.DataFrame(
        {
            "key_hi": rows["event_key"][:, 0],
            "key_lo": rows["event_key"][:, 1],
            "subject_id": rows["subject_id"],
            "month": rows["month"],
            "state": None,
        },
        schema_overrides=REFERENCE,
    )
    return named.select(pl.col(name).cast(kind) for name, kind in REFERENCE.items())


def queue_references(
    cursor: Cursor[Any], kind: PieceKind, named: pl.DataFrame, at_most: int = MAX_ITEMS
) -> int:
    """Pieces of about so many items for the shards of the named subjects; how many pieces."""
    if named.is_empty():
        return 0
    sharded = named.with_columns(shard=pl.Series(shards(named["subject_id"].to_numpy())))
    ordered = sharded.sort("shard", "subject_id", "key_hi", "key_lo")
    parts = []
    for part in ordered.partition_by("shard", maintain_order=True):
        for items in person_by_person(part.drop("shard"), at_most):
            stream = io.BytesIO()
            items.write_ipc(stream, compression="zstd")
            parts.append((int(part.item(0, "shard")), len(items), stream.getvalue()))
    return len(queue_pieces(cursor, kind, parts, datetime.now(UTC)))


def person_by_person(named: pl.DataFrame, at_most: int) -> list[pl.DataFrame]:
    """Parts of fewer than so many items and one subject's more; nobody's items are parted.

    A subject is settled whole, so that a second part of hers would find its work done by the first,
    under another cause. ``named`` is in the order of subjects.
    """
    subjects = named["subject_id"].to_numpy()
    first = np.searchsorted(subjects, subjects)
    parts = named.with_columns(part=pl.Series(first // at_most))
    return parts.partition_by("part", maintain_order=True, include_key=False)
