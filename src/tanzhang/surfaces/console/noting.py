"""Console pages that show one person's data say so to her: before they are shown."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.http import HttpRequest

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people
from tanzhang.surfaces.console.roles import ROLES


def note_look(
    request: HttpRequest,
    subject_id: int,
    fields: Sequence[str],
    *,
    purpose: str = "look",
    reason: str = "",
) -> None:
    """Write down that whoever asks for a page sees this of a person."""
    with bulk_transaction() as cursor:
        people.note_access(
            cursor,
            subject_id,
            reader_kind=people.ReaderKind.STAFF,
            reader=reader_name(request),
            purpose=purpose,
            fields=fields,
            reason=reason,
        )


def reader_name(request: HttpRequest) -> str:
    """``role:log-in`` of whoever asks, by her first role in the order of ``ROLES``."""
    assert isinstance(request.user, User)  # the site lets nobody else in
    held = set(request.user.groups.values_list("name", flat=True))
    role = next((name for name in ROLES if name in held), "staff")
    return f"{role}:{request.user.get_username()}"
