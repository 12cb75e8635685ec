"""What is kept of whom a person belongs to, for her copy; and what ends when she is erased."""

from __future__ import annotations

from typing import Any, Final

import psycopg

from tanzhang.apps.people.exporting.sections import day_of, rows_of
from tanzhang.apps.people.privacy import Kept, register

_OWN: Final = "(select id from account where subject_id = %s)"

_MEMBERSHIPS: Final = {
    "account": "member_id",
    "group": "(select handle from account where id = parent_id)",
    "role": "role",
    "from_on": day_of("from_day"),
    "to_on": day_of("to_day"),
    "shows_share": "shows_share",
    "made_at": "made_at",
}
_INVITATIONS: Final = {
    "account": "made_by_id",
    "group": "(select handle from account where id = group_id)",
    "made_at": "made_at",
    "expires_at": "expires_at",
    "used_at": "used_at",
    "withdrawn_at": "withdrawn_at",
}

_STAYS: Final = {
    "zh": "家庭和团队的合计取决于谁在哪些日子属于它；记录只有编号和日期。",
    "en": "The totals of households and teams rest on who belonged on which days; the rows know"
    " numbers and days alone.",
}

#: Today where a day begins first, 14 hours before UTC: no day that is over comes to count less.
_TODAY: Final = "(now() at time zone 'utc' + interval '14 hours')::date - date '1970-01-01'"


def leave_everything(cursor: psycopg.Cursor[Any], subject_id: int) -> int:
    """End every membership of a person who is erased, from today on; how many there were."""
    cursor.execute(
        f"update membership set to_day = greatest(from_day, {_TODAY}), ended_at = now(),"
        f" ended_by = 'erasure' where to_day is null and member_id in {_OWN}",
        [subject_id],
    )
    return cursor.rowcount


SECTIONS: Final = (
    Kept(
        "memberships",
        rows_of("membership", _MEMBERSHIPS, order="id", whose=f"member_id in {_OWN}"),
        erase=leave_everything,
        why_kept=_STAYS,
        tables=("membership",),
    ),
    Kept(
        "invitations",
        rows_of("invitation", _INVITATIONS, order="id", whose=f"made_by_id in {_OWN}"),
        why_kept=_STAYS,
        tables=("invitation",),
    ),
)


def register_belonging() -> None:
    """Tell the register what this part keeps."""
    register(*SECTIONS)
