"""Writing what judging found."""

from __future__ import annotations

import uuid
from typing import Any, Final

import numpy as np
import polars as pl
import psycopg

from tanzhang.apps.activities.authenticity.judging import Opinion
from tanzhang.apps.activities.authenticity.models import SLOTS
from tanzhang.apps.copying import Column, copy_in

_TYPES: Final = {
    **dict.fromkeys(("subject_id", "account_id", "started_us", "ended_us"), "int8"),
    **dict.fromkeys(("amount", "findings", "told", "device", *SLOTS), "int8"),
    **dict.fromkeys(("revision", "month", "day", "score", "age_days"), "int4"),
    **dict.fromkeys(("pack_id", "pack_version_id", "scene_id"), "int2"),
    **dict.fromkeys(("decider", "tier", "consequence"), "int2"),
}

_FINDINGS: Final = """
insert into quarantine (event_key, subject_id, account_id, month, pack_id, value, score,
    pack_version_id, consequence, source, rule)
select * from unnest(%s::uuid[], %s::bigint[], %s::bigint[], %s::integer[], %s::smallint[],
    %s::bigint[], %s::integer[], %s::smallint[], %s::smallint[], %s::text[], %s::text[])
on conflict do nothing
"""


def keep_opinion(cursor: psycopg.Cursor[Any], opinion: Opinion, partner_id: int) -> None:
    """Write the signals of judged acts, and which of them were put aside and why."""
    rows = opinion.signals.sort("subject_id", "key_hi", "key_lo")
    columns = {
        name: Column(
            kind,
            rows[name].fill_null(0).cast(pl.Int64).to_numpy(),
            rows[name].is_not_null().to_numpy() if rows[name].has_nulls() else None,
        )
        for name, kind in _TYPES.items()
    }
    columns["event_key"] = Column("uuid", rows.select("key_hi", "key_lo").to_numpy())
    columns["partner_id"] = Column("int2", np.full(len(rows), partner_id, np.int64))
    columns["withdrawn"] = Column("bool", rows["withdrawn"].to_numpy())
    copy_in(cursor, "act_signal", columns)
    keep_findings(cursor, opinion.findings)


def keep_findings(cursor: psycopg.Cursor[Any], findings: pl.DataFrame) -> None:
    """Write which events were put aside and why; what is known already is left as it is."""
    if findings.is_empty():
        return
    halves = findings.select("key_hi", "key_lo").iter_rows()
    keys = [uuid.UUID(int=hi << 64 | lo) for hi, lo in halves]
    names = ("subject_id", "account_id", "month", "pack_id", "value", "score", "pack_version_id")
    told = (findings[name].to_list() for name in (*names, "consequence", "source", "rule"))
    cursor.execute(_FINDINGS, [keys, *told])
