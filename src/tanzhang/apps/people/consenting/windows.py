"""When consent holds: what the door asks each time, and whoever else needs to know.

A consent ends when it is withdrawn; when a later version of its text changed what is done, from the
instant at which that version was recorded; and when its giver turns 14.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl
import psycopg

from tanzhang.apps.database import int8_array
from tanzhang.apps.people.consenting.purposes import COLLECT, purposes

#: A source's batches wait for each other, and who withdraws waits for the one that is at the door.
#: The number keeps this lock apart from others.
_LOCK: Final = 0x646F6F72

#: When a row of ``consent`` ends though nobody withdrew it; null for never.
ENDS: Final = (
    "least(outdated.outdated_us,"
    " case when consent.from_us < child.fourteen_us then child.fourteen_us end)"
)

#: What ``ENDS`` reads, beside ``consent``.
LAPSING: Final = (
    "left join consent_text_end as outdated on outdated.text_id = consent.text_id"
    " left join child on child.account_id = consent.account_id"
)

_WINDOWS: Final = f"""
select consent.account_id, from_us, least(to_us, {ENDS}), purpose, kinds, child.fourteen_us
from consent
{LAPSING}
where consent.account_id = any(%s) and (partner_id = %s or partner_id is null)
    and purpose = any(%s)
"""

_SCHEMA: Final[Mapping[str, pl.DataType | type[pl.DataType]]] = {
    "account_id": pl.Int64,
    "from_us": pl.Int64,
    "to_us": pl.Int64,
    "purpose": pl.String,
    "kinds": pl.List(pl.String),
    "fourteen_us": pl.Int64,
}


def now_us() -> int:
    """The present instant, in microseconds UTC."""
    return time.time_ns() // 1_000


def lock_source(cursor: psycopg.Cursor[Any], partner_id: int) -> int:
    """Wait until no batch of the partner is at the door, and keep it to the transaction's end.

    The instant at which the wait was over, by the database's clock, which is one for whoever waits
    here: who comes through later has a later instant.
    """
    cursor.execute(
        "select (extract(epoch from clock_timestamp()) * 1000000)::bigint"
        " from pg_advisory_xact_lock(%s, %s)",
        [_LOCK, partner_id],
    )
    return int(cursor.fetchall()[0][0])


def consent_windows(
    cursor: psycopg.Cursor[Any],
    partner_id: int,
    account_ids: pl.Series,
    wanted: Sequence[str] = (COLLECT,),
) -> pl.DataFrame:
    """The spans [from_us, to_us) in which these accounts' consents to one partner hold.

    ``to_us`` is null while nothing ends it; ``kinds`` are the sensitive data that it is about, and
    ``fourteen_us`` is null for whoever was no child when she joined.
    """
    values = [int8_array(account_ids.to_numpy()), partner_id, list(wanted)]
    cursor.execute(_WINDOWS, values)
    return pl.DataFrame(cursor.fetchall(), _SCHEMA, orient="row")


def consent_live(
    cursor: psycopg.Cursor[Any],
    account_id: int,
    partner_id: int | None,
    purpose: str,
    at_us: int,
    *,
    kind: str | None = None,
) -> bool:
    """Whether consent for a purpose holds at an instant; for sensitive data of one ``kind``.

    For a purpose that is not asked by source ``partner_id`` says nothing.
    """
    source = partner_id if purposes()[purpose].per == "source" else None
    cursor.execute(
        f"select exists ({_WINDOWS} and partner_id is not distinct from %s and from_us <= %s"
        f" and %s < coalesce(least(to_us, {ENDS}), %s) and (%s::text is null or %s = any(kinds)))",
        [[account_id], source, [purpose], source, at_us, at_us, 2**63 - 1, kind, kind],
    )
    return bool(cursor.fetchall()[0][0])
