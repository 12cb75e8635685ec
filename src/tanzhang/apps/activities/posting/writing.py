"""Posted rows become rows of tables: outcomes, cuts, balances, lots and leaves."""

from __future__ import annotations

from typing import Any

import numpy as np
from psycopg import Cursor

from tanzhang.apps.activities.posting.rows import Rows
from tanzhang.apps.activities.proving.leaves import pseudonyms
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.apps.copying import Column, copy_in
from tanzhang.apps.people import api as people
from tanzhang.engine.log import Posted, leaves

_FACT_COLUMNS = {
    "subject_id": "int8",
    "started_us": "int8",
    "ended_us": "int8",
    "account_id": "int8",
    "piece_id": "int8",
    "month": "int4",
    "day": "int4",
    "revision": "int4",
    "pack_id": "int2",
    "scene_id": "int2",
    "partner_id": "int2",
    "programme_id": "int2",
    "grade": "int2",
    "state": "int2",
}
_OUTCOME_COLUMNS = {
    "gross_mg": "int8",
    "credited_mg": "int8",
    "points": "int4",
    "outcome_no": "int2",
    "status": "int2",
    "reason": "int2",
    "cause": "int2",
}


def write_outcomes(cursor: Cursor[Any], rows: Rows) -> None:
    """Append the outcomes and their cuts."""
    facts = rows.facts
    columns = {name: Column(kind, getattr(facts, name)) for name, kind in _FACT_COLUMNS.items()}
    columns |= {name: Column(kind, getattr(rows, name)) for name, kind in _OUTCOME_COLUMNS.items()}
    columns |= {
        f"q{slot + 1}": Column("int8", facts.inputs[:, slot], facts.given[:, slot])
        for slot in range(facts.inputs.shape[1])
    }
    columns["event_key"] = Column("uuid", facts.key)
    columns["item_key"] = Column("uuid", facts.item, np.any(facts.item != 0, axis=1))
    columns["lost_to"] = Column("uuid", rows.lost_to, np.any(rows.lost_to != 0, axis=1))
    version = rows.pack_version_id
    columns["pack_version_id"] = Column("int2", version, version > 0)
    days, years = rows.available_after_days, rows.expires_after_years
    columns["available_after_days"] = Column("int2", days, days > 0)
    columns["expires_after_years"] = Column("int2", years, years >= 0)
    columns["consent"] = Column("bool", facts.consent)
    copy_in(cursor, "activity", columns)
    if len(rows.cut_row):
        cut = rows.cut_row
        copy_in(
            cursor,
            "cut",
            {
                "subject_id": Column("int8", facts.subject_id[cut]),
                "mg": Column("int8", rows.cut_mg),
                "event_key": Column("uuid", facts.key[cut]),
                "month": Column("int4", facts.month[cut]),
                "limit_id": Column("int4", rows.cut_limit_id),
                "outcome_no": Column("int2", rows.outcome_no[cut]),
            },
        )


def leaves_by_piece(cursor: Cursor[Any], rows: Rows, rules: RulesInForce) -> dict[int, list[bytes]]:
    """The leaves of the rows, piece by piece, in the order of (event key, outcome number)."""
    facts = rows.facts
    order = np.lexsort(
        (facts.month, rows.outcome_no, facts.key[:, 1], facts.key[:, 0], facts.piece_id)
    )
    facts = facts.take(order)
    keys = people.person_keys(cursor, facts.subject_id)
    posted = Posted(
        event_key=facts.key,
        outcome_no=rows.outcome_no[order],
        account=pseudonyms(facts.account_id, keys),
        pack_digest=[rules.digests[number] for number in rows.pack_version_id[order].tolist()],
        status=rows.status[order],
        revision=facts.revision,
        started_us=facts.started_us,
        gross_mg=rows.gross_mg[order],
        posted_mg=rows.credited_mg[order],
        posted_points=rows.points[order],
        inputs=facts.inputs,
        given=facts.given,
    )
    made = leaves(posted, keys)
    by_piece: dict[int, list[bytes]] = {}
    for piece, leaf in zip(facts.piece_id.tolist(), made, strict=True):
        by_piece.setdefault(piece, []).append(leaf)
    return by_piece
