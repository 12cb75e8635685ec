"""Acts that were accepted and not settled yet, read from the pieces that wait.

A worker usually takes a piece within a tenth of a second, so that there is nothing to read. Behind
a large import there may be millions of acts: then only the oldest pieces are looked into, and the
answer says that it is not the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import polars as pl
import psycopg

from tanzhang.apps.activities.models import PieceKind
from tanzhang.apps.activities.naming import Naming
from tanzhang.apps.activities.pieces import read_piece
from tanzhang.apps.database import uuid_bytes
from tanzhang.apps.distribution import shards
from tanzhang.apps.people.api import AccountEntry

#: So many items are looked through for one page.
LOOKED_THROUGH: Final = 20_000

_WAITING: Final = """
select body, items > %(most)s from (
    select piece.id, body, item_count, sum(item_count) over (order by piece.id) as items
    from piece_queue queued join piece on piece.id = queued.piece_id
    where queued.shard = %(shard)s and kind = %(report)s
) waiting where items - item_count < %(most)s order by id
"""


@dataclass(frozen=True, slots=True)
class WaitingAct:
    """An accepted act without an outcome yet."""

    event: str
    scene: str
    scene_title: str
    partner_title: str
    day: date
    started_us: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """An account's waiting acts; ``is_whole`` is false if there were too many pieces to read."""

    acts: Sequence[WaitingAct]
    is_whole: bool


def waiting_items(
    cursor: psycopg.Cursor[Any], account: AccountEntry
) -> tuple[list[pl.DataFrame], bool]:
    """The account's items in the pieces that wait in its shard, and whether those are all."""
    shard = int(shards(np.array([account.subject_id], np.int64))[0])
    given = {"shard": shard, "report": int(PieceKind.REPORT), "most": LOOKED_THROUGH}
    cursor.execute(_WAITING, given, binary=True)
    rows = cursor.fetchall()
    own = pl.col("account_id") == account.id
    found = [read_piece(bytes(body)).filter(own) for body, _ in rows]
    return [items for items in found if len(items)], not any(row[1] for row in rows)


def waiting(cursor: psycopg.Cursor[Any], account: AccountEntry, names: Naming) -> Waiting:
    """The account's waiting acts, the latest first; an act with its corrections is one."""
    frames, is_whole = waiting_items(cursor, account)
    newest: dict[str, tuple[int, WaitingAct]] = {}
    for items in frames:
        for revision, act in zip(items["revision"].to_list(), _acts(items, names), strict=True):
            if act.event not in newest or revision > newest[act.event][0]:
                newest[act.event] = revision, act
    acts = [act for _, act in newest.values()]
    return Waiting(sorted(acts, key=lambda act: act.started_us, reverse=True), is_whole)


def _acts(items: pl.DataFrame, names: Naming) -> list[WaitingAct]:
    keys = uuid_bytes(items["key_hi"].to_numpy(), items["key_lo"].to_numpy())
    columns = items.select("scene_id", "partner_id", "started_us").iter_rows()
    return [
        WaitingAct(
            event=bytes(key).hex(),
            scene=names.scenes[scene][0],
            scene_title=names.scenes[scene][1],
            partner_title=names.partners[partner][1],
            day=names.day(started_us),
            started_us=started_us,
        )
        for key, (scene, partner, started_us) in zip(keys, columns, strict=True)
    ]
