"""What must go with an erased person outside of the rooms: the sessions that are hers."""

from __future__ import annotations

import json
from typing import Any, Final

import psycopg
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from tanzhang.apps.people.api import accounts_of_subject, references_of, when_erased

#: Under this name a citizen's session holds the number of her account.
_ACCOUNT: Final = "account"


def register() -> None:
    """Tell the people's room to call us when somebody is erased."""
    when_erased("sessions", end_sessions)


def end_sessions(cursor: psycopg.Cursor[Any], subject_id: int) -> int:
    """End every session of a subject's accounts, and every one that holds a reference to her."""
    numbers = {account.id for account in accounts_of_subject(subject_id)}
    refs = {ref.hex() for own in references_of(cursor, subject_id).values() for ref in own}
    store = SessionStore()
    hers = [
        row.session_key
        for row in Session.objects.iterator()
        if _is_hers(store.decode(row.session_data), numbers, refs)
    ]
    Session.objects.filter(session_key__in=hers).delete()
    return len(hers)


def _is_hers(said: dict[str, Any], numbers: set[int], refs: set[str]) -> bool:
    if said.get(_ACCOUNT) in numbers:
        return True
    text = json.dumps(said)
    return any(ref in text for ref in refs)
