"""Copies of what is kept of people, which wait in the home directory to be handed over.

``exports/<handle>/<instant>/`` in the home: there they are looked through like everything else, go
with their person when she is erased, and go by themselves when their term is over. A copy that an
operator writes elsewhere is in the operator's own hands.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import psycopg

from tanzhang.apps.people.api import accounts_of_subject
from tanzhang.config.environment import home

_FOLDER: Final = "exports"


def place_for(handle: str, at: datetime) -> Path:
    """The folder for a copy of an account's owner, made at an instant."""
    return home() / _FOLDER / handle / at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def remove_hers(_cursor: psycopg.Cursor[Any], subject_id: int) -> int:
    """Remove the copies of an erased subject; how many there were."""
    removed = 0
    for account in accounts_of_subject(subject_id):
        hers = home() / _FOLDER / account.handle
        if hers.is_dir():
            removed += len(list(hers.iterdir()))
            shutil.rmtree(hers)
    return removed


def count_old(_cursor: psycopg.Cursor[Any], before: datetime) -> int:
    """How many copies were made before an instant."""
    return len([*_older_than(before)])


def remove_old(_cursor: psycopg.Cursor[Any], before: datetime) -> int:
    """Remove the copies that were made before an instant; how many there were."""
    found = [*_older_than(before)]
    for copy in found:
        shutil.rmtree(copy)
        if not any(copy.parent.iterdir()):
            copy.parent.rmdir()
    return len(found)


def _older_than(before: datetime) -> Iterator[Path]:
    for copy in (home() / _FOLDER).glob("*/*/"):
        if copy.stat().st_mtime < before.timestamp():
            yield copy
