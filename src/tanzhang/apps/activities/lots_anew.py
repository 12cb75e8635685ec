"""Lots derived anew: each act's points in the lot that its last outcome names, and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from psycopg import Cursor, sql

from tanzhang.apps.activities.posting.lots import lot_days
from tanzhang.apps.activities.scan import Events
from tanzhang.apps.copying import copy_out
from tanzhang.engine.rules import Ints

_LOT: Final = {
    "subject_id": "int8",
    "account_id": "int8",
    "available_from": "int4",
    "expires_on": "int4",
    "points": "int8",
}

#: One lot a row: subject, account, available from, expires on, points.
_STORED: Final = sql.SQL("select {} from points_lot where points <> 0").format(
    sql.SQL(", ").join(map(sql.Identifier, _LOT))
)


@dataclass
class LotsAnew:
    """What the lots should hold, from the outcomes seen so far."""

    _lots: list[Ints] = field(default_factory=lambda: [np.empty((0, len(_LOT)), np.int64)])

    def add(self, events: Events) -> None:
        """Put the points of some events into their lots."""
        earning = np.flatnonzero(events.points)
        own = {name: events.column(name)[earning] for name in ("subject_id", "account_id", "day")}
        lot = lot_days(
            own["day"],
            events.column("available_after_days")[earning],
            events.column("expires_after_years")[earning],
        )
        columns = (own["subject_id"], own["account_id"], *lot, events.points[earning])
        self._lots.append(_summed(np.column_stack(columns)))

    def compare(self, cursor: Cursor[Any], shown: int) -> tuple[list[str], int]:
        """Lots that hold something else: descriptions of some, and how many."""
        stored = np.column_stack([*copy_out(cursor, _STORED, _LOT).values()])
        lacking = stored * np.array([1, 1, 1, 1, -1])
        wrong = _summed(np.concatenate([*self._lots, lacking]))
        texts = [
            f"account {account}: {abs(points)} points too {'few' if points > 0 else 'many'}"
            f" in the lot from day {first} to day {end}"
            for _, account, first, end, points in wrong[:shown].tolist()
        ]
        return texts, len(wrong)


def _summed(lots: Ints) -> Ints:
    """Each lot once, with all its points; none without points."""
    places, lot = np.unique(lots[:, :4], axis=0, return_inverse=True)
    points = np.zeros(len(places), np.int64)
    np.add.at(points, lot.reshape(-1), lots[:, 4])
    kept: Ints = np.column_stack([places, points])[points != 0]
    return kept
