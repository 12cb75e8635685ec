"""One look through tables, sealed fields, sessions and files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people
from tanzhang.workbench.scanning.files import found_in_files
from tanzhang.workbench.scanning.needles import Needle, needle
from tanzhang.workbench.scanning.tables import found_in_tables


@dataclass(frozen=True, slots=True)
class Found:
    """A place that holds what was looked for, and how often; never what stands around it."""

    place: str
    count: int


def scan(text: str, folders: Sequence[Path]) -> list[Found]:
    """Where a text is found in the database and in these folders, in any of its forms.

    Raises ``privacy.needle_short``.
    """
    wanted = needle(text)
    places = [*_in_database(wanted)]
    for folder in folders:
        places += found_in_files(folder, wanted)
    return [Found(place, count) for place, count in places if count]


def _in_database(wanted: Needle) -> Iterator[tuple[str, int]]:
    with bulk_transaction() as cursor:
        yield from found_in_tables(cursor, wanted)
    yield "table personal_field.sealed (opened)", _in_sealed_fields(wanted)
    yield "table django_session.session_data (opened)", _in_sessions(wanted)


def _in_sealed_fields(wanted: Needle) -> int:
    """Fields that this installation can still open, because it has the person's key."""
    with bulk_transaction() as cursor:
        cursor.execute("select distinct subject_id from personal_field order by subject_id")
        subjects = [row[0] for row in cursor.fetchall()]
        fields = (text for who in subjects for text in people.vault.own(cursor, who).values())
        return sum(wanted.is_in_text(text) for text in fields)


def _in_sessions(wanted: Needle) -> int:
    """Sessions are signed and packed; what they say is read here."""
    store = SessionStore()
    told = (json.dumps(store.decode(row.session_data)) for row in Session.objects.iterator())
    return sum(wanted.is_in_text(text) for text in told)
