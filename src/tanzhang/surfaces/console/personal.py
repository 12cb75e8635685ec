"""Who somebody is: masked for everybody at the console, whole for whoever may and says why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.translation import gettext as _

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.api import vault
from tanzhang.surfaces.console.roles import ROLES

#: How long personal data stays on a screen, in seconds; then the masked page is back.
SHOWN_S = 600


@dataclass(frozen=True, slots=True)
class PersonalLine:
    """One field of a person as a page shows it."""

    name: str
    title: str
    text: str


def purposes() -> dict[str, str]:
    """For what staff may look: the access log's code, and what the form calls it."""
    return {
        "support": _("The person asked for help"),
        "identity": _("To make sure who the person is"),
        "rights_request": _("To answer a request about personal data"),
        "appeal": _("To decide an appeal"),
        "incident": _("To handle a security incident"),
    }


def masked_lines(subject_id: int, lang: str) -> list[PersonalLine]:
    """What is kept of a person, masked."""
    with bulk_transaction() as cursor:
        found = vault.masked(cursor, [subject_id]).get(subject_id, {})
    return _lines(found, lang)


def masked_recovery_phone(subject_id: int) -> str:
    """The masked number from which a person asked to come back; empty if there is none."""
    with bulk_transaction() as cursor:
        found = vault.masked(cursor, [subject_id], ["recovery_phone"])
    return found.get(subject_id, {}).get("recovery_phone", "")


def masked_names(subject_ids: Sequence[int]) -> dict[int, str]:
    """The masked names of the people of a list, of those whose name is known."""
    with bulk_transaction() as cursor:
        found = vault.masked(cursor, subject_ids, ["name"])
    return {subject_id: fields["name"] for subject_id, fields in found.items()}


def revealed_lines(
    request: HttpRequest,
    subject_id: int,
    fields: Sequence[str],
    *,
    purpose: str,
    reason: str,
    lang: str,
) -> list[PersonalLine]:
    """Fields as they are; that they were read is written down for the person to see."""
    with bulk_transaction() as cursor:
        found = vault.reveal(
            cursor, subject_id, fields, reader=reader(request), reason=reason, purpose=purpose
        )
    return _lines(found, lang)


def reader(request: HttpRequest) -> str:
    """Whoever asks, as the access log names staff: ``operator:wang``."""
    assert isinstance(request.user, User)
    held = set(request.user.groups.values_list("name", flat=True))
    role = next((role for role, may in ROLES.items() if role in held and "reveal" in may), "staff")
    return f"{role}:{request.user.get_username()}"


def _lines(found: dict[str, str], lang: str) -> list[PersonalLine]:
    return [
        PersonalLine(name, vault.field_named(name).title[lang], text)
        for name, text in found.items()
    ]
