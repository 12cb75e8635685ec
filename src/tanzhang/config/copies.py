"""Copies of what is kept of people, which wait in the home directory to be handed over.

``exports/<handle>/<instant>/`` in the home: there they are looked through like everything else, go
once their person was erased, and go by themselves when their term is over. Nothing else that lies
under ``exports`` is touched, and no link is followed. A copy that an operator writes elsewhere is
in the operator's own hands.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import psycopg

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.api import State, account, account_state
from tanzhang.config import database
from tanzhang.config.environment import home

log = logging.getLogger("tanzhang.copies")

#: The folder in the home where copies wait.
EXPORTS: Final = "exports"
_INSTANT: Final = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that waits: whose account's owner it tells of, and when it was made."""

    folder: Path
    handle: str
    made_at: datetime


def may_wait() -> bool:
    """Whether whoever does this installation's chores finds a copy here, and may remove it."""
    return database.is_embedded() and home().stat().st_uid == os.geteuid()


def place_for(handle: str, at: datetime) -> Path:
    """The folder for a copy of an account's owner, made at an instant."""
    return home() / EXPORTS / handle / at.astimezone(UTC).strftime(_INSTANT)


def waiting() -> Iterator[Copy]:
    """Every copy that waits, in order of the accounts' handles and of time."""
    for folder in sorted(home().joinpath(EXPORTS).glob("*/*")):
        if folder.is_symlink() or folder.parent.is_symlink() or not folder.is_dir():
            continue
        with suppress(ValueError):  # another name is none of ours
            made_at = datetime.strptime(folder.name, _INSTANT).replace(tzinfo=UTC)
            yield Copy(folder, folder.parent.name, made_at)


def remove_of_erased() -> int:
    """Remove the copies of people who were erased; how many."""
    return _remove([copy for copy in waiting() if not _is_somebodys(copy.handle)])


def count_old(_cursor: psycopg.Cursor[Any], before: datetime) -> int:
    """How many copies were made before an instant."""
    return sum(copy.made_at < before for copy in waiting())


def remove_old(_cursor: psycopg.Cursor[Any], before: datetime) -> int:
    """Remove the copies that were made before an instant; how many."""
    return _remove([copy for copy in waiting() if copy.made_at < before])


def _is_somebodys(handle: str) -> bool:
    """Whether there is somebody to hand it to; a handle that told of her went with her."""
    found = account(handle)
    if found is None:
        return False
    with bulk_transaction() as cursor:
        return account_state(cursor, [found.id])[found.id].state is not State.ERASED


def _remove(copies: Iterable[Copy]) -> int:
    """Remove folders. One that cannot be removed is told, tried again next time, and stops none."""
    removed = 0
    for copy in copies:
        try:
            shutil.rmtree(copy.folder)
            removed += 1
            if not any(copy.folder.parent.iterdir()):
                copy.folder.parent.rmdir()
        except FileNotFoundError:
            continue  # somebody else was at it, too
        except OSError:
            log.exception("A copy that must go could not be removed: %s.", copy.folder)
    return removed
