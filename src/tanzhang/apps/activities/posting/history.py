"""What is stored of some subjects: their current facts, outcomes and cuts, month by month."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray
from psycopg import Cursor, sql

from tanzhang.apps.activities.models import Cause
from tanzhang.apps.activities.posting.facts import NOT_GIVEN, Facts, Halves
from tanzhang.apps.copying import array_literal, copy_out
from tanzhang.apps.database import uuid_array
from tanzhang.apps.people import api as people
from tanzhang.engine.rules import INPUT_SLOTS, Ints

_NO_KEY = "'00000000-0000-0000-0000-000000000000'::uuid"

#: Column -> (type, expression without nulls).
_COLUMNS: dict[str, tuple[str, str]] = {
    "key": ("uuid", "event_key"),
    "item": ("uuid", f"coalesce(item_key, {_NO_KEY})"),
    "lost_to": ("uuid", f"coalesce(lost_to, {_NO_KEY})"),
    "pack_version_id": ("int2", "coalesce(pack_version_id, 0::int2)"),
    "available_after_days": ("int2", "coalesce(available_after_days, 0::int2)"),
    "expires_after_years": ("int2", "coalesce(expires_after_years, (-1)::int2)"),
    "consent": ("bool", "consent"),
    **{
        name: ("int8", name)
        for name in (
            "subject_id",
            "account_id",
            "started_us",
            "ended_us",
            "piece_id",
            "gross_mg",
            "credited_mg",
        )
    },
    **{name: ("int4", name) for name in ("month", "day", "revision", "points")},
    **{
        name: ("int2", name)
        for name in (
            "outcome_no",
            "pack_id",
            "scene_id",
            "partner_id",
            "programme_id",
            "grade",
            "state",
            "status",
            "reason",
            "cause",
        )
    },
    **{
        f"q{slot}": ("int8", f"coalesce(q{slot}, {NOT_GIVEN})")
        for slot in range(1, INPUT_SLOTS + 1)
    },
}


@dataclass(frozen=True, slots=True)
class Stored:
    """Current facts with the outcome last posted for each; amounts are sums over all outcomes.

    ``cuts`` says for each row what limits took, as a sorted tuple of (limit id, mg).
    """

    facts: Facts
    outcome_no: Ints
    gross_mg: Ints
    credited_mg: Ints
    points: Ints
    status: Ints
    reason: Ints
    pack_version_id: Ints
    available_after_days: Ints
    expires_after_years: Ints
    lost_to: Halves
    closed: NDArray[np.bool_]  #: the fact has moved to another month
    cuts: list[tuple[tuple[int, int], ...]]

    def __len__(self) -> int:
        return len(self.facts)

    def open_rows(self) -> Stored:
        """Without the facts that have moved away."""
        rows = np.flatnonzero(~self.closed)
        kept = {f.name: getattr(self, f.name)[rows] for f in fields(self) if f.name in _ARRAYS}
        return Stored(
            facts=self.facts.take(rows), cuts=[self.cuts[row] for row in rows.tolist()], **kept
        )


_ARRAYS = (
    "outcome_no",
    "gross_mg",
    "credited_mg",
    "points",
    "status",
    "reason",
    "pack_version_id",
    "available_after_days",
    "expires_after_years",
    "lost_to",
    "closed",
)


def read_stored(cursor: Cursor[Any], subjects: Ints | None, months: Iterable[int]) -> Stored:
    """Everything stored of these subjects (None: of all) in these months (YYYYMM).

    Facts that moved away are included, marked ``closed``.
    """
    parts = [_read_month(cursor, subjects, month) for month in sorted(months)]
    columns = {
        name: np.concatenate([_nothing(kind), *(part[name] for part in parts)])
        for name, (kind, _) in _COLUMNS.items()
    }
    order = np.lexsort(
        (
            columns["outcome_no"],
            columns["key"][:, 1],
            columns["key"][:, 0],
            columns["month"],
            columns["subject_id"],
        )
    )
    columns = {name: column[order] for name, column in columns.items()}
    first = columns["outcome_no"] == 0
    last = np.append(first[1:], True)[: len(first)]
    begins = np.flatnonzero(first)
    if len(begins):
        sums = {name: np.add.reduceat(columns[name], begins) for name in ("credited_mg", "points")}
    else:
        sums = {name: np.empty(0, np.int64) for name in ("credited_mg", "points")}
    current = {name: column[last] for name, column in columns.items()} | sums
    return _stored(cursor, current, _read_cuts(cursor, subjects, months))


def _nothing(kind: str) -> NDArray[Any]:
    """No values of a column, of the type that ``copy_out`` gives."""
    if kind == "uuid":
        return np.empty((0, 2), np.uint64)
    return np.empty(0, np.bool_ if kind == "bool" else np.int64)


def _stored(
    cursor: Cursor[Any],
    current: dict[str, NDArray[Any]],
    cuts: dict[tuple[int, ...], list[tuple[int, int]]],
) -> Stored:
    inputs = np.column_stack([current[f"q{slot}"] for slot in range(1, INPUT_SLOTS + 1)])
    joined = people.joined_days(cursor, current["account_id"])
    given = inputs != NOT_GIVEN
    own = {f.name: current[f.name] for f in fields(Facts) if f.name in current}
    facts = Facts(**own, inputs=np.where(given, inputs, 0), given=given, joined_day=joined)
    taken: list[tuple[tuple[int, int], ...]] = [()] * len(facts)
    cut_subjects = np.unique(np.array([name[0] for name in cuts], np.int64))
    rows = np.flatnonzero(np.isin(facts.subject_id, cut_subjects))
    names = zip(
        facts.subject_id[rows].tolist(),
        facts.month[rows].tolist(),
        facts.key[rows, 0].tolist(),
        facts.key[rows, 1].tolist(),
        current["outcome_no"][rows].tolist(),
        strict=True,
    )
    for row, name in zip(rows.tolist(), names, strict=True):
        taken[row] = tuple(sorted(cuts.get(name, ())))
    return Stored(
        facts=facts,
        outcome_no=current["outcome_no"],
        gross_mg=current["gross_mg"],
        credited_mg=current["credited_mg"],
        points=current["points"],
        status=current["status"],
        reason=current["reason"],
        pack_version_id=current["pack_version_id"],
        available_after_days=current["available_after_days"],
        expires_after_years=current["expires_after_years"],
        lost_to=current["lost_to"],
        closed=current["cause"] == Cause.MOVED,
        cuts=taken,
    )


def _read_month(cursor: Cursor[Any], subjects: Ints | None, month: int) -> dict[str, NDArray[Any]]:
    expressions = sql.SQL(", ").join(sql.SQL(expression) for _, expression in _COLUMNS.values())
    query = sql.SQL("select {} from activity where month = {}").format(
        expressions, sql.Literal(month)
    )
    query += _of_subjects(subjects)
    return copy_out(cursor, query, {name: kind for name, (kind, _) in _COLUMNS.items()})


def _read_cuts(
    cursor: Cursor[Any], subjects: Ints | None, months: Iterable[int]
) -> dict[tuple[int, ...], list[tuple[int, int]]]:
    """Cuts by (subject, month, key halves, outcome number)."""
    found: dict[tuple[int, ...], list[tuple[int, int]]] = {}
    kinds = {
        "subject_id": "int8",
        "mg": "int8",
        "event_key": "uuid",
        "month": "int4",
        "limit_id": "int4",
        "outcome_no": "int2",
    }
    for wanted in sorted(months):
        query = sql.SQL("select {} from cut where month = {}").format(
            sql.SQL(", ").join(map(sql.Identifier, kinds)), sql.Literal(wanted)
        )
        query += _of_subjects(subjects)
        rows = copy_out(cursor, query, kinds)
        for subject, mg, key, month, limit_id, number in zip(
            *(rows[name].tolist() for name in kinds), strict=True
        ):
            found.setdefault((subject, month, *key, number), []).append((limit_id, mg))
    return found


def _of_subjects(subjects: Ints | None) -> sql.Composed:
    if subjects is None:
        return sql.Composed([])
    return sql.SQL(" and subject_id = any({})").format(array_literal(subjects, "bigint"))


def months_of_events(cursor: Cursor[Any], keys: Halves) -> set[int]:
    """The months in which any accepted revision of these events lies."""
    if len(keys) == 0:
        return set()
    cursor.execute(
        "select distinct month from event_identity where event_key = any(%s)",
        [uuid_array(keys[:, 0], keys[:, 1])],
    )
    return {row[0] for row in cursor.fetchall()}
