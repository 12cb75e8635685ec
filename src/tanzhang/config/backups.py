"""Backups by PostgreSQL's own tools, and bringing one back without bringing back whom it knew.

A backup is a folder::

    database.dump      pg_dump's custom format, without sessions, codes under way and burnt nonces
    backup.json        whose it is and of which kind, when it was made, the dump's SM3, how many
                       erasures it knows
    erasures.jsonl     a copy of the journal of erasures, renewed after each further erasure

The keys are not in it: neither those that sign nor the one under which people's own keys lie. They
have a backup of their own, so that who finds the one cannot read what is sealed in it.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from tanzhang.config.database import connect, parameters
from tanzhang.config.kind import refuse_faults_in_backup
from tanzhang.config.opening import journal, journal_folder, remember_backup
from tanzhang.config.postgres.binaries import program
from tanzhang.problems import Problem

FORMAT: Final = "tanzhang-backup/1"
DUMP: Final = "database.dump"
ABOUT: Final = "backup.json"

#: What is worth nothing in a restored database; the tables come back empty.
LEFT_OUT: Final = ("django_session", "one_time_code", "used_nonce", "quota_use")

_CHUNK: Final = 1 << 20

#: What libpq calls the parameters of a connection in the environment.
_VARIABLES: Final = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "options": "PGOPTIONS",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
}


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup says of itself; ``erasures`` are those that its database has carried out."""

    folder: Path
    installation: str
    made_at: datetime
    sm3: str
    erasures: int
    kind: str = "live"


def make_backup(folder: Path) -> Backup:
    """Back the database up into a new folder. Raises ``backup.folder_not_empty``, ``.failed``."""
    if folder.exists() and any(folder.iterdir()):
        raise Problem("backup.folder_not_empty", folder=str(folder))
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    from tanzhang.apps.people.api import installation

    own, at = journal(), datetime.now(UTC)
    erasures = len(own.lines())
    left_out = [f"--exclude-table-data={table}" for table in LEFT_OUT]
    plain = ("--format=custom", "--no-owner", "--no-privileges")
    _run("pg_dump", [*plain, *left_out, f"--file={folder / DUMP}"])
    kind = installation().kind.value
    made = Backup(folder, own.installation, at, _digest(folder / DUMP), erasures, kind)
    about = {
        "format": FORMAT,
        "installation": made.installation,
        "made_at": at.isoformat(timespec="seconds"),
        "sm3": made.sm3,
        "erasures": erasures,
        "kind": kind,
    }
    (folder / ABOUT).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    remember_backup(folder)
    return made


def read_backup(folder: Path) -> Backup:
    """What a backup says of itself. Raises ``backup.unreadable`` if it is none or was altered."""
    try:
        about: dict[str, Any] = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        found = Backup(
            folder,
            about["installation"],
            datetime.fromisoformat(about["made_at"]),
            about["sm3"],
            about["erasures"],
            about.get("kind", "live"),  # older backups do not say it: people may be real
        )
        if about["format"] != FORMAT or _digest(folder / DUMP) != found.sm3:
            raise ValueError
    except (OSError, ValueError, KeyError, TypeError):
        raise Problem("backup.unreadable", folder=str(folder)) from None
    return found


def restore_backup(folder: Path, journals: Sequence[Path] = ()) -> tuple[Backup, int]:
    """Bring a backup into an empty database; it and how many erasures were carried out again.

    The journal is put into its place before anything else: whoever opens the installation meanwhile
    carries it out too. The longest of the copies beside the backup, in this home and in
    ``journals`` is taken. Raises ``backup.unreadable``, ``backup.database_not_empty``,
    ``backup.journal_short``, ``backup.failed``, and ``configuration.fault_live`` before anything of
    a live installation comes back.
    """
    from tanzhang.config import setup
    from tanzhang.config.migrate import migrate

    backup = read_backup(folder)
    refuse_faults_in_backup(backup.kind)
    setup(opens=False)
    from tanzhang.config import roles

    roles.prepare()
    _refuse_tables()
    _take_journal(backup, [folder, *journals])
    plain = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
    _run("pg_restore", [*plain, f"--dbname={parameters('owner')['dbname']}", str(folder / DUMP)])
    before = _known_erasures()
    migrate()
    return backup, _known_erasures() - before


def _take_journal(backup: Backup, folders: Sequence[Path]) -> None:
    """Put the longest copy of the journal into its place."""
    from tanzhang.apps.people.api import Journal

    copies = [Journal(path, backup.installation) for path in (journal_folder(), *folders)]
    own, longest = copies[0], max(copies, key=lambda copy: len(copy.lines()))
    lines = longest.lines()
    if len(lines) < backup.erasures:
        raise Problem("backup.journal_short", known=backup.erasures, found=len(lines))
    with own.locked() as known:
        own.append(lines[len(known) :])


def _refuse_tables() -> None:
    with connect("owner") as owner:
        found = owner.execute(
            "select count(*) from pg_class where relnamespace = 'public'::regnamespace"
        ).fetchone()
    if found is not None and found[0]:
        raise Problem("backup.database_not_empty")


def _known_erasures() -> int:
    with connect("owner") as owner:
        if owner.execute("select to_regclass('public.erasure')").fetchone() == (None,):
            return 0
        found = owner.execute("select count(*) from erasure").fetchone()
    return 0 if found is None else int(found[0])


def _run(name: str, arguments: Sequence[str]) -> None:
    """Run one of PostgreSQL's programs as the owner. Raises ``backup.failed``."""
    known = {_VARIABLES[key]: str(value) for key, value in parameters("owner").items()}
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    done = subprocess.run(
        [str(program(name)), *arguments],
        env=inherited | known,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise Problem("backup.failed", program=name, said=said[0] if said else "")


def _digest(file: Path) -> str:
    digest = hashlib.new("sm3")
    with file.open("rb") as content:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
