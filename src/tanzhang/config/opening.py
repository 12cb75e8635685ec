"""Before an installation opens: whoever was erased stays erased, whatever backup was restored.

==========================  ====================================================================
``TANZHANG_ERASURES``       the folder of the journal of erasures; default ``erasures`` in the home.
                            Where several machines share a database they share this folder too
``TANZHANG_ERASURES_LOST``  ``yes``, once: the journal is lost for good, and is written again from
                            what the database knows
==========================  ====================================================================
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psycopg
from django.db import ProgrammingError
from django.http import HttpRequest, HttpResponseBase

from tanzhang.config import environment
from tanzhang.config.database import home
from tanzhang.config.kind import refuse_faults
from tanzhang.problems import Problem

if TYPE_CHECKING:
    from tanzhang.apps.people.api import Journal

log = logging.getLogger("tanzhang.opening")

#: Addresses whose pages are the same for everybody and ask no database.
READS_NOBODY: Final = ("/style/", "/appearance/", "/language/", "/developers/")

#: Beside the journal: the folder of a backup on each line, which gets a copy of the journal.
BACKUPS: Final = "backups"

#: Folders of journals that this process has copied to the backups once.
_copied: set[Path] = set()

#: A journal's file -> what it was when it was read (number, bytes, age), and its last digest.
_read: dict[Path, tuple[tuple[int, int, int], bytes | None]] = {}


class Opening:
    """Middleware: no page is answered by a database that has forgotten an erasure.

    A site starts and lives without its database, and a backup may be restored while it lives.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(READS_NOBODY):
            open_installation()
        return self._get_response(request)


def journal_folder() -> Path:
    """Where the journal of erasures lies."""
    return Path(environment.text("TANZHANG_ERASURES") or home() / "erasures").resolve()


def journal() -> Journal:
    """The journal of this installation."""
    from tanzhang.apps.people.api import Journal, installation

    return Journal(journal_folder(), installation().id_text)


def open_installation() -> int:
    """Carry out the erasures that the database does not know; how many.

    Called before each piece of work, as one look at a file's age and one at an index: a backup may
    be restored under a process that lives on. Raises ``database.not_migrated`` for a database too
    old to be asked, what ``refuse_faults`` raises, and what ``replay`` raises: then nothing may be
    read of anybody.
    """
    from tanzhang.apps.people.api import last_erased, replay

    folder, carried = journal_folder(), 0
    try:
        refuse_faults()
        if last_erased() != _last_written(folder):
            carried = replay(journal(), is_lost=environment.switched_on("TANZHANG_ERASURES_LOST"))
    except (ProgrammingError, psycopg.errors.UndefinedTable) as error:
        if not folder.is_dir():
            return 0  # it was never migrated, and nobody was ever erased
        raise Problem("database.not_migrated") from error
    if carried:
        log.warning("Erasures were carried out again.", extra={"erasures": carried})
    if carried or (folder not in _copied and folder.is_dir()):
        copy_to_backups()
        _copied.add(folder)
    return carried


def _last_written(folder: Path) -> bytes | None:
    """The digest of the journal's last line; the file is read only when it has changed."""
    from tanzhang.apps.people.api import Journal

    file = Journal(folder, "").file
    try:
        found = file.stat()
    except FileNotFoundError:
        return None
    seen = (found.st_ino, found.st_size, found.st_mtime_ns)
    if _read.get(file, (None, None))[0] != seen:
        lines = journal().lines()
        _read[file] = seen, lines[-1].digest if lines else None
    return _read[file][1]


def remember_backup(folder: Path) -> None:
    """Let a backup's folder have a copy of the journal, now and after every further erasure."""
    known = _backups()
    if folder.resolve() not in known:
        journal_folder().mkdir(parents=True, exist_ok=True, mode=0o700)
        text = "".join(f"{path}\n" for path in (*known, folder.resolve()))
        (journal_folder() / BACKUPS).write_text(text, encoding="utf-8")
    copy_to_backups()


def copy_to_backups() -> list[Path]:
    """Copy the journal beside every backup that is known; those that could not be reached."""
    file = journal().file
    missed = []
    for folder in _backups():
        if not folder.is_dir():
            missed.append(folder)
        elif file.exists() and _differs(file, folder / file.name):
            shutil.copyfile(file, folder / file.name)
    return missed


def _differs(file: Path, copy: Path) -> bool:
    """Whether a copy of a file that only grows is not there or behind."""
    return not copy.exists() or copy.stat().st_size != file.stat().st_size


def _backups() -> Sequence[Path]:
    file = journal_folder() / BACKUPS
    if not file.exists():
        return []
    return [Path(line) for line in file.read_text(encoding="utf-8").splitlines() if line]
