"""The front door of this room."""

from __future__ import annotations

from tanzhang.apps.people.selectors import (
    AccountEntry,
    account,
    accounts,
    consent_windows,
    installation_secret,
    linked_accounts,
)
from tanzhang.apps.people.services import enrol, handles, person_refs
from tanzhang.apps.people.settlement import joined_days, person_keys

__all__ = [
    "AccountEntry",
    "account",
    "accounts",
    "consent_windows",
    "enrol",
    "handles",
    "installation_secret",
    "joined_days",
    "linked_accounts",
    "person_keys",
    "person_refs",
]
