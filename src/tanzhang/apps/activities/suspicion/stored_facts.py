"""Events as the books have them: how each stands, and the whole fact of an earlier revision."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl
import psycopg

from tanzhang.apps.activities.models import Cause
from tanzhang.apps.activities.pieces import ITEM
from tanzhang.apps.activities.posting.facts import HOLD
from tanzhang.apps.people.api import joined_days

# An event lies in the months of its revisions; the one that it has moved away from is left out.
_STANDING: Final = """
with asked as (
    select distinct subject_id, month, event_key
    from event_identity where event_key = any(%s)
), summed as (
    select event_key, month, sum(credited_mg)::bigint as credited_mg,
           sum(points)::bigint as points, max(outcome_no) as outcome_no
    from activity join asked using (subject_id, month, event_key)
    group by event_key, month
)
select event_key, subject_id, last.account_id, month, last.state, summed.credited_mg, summed.points
from summed
join asked using (event_key, month)
join activity last using (subject_id, month, event_key, outcome_no)
where last.cause <> %s
"""

_NOTHING: Final = "'00000000-0000-0000-0000-000000000000'::uuid"

# The last row that was posted of a revision holds it whole.
_FACTS: Final = f"""
select distinct on (a.event_key) uuid_send(a.event_key), a.subject_id, a.account_id, a.revision,
    a.state & ~{HOLD}, a.pack_id, a.scene_id, a.partner_id, a.programme_id, a.started_us,
    a.ended_us, a.day, a.month, a.grade, uuid_send(coalesce(a.item_key, {_NOTHING})), a.q1, a.q2,
    a.q3, a.q4, a.consent
from unnest(%s::uuid[], %s::integer[]) as wanted (event_key, revision)
join event_identity i on i.event_key = wanted.event_key and i.revision = wanted.revision
join activity a on a.subject_id = i.subject_id and a.month = i.month
    and a.event_key = i.event_key and a.revision = i.revision and a.cause <> %s
order by a.event_key, a.piece_id desc, a.outcome_no desc
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """How an event stands: where, in which state (``posting.facts``), and what it is worth."""

    subject_id: int
    account_id: int
    month: int
    state: int
    reduction_mg: int
    points: int


def standings(cursor: psycopg.Cursor[Any], keys: list[uuid.UUID]) -> dict[uuid.UUID, Standing]:
    """How each of the events stands that has an outcome."""
    cursor.execute(_STANDING, [keys, int(Cause.MOVED)])
    return {key: Standing(*row) for key, *row in cursor.fetchall()}


def facts_of(cursor: psycopg.Cursor[Any], revisions: Mapping[uuid.UUID, int]) -> pl.DataFrame:
    """The facts (``pieces.ITEM``) of these revisions, as far as an outcome was posted for them."""
    cursor.execute(
        _FACTS, [list(revisions), list(revisions.values()), int(Cause.MOVED)], binary=True
    )
    rows = [_item(row) for row in cursor.fetchall()]
    accounts = np.array([row[3] for row in rows], np.int64)
    joined = joined_days(cursor, accounts).tolist()
    whole = [(*row, day) for row, day in zip(rows, joined, strict=True)]
    return pl.DataFrame(whole, ITEM, orient="row")


def _item(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A row with its two keys as unsigned halves, in the order of ``ITEM``."""
    key, *middle, item, q1, q2, q3, q4, consent = row
    return (*_halves(key), *middle, *_halves(item), q1, q2, q3, q4, consent)


def _halves(key: bytes) -> tuple[int, int]:
    return int.from_bytes(key[:8], "big"), int.from_bytes(key[8:], "big")
