"""Every kind of thing that ages, with what counts and removes it; terms are in the people's room.

One list, so that whoever asks how long something is kept finds all of it in one place.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import psycopg
from django.contrib.sessions.backends.db import SessionStore

from tanzhang.apps.people.api import ages, called, counted, deleted
from tanzhang.config import copies
from tanzhang.stored_time import day_number


def register() -> None:
    """Tell the people's room of everything that ages."""
    ages(
        "raw_bodies",
        count=counted("batch_body", "received_at"),
        remove=called("forget_batch_bodies(%s)"),
    )
    ages("partner_calls", count=counted("partner_call", "at"), remove=called("forget_calls(%s)"))
    ages("console_log_ins", count=_log_ins, remove=_forget_log_ins)
    ages("readings", count=counted("access_log", "at"), remove=called("forget_accesses()"))
    ages("signals", count=_old_signals, remove=called("forget_signals()"))
    ages("nonces", count=counted("used_nonce", "expires_at"), remove=called("forget_nonces()"))
    ages(
        "answers",
        count=counted("idempotency", "started_at"),
        remove=deleted("idempotency", "started_at"),
    )
    ages(
        "codes",
        count=counted("one_time_code", "made_at"),
        remove=deleted("one_time_code", "made_at"),
    )
    ages("copies", count=copies.count_old, remove=copies.remove_old)
    ages("sessions", count=counted("django_session", "expire_date"), remove=_forget_sessions)


def _log_ins(cursor: psycopg.Cursor[Any], before: datetime) -> int:
    return sum(
        counted(table, "attempt_time")(cursor, before)
        for table in ("axes_accessattempt", "axes_accesslog")
    )


def _forget_log_ins(cursor: psycopg.Cursor[Any], before: datetime) -> int:
    return sum(
        deleted(table, "attempt_time")(cursor, before)
        for table in ("axes_accessattempt", "axes_accesslog")
    )


def _old_signals(cursor: psycopg.Cursor[Any], before: datetime) -> int:
    day = day_number(before.date())
    cursor.execute("select count(*) from act_signal where day < %s", [day])
    return int(cursor.fetchall()[0][0])


def _forget_sessions(cursor: psycopg.Cursor[Any], before: datetime) -> int:
    count = counted("django_session", "expire_date")(cursor, before)
    SessionStore.clear_expired()
    return count
