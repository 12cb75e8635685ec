"""The journal of erasures: a file outside the database that outlives every backup of it.

A backup that is restored brings back whoever was erased after it was made. So each erasure is
written here, and on the disk, before it is committed; whoever opens the installation compares, and
carries out what its database does not know. A line names nobody: it holds the subject's number and
a *mark*, a digest of a random key that is destroyed with her, so that no later subject with the
same number is taken for her.

The first line says whose journal it is; each further line holds the digest of all before it. The
file may be copied and lie in several places: the longest copy is the journal.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from tanzhang.engine.log import sm3
from tanzhang.problems import Problem

FORMAT: Final = "tanzhang-erasures/1"
FILE: Final = "erasures.jsonl"


@dataclass(frozen=True, slots=True)
class Line:
    """One erasure: its number from 1, when, of which subject; ``digest`` is of all up to here."""

    number: int
    at: datetime
    subject_id: int
    mark: bytes
    digest: bytes

    def text(self) -> str:
        """As it stands in the file."""
        said = _said(self.number, self.at, self.subject_id, self.mark)
        return json.dumps(said | {"digest": self.digest.hex()}, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Journal:
    """The journal of one installation (by its public name) in a folder."""

    folder: Path
    installation: str

    @property
    def file(self) -> Path:
        """Where it lies."""
        return self.folder / FILE

    @contextmanager
    def locked(self) -> Iterator[Sequence[Line]]:
        """Its lines, while nobody else adds any. Raises what ``lines`` raises."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield self.lines()
        finally:
            os.close(descriptor)

    def lines(self) -> list[Line]:
        """All lines, checked. Raises ``privacy.journal_broken``, ``privacy.journal_other``."""
        if not self.file.exists():
            return []
        whole = self.file.read_bytes().rpartition(b"\n")[0]  # a line that broke off is none
        if not whole:
            return []
        try:
            head, *rest = [json.loads(line) for line in whole.split(b"\n")]
            if head != self._head():
                raise Problem("privacy.journal_other", file=str(self.file))
            return _checked(_beginning(self.installation), rest)
        except (ValueError, KeyError, TypeError):
            raise Problem("privacy.journal_broken", file=str(self.file)) from None

    def next_line(self, lines: Sequence[Line], at: datetime, subject_id: int, mark: bytes) -> Line:
        """The line that would follow these; ``at`` is in UTC."""
        before = lines[-1].digest if lines else _beginning(self.installation)
        number = len(lines) + 1
        return Line(number, at, subject_id, mark, _digest(before, number, at, subject_id, mark))

    def append(self, lines: Sequence[Line]) -> None:
        """Add lines and see them on the disk. The caller holds the lock."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        is_new = not self.file.exists()
        with self.file.open("ab+") as file:
            _cut_broken_line(file)
            if file.seek(0, os.SEEK_END) == 0:
                file.write(json.dumps(self._head()).encode() + b"\n")
            file.write(b"".join(line.text().encode() + b"\n" for line in lines))
            file.flush()
            os.fsync(file.fileno())
        if is_new:
            folder = os.open(self.folder, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    def _head(self) -> dict[str, str]:
        return {"format": FORMAT, "installation": self.installation}


def chained(installation: str, lines: Sequence[Line]) -> list[Line]:
    """What the lines would be if their numbers and digests followed from what they say."""
    before, found = _beginning(installation), []
    for number, line in enumerate(lines, start=1):
        at = line.at.astimezone(UTC)
        before = _digest(before, number, at, line.subject_id, line.mark)
        found.append(Line(number, line.at, line.subject_id, line.mark, before))
    return found


def _beginning(installation: str) -> bytes:
    return sm3(f"{FORMAT}|{installation}".encode())


def _checked(before: bytes, rest: Sequence[dict[str, Any]]) -> list[Line]:
    """The lines, each with the digest that follows from those before it."""
    found = []
    for place, said in enumerate(rest, start=1):
        at, mark = datetime.fromisoformat(said["at"]), bytes.fromhex(said["mark"])
        subject_id = int(said["subject"])
        before = _digest(before, place, at, subject_id, mark)
        if said["number"] != place or said["digest"] != before.hex():
            raise ValueError(place)
        found.append(Line(place, at, subject_id, mark, before))
    return found


def _digest(before: bytes, number: int, at: datetime, subject_id: int, mark: bytes) -> bytes:
    said = json.dumps(_said(number, at, subject_id, mark), separators=(",", ":"), sort_keys=True)
    return sm3(before + said.encode())


def _said(number: int, at: datetime, subject_id: int, mark: bytes) -> dict[str, Any]:
    return {
        "number": number,
        "at": at.isoformat(),
        "subject": subject_id,
        "mark": mark.hex(),
    }


def _cut_broken_line(file: Any) -> None:
    """Take away what follows the last line end."""
    file.seek(0)
    whole = file.read().rpartition(b"\n")
    kept = len(whole[0]) + len(whole[1])
    file.truncate(kept)
