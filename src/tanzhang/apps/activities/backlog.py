"""Reads over pieces: what waits, how fast the workers are, and what became of each piece."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from tanzhang.apps.activities.models import PieceKind
from tanzhang.apps.database import bulk_transaction

#: So many of the latest settled pieces say how fast the workers are.
PACE_PIECES: Final = 200

_WAITING = """
select q.shard, count(*), sum(piece.item_count)::bigint, min(piece.received_at)
from piece_queue q join piece on piece.id = q.piece_id
group by q.shard order by q.shard
"""

# Along the primary key from the end: as fast with ten million acts as with ten.
_PACE = """
select count(*), coalesce(sum(s.item_count), 0)::bigint, coalesce(sum(s.fast_count), 0)::bigint,
       percentile_disc(0.5) within group (order by s.settled_at - piece.received_at),
       percentile_disc(0.95) within group (order by s.settled_at - piece.received_at),
       max(s.settled_at)
from (select * from piece_settlement order by piece_id desc limit %s) s
join piece on piece.id = s.piece_id
"""

_PIECES = """
select piece.id, piece.received_at, piece.kind, partner.code, piece.shard, piece.item_count,
       s.settled_at, s.fast_count, s.outcome_count, log_entry.position,
       encode(s.leaf_root, 'hex'), encode(piece.digest, 'hex')
from piece
left join partner on partner.id = piece.partner_id
left join piece_settlement s on s.piece_id = piece.id
left join log_entry on log_entry.piece_id = piece.id
"""


@dataclass(frozen=True, slots=True)
class ShardLoad:
    """What waits in one shard."""

    shard: int
    pieces: int
    items: int
    oldest_at: datetime


@dataclass(frozen=True, slots=True)
class Pace:
    """How the latest pieces were settled; durations in seconds from acceptance to settlement."""

    pieces: int
    items: int
    fast_items: int
    median_s: float
    slowest_s: float  #: the 95th percentile
    last_at: datetime | None

    @property
    def fast_permille(self) -> int | None:
        """Of a thousand acts so many needed no history; None if nothing was settled."""
        return self.fast_items * 1000 // self.items if self.items else None


@dataclass(frozen=True, slots=True)
class PieceLine:
    """A piece, and what settling it did; None where it still waits."""

    id: int
    received_at: datetime
    kind: str
    partner: str | None
    shard: int
    item_count: int
    settled_at: datetime | None
    fast_count: int | None
    outcome_count: int | None
    position: int | None
    leaf_root: str | None
    digest: str


def waiting_by_shard() -> list[ShardLoad]:
    """Every shard that has pieces waiting."""
    with bulk_transaction() as cursor:
        cursor.execute(_WAITING)
        return [ShardLoad(*row) for row in cursor.fetchall()]


def pace(pieces: int = PACE_PIECES) -> Pace:
    """How the latest settled pieces were settled."""
    with bulk_transaction() as cursor:
        cursor.execute(_PACE, [pieces])
        count, items, fast, median, slowest, last = cursor.fetchone() or (0, 0, 0, None, None, None)
    seconds = [0.0 if span is None else span.total_seconds() for span in (median, slowest)]
    return Pace(count, items, fast, seconds[0], seconds[1], last)


def piece(number: int) -> PieceLine | None:
    """One piece by its number."""
    found = _read(_PIECES + "where piece.id = %s", [number])
    return found[0] if found else None


def pieces(numbers: Sequence[int]) -> dict[int, PieceLine]:
    """Pieces by their numbers."""
    found = _read(_PIECES + "where piece.id = any(%s)", [list(numbers)])
    return {line.id: line for line in found}


def waiting_pieces(count: int) -> list[PieceLine]:
    """The pieces that wait longest."""
    oldest = "where piece.id in (select piece_id from piece_queue order by piece_id limit %s)"
    return _read(_PIECES + oldest + " order by piece.id", [count])


def latest_pieces(
    count: int, before: int | None = None, shard: int | None = None, partner_id: int | None = None
) -> list[PieceLine]:
    """The latest pieces (before one of them; of one shard or partner), the youngest first."""
    conditions: dict[str, int] = {}
    if before is not None:
        conditions["piece.id < %s"] = before
    if shard is not None:
        conditions["piece.shard = %s"] = shard
    if partner_id is not None:
        conditions["piece.partner_id = %s"] = partner_id
    where = f"where {' and '.join(conditions)} " if conditions else ""
    query = f"{_PIECES}{where}order by piece.id desc limit %s"
    return _read(query, [*conditions.values(), count])


def _read(query: str, parameters: list[Any]) -> list[PieceLine]:
    with bulk_transaction() as cursor:
        cursor.execute(query.encode(), parameters)
        rows = cursor.fetchall()
    kinds = {int(kind): kind.name.lower() for kind in PieceKind}
    return [replace(PieceLine(*row), kind=kinds[row[2]]) for row in rows]
