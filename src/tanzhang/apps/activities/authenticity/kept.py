"""What judging an act keeps of a person, for her copy: signals, scores, doubts and decisions.

A picture is opened for her and written in base64, as JSON has no bytes.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any, Final

from tanzhang.apps.people.api import Cursor, Kept, plain, register, rows_of, vault
from tanzhang.problems import Problem

_HER_ACCOUNTS: Final = "account_id in (select id from account where subject_id = %s)"
_HER_EVENTS: Final = "event_key in (select event_key from quarantine where subject_id = %s)"


def photo_rows(cursor: Cursor, subject_id: int) -> Iterator[dict[str, Any]]:
    """Pictures that she handed in, as far as they are kept."""
    cursor.execute(
        "select account_id, scene_id, uploaded_at, picture from photo_evidence"
        " where subject_id = %s order by id",
        [subject_id],
    )
    for account, scene, uploaded_at, sealed in cursor.fetchall():
        yield {
            "account": account,
            "scene_id": scene,
            "uploaded_at": plain(uploaded_at),
            "picture_base64": _picture(cursor, subject_id, sealed),
        }


def _picture(cursor: Cursor, subject_id: int, sealed: bytes | None) -> str | None:
    """A picture in base64; None where it or the key to it is gone."""
    if sealed is None:
        return None
    try:
        content = vault.unseal(cursor, subject_id, "photo", bytes(sealed))
    except Problem as problem:
        if problem.code != "personal.key_destroyed":
            raise
        return None
    return base64.b64encode(content).decode()


SECTIONS: Final = (
    Kept(
        "signals_of_acts",
        rows_of(
            "act_signal",
            {
                "event": "event_key",
                "account": "account_id",
                "revision": "revision",
                "scene_id": "scene_id",
                "partner_id": "partner_id",
                "started_us": "started_us",
                "ended_us": "ended_us",
                "score": "score",
                "tier": "tier",
                "amount": "amount",
                "age_days": "age_days",
                "findings": "findings",
                "signals": f"array[{', '.join(f's{number}' for number in range(1, 13))}]",
            },
            order="started_us, event_key, revision",
        ),
        tables=("act_signal",),
    ),
    Kept(
        "doubts",
        rows_of(
            "quarantine",
            {
                "event": "event_key",
                "account": "account_id",
                "at": "at",
                "source": "source",
                "rule": "rule",
                "value": "value",
                "score": "score",
            },
            order="id",
        ),
        tables=("quarantine",),
    ),
    Kept(
        "decisions_on_doubts",
        rows_of(
            "quarantine_decision",
            {"event": "event_key", "at": "at", "decision": "decision", "decided_by": "decided_by"},
            whose=_HER_EVENTS,
            order="id",
        ),
        tables=("quarantine_decision",),
    ),
    Kept(
        "watched",
        rows_of(
            "watch",
            {"account": "account_id", "at": "at", "rule": "rule", "value": "value"},
            whose=_HER_ACCOUNTS,
            order="id",
        ),
        tables=("watch",),
    ),
    Kept(
        "sanctions",
        rows_of(
            "sanction",
            {"account": "account_id", "at": "at", "step": "step", "until": "until"},
            whose=_HER_ACCOUNTS,
            order="id",
        ),
        tables=("sanction",),
    ),
    Kept(
        "sampled_acts",
        rows_of(
            "audit_pick",
            {"event": "event_key", "account": "account_id", "picked_at": "picked_at"},
            order="picked_at, event_key",
        ),
        tables=("audit_pick",),
    ),
    Kept("photos", photo_rows, tables=("photo_evidence",)),
)


def register_judged() -> None:
    """Tell the register what judging acts keeps."""
    register(*SECTIONS)
