"""One Idempotency-Key is one request: done once, and answered alike for seven days.

The life of a key: ``begin`` it, do the work, ``finish`` it with the answer. Whoever begins it again
meanwhile is told to wait; whoever begins it later gets the stored answer. Work that died on the way
may be taken over after ``TAKEN_OVER_AFTER``. If the first worker was only slow, both do the work
(the door knows each event, so nothing counts twice), but the key is no longer the first one's: it
can neither keep an answer nor give the key up, and gives the other's answer or says to wait.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection
from django.utils import timezone

from tanzhang.apps.partners.commits import lazy_transaction
from tanzhang.problems import Problem

KEPT: Final = timedelta(days=7)
TAKEN_OVER_AFTER: Final = timedelta(seconds=60)

BEGIN: Final = """
insert into idempotency as known (partner_id, key, digest, started_at) values (%s, %s, %s, %s)
on conflict (partner_id, key) do update set started_at = excluded.started_at
    where known.finished_at is null and known.digest = excluded.digest and known.started_at < %s
returning true
"""

FINISH: Final = """
update idempotency set finished_at = %s, status = %s, content_type = %s, body = %s
where partner_id = %s and key = %s and finished_at is null and started_at = %s
"""

GIVE_UP: Final = """
delete from idempotency
where partner_id = %s and key = %s and finished_at is null and started_at = %s
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: it is signed anew each time that it is given."""

    status: int
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose work a key is now: ``started_at`` tells this worker from whoever takes over."""

    partner_id: int
    key: str
    digest: bytes
    started_at: datetime


def begin(partner_id: int, key: str, digest: bytes, at: datetime | None = None) -> Answer | Turn:
    """The stored answer to give again, or the turn of the caller, whose work it now is.

    ``digest`` is SM3 of all that was asked for: method, path, query, content type and body. Raises
    ``partners.idempotency_mismatch`` if the key asked for something else before, and
    ``partners.idempotency_in_progress``.
    """
    now = at or timezone.now()
    # A beginning that a power cut forgets leaves the request to be done anew, as it should be.
    with lazy_transaction() as cursor:
        cursor.execute(BEGIN, [partner_id, key, digest, now, now - TAKEN_OVER_AFTER])
        if cursor.fetchone() is not None:
            return Turn(partner_id, key, digest, now)
        cursor.execute(
            "select digest, status, content_type, body from idempotency"
            " where partner_id = %s and key = %s",
            [partner_id, key],
        )
        known = cursor.fetchone()
    if known is not None and bytes(known[0]) != digest:
        raise Problem("partners.idempotency_mismatch", key=key)
    if known is None or known[1] is None:  # given up between the two looks, or not finished yet
        raise Problem("partners.idempotency_in_progress", key=key)
    return Answer(known[1], known[2], bytes(known[3]))


def finish(turn: Turn, answer: Answer, at: datetime | None = None) -> Answer:
    """Keep the answer, and return the one to give: the one that is kept for this key.

    Raises ``partners.idempotency_in_progress`` if the key was taken over and has no answer yet.
    """
    now = at or timezone.now()
    with connection.cursor() as cursor:
        kept = (now, answer.status, answer.content_type, answer.body)
        cursor.execute(FINISH, (*kept, turn.partner_id, turn.key, turn.started_at))
        if cursor.rowcount:
            return answer
        cursor.execute(
            "select status, content_type, body from idempotency"
            " where partner_id = %s and key = %s and digest = %s and finished_at is not null",
            [turn.partner_id, turn.key, turn.digest],
        )
        first = cursor.fetchone()
    if first is None:
        raise Problem("partners.idempotency_in_progress", key=turn.key)
    return Answer(first[0], first[1], bytes(first[2]))


def give_up(turn: Turn) -> None:
    """Forget a key whose work was not done, so that it may be tried again at once.

    Nothing happens if somebody else has taken it over.
    """
    with connection.cursor() as cursor:
        cursor.execute(GIVE_UP, [turn.partner_id, turn.key, turn.started_at])
