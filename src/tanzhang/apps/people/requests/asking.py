"""Asking for something by right, and handling it step by step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

import psycopg

from tanzhang.apps.people.requests.clock import due_after_days
from tanzhang.apps.people.requests.models import ENDED, RequestKind, RequestState
from tanzhang.apps.people.selectors import AccountEntry
from tanzhang.apps.people.vault import api as vault
from tanzhang.problems import Problem

Cursor = psycopg.Cursor[Any]

#: Who made a step, when it was the person herself.
HERSELF: Final = "citizen"

MOST_LETTERS: Final = 2_000

_REQUESTS: Final = """
select r.id, r.subject_id, r.account_id, a.handle, r.kind, r.made_at, r.due_on, r.made_by, r.words,
       coalesce(s.state, 'open'), s.at
from rights_request r join account a on a.id = r.account_id
left join lateral (
    select state, at from rights_step where request_id = r.id order by id desc limit 1) s on true
where {whose} order by {order}
"""


@dataclass(frozen=True, slots=True)
class RequestEntry:
    """A request as it stands. ``words`` is None where the person's key is gone."""

    id: int
    subject_id: int
    account_id: int
    handle: str
    kind: RequestKind
    made_at: datetime
    due_on: date
    made_by: str
    words: str | None
    state: RequestState
    changed_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.state not in ENDED


@dataclass(frozen=True, slots=True)
class StepEntry:
    """One step of a request's handling."""

    at: datetime
    state: RequestState
    made_by: str
    words: str | None


def make_request(
    cursor: Cursor,
    account: AccountEntry,
    kind: RequestKind,
    words: str = "",
    *,
    by: str = HERSELF,
    at: datetime | None = None,
) -> int:
    """Write a request down; its number. Raises ``rights.words_too_long``, ``rights.asked_already``.

    One request of a kind can be open at a time: asking again is not asking for more.
    """
    moment, text = at or datetime.now(UTC), _text(words)
    _lock(cursor, "rights", account.subject_id)
    for known in requests_of(cursor, account.subject_id):
        if known.kind is kind and known.is_open and kind is not RequestKind.OTHER:
            raise Problem("rights.asked_already", number=known.id)
    due_on = due_after_days(moment)
    cursor.execute("select nextval(pg_get_serial_sequence('rights_request', 'id'))")
    number = int(cursor.fetchall()[0][0])
    sealed = vault.seal(cursor, account.subject_id, _label(number), text.encode()) if text else None
    cursor.execute(
        "insert into rights_request"
        " (id, subject_id, account_id, made_at, due_on, kind, made_by, words)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s)",
        [number, account.subject_id, account.id, moment, due_on, kind.value, by, sealed],
    )
    return number


def take_step(
    cursor: Cursor,
    number: int,
    state: RequestState,
    *,
    by: str,
    words: str = "",
    at: datetime | None = None,
) -> None:
    """Note how far a request has come, and what the person is told about it.

    Raises ``rights.request_unknown``, ``rights.request_ended``, ``rights.answer_missing`` (an end
    without a word) and ``rights.words_too_long``.
    """
    text = _text(words)
    _lock(cursor, "request", number)
    found = request_numbered(cursor, number)
    if not found.is_open:
        raise Problem("rights.request_ended", number=number)
    if state in (RequestState.DONE, RequestState.REFUSED) and not text:
        raise Problem("rights.answer_missing", number=number)
    cursor.execute("select nextval(pg_get_serial_sequence('rights_step', 'id'))")
    step = int(cursor.fetchall()[0][0])
    sealed = _sealed(cursor, found.subject_id, _step_label(step), text)
    cursor.execute(
        "insert into rights_step (id, request_id, at, state, made_by, words)"
        " values (%s, %s, %s, %s, %s, %s)",
        [step, number, at or datetime.now(UTC), state.value, by, sealed],
    )


def requests_of(cursor: Cursor, subject_id: int) -> list[RequestEntry]:
    """What a person asked for, the latest first."""
    cursor.execute(_REQUESTS.format(whose="r.subject_id = %s", order="r.id desc"), [subject_id])
    return _entries(cursor)


def open_requests(cursor: Cursor) -> list[RequestEntry]:
    """What is to be answered, the most urgent first."""
    ended = [state.value for state in ENDED]
    query = _REQUESTS.format(whose="s.state is null or s.state <> all(%s)", order="r.due_on, r.id")
    cursor.execute(query, [ended])
    return _entries(cursor)


def request_numbered(cursor: Cursor, number: int) -> RequestEntry:
    """One request. Raises ``rights.request_unknown``."""
    cursor.execute(_REQUESTS.format(whose="r.id = %s", order="r.id"), [number])
    found = _entries(cursor)
    if not found:
        raise Problem("rights.request_unknown", number=number)
    return found[0]


def steps_of(cursor: Cursor, request: RequestEntry) -> list[StepEntry]:
    """How a request was handled, the first step first."""
    cursor.execute(
        "select id, at, state, made_by, words from rights_step where request_id = %s order by id",
        [request.id],
    )
    return [
        StepEntry(
            at,
            RequestState(state),
            by,
            read_words(cursor, request.subject_id, _step_label(number), sealed),
        )
        for number, at, state, by, sealed in cursor.fetchall()
    ]


def read_words(cursor: Cursor, subject_id: int, label: str, sealed: bytes | None) -> str | None:
    """What somebody wrote; None where nothing was, or where the person's key is gone."""
    if sealed is None:
        return None
    try:
        return vault.unseal(cursor, subject_id, label, bytes(sealed)).decode()
    except Problem as problem:
        if problem.code != "personal.key_destroyed":
            raise
        return None


def _sealed(cursor: Cursor, subject_id: int, label: str, text: str) -> bytes | None:
    """Words under the person's key; nothing of them is kept once she is erased."""
    if not text:
        return None
    try:
        return vault.seal(cursor, subject_id, label, text.encode())
    except Problem as problem:
        if problem.code != "personal.key_destroyed":
            raise
        return None


def _entries(cursor: Cursor) -> list[RequestEntry]:
    rows: Sequence[tuple[Any, ...]] = cursor.fetchall()
    entries = []
    for number, subject, account, handle, kind, made_at, due_on, by, sealed, state, at in rows:
        words = read_words(cursor, subject, _label(number), sealed)
        head = (number, subject, account, handle, RequestKind(kind), made_at, due_on, by)
        entries.append(RequestEntry(*head, words, RequestState(state), at))
    return entries


def _lock(cursor: Cursor, what: str, number: int) -> None:
    """One at a time until the transaction ends."""
    cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, %s))", [what, number])


def _text(words: str) -> str:
    text = words.strip()
    if len(text) > MOST_LETTERS:
        raise Problem("rights.words_too_long", most=MOST_LETTERS)
    return text


def _label(number: int) -> str:
    return f"request|{number}"


def _step_label(number: int) -> str:
    return f"request-step|{number}"
