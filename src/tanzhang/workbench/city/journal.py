"""The living city's journal: what it is about to say, and what it was told.

A file of JSON lines that only grows. A batch is on the disk before it is sent, and the door's
answer after it came; so a batch without an answer is sent again, by whoever opens the journal next.
The same ids make that harmless. The file is locked from one to the other: a batch without an answer
that somebody else finds is really an orphan.

A line is ``{"batch": id, "at_us": …, "programme": …, "partner": …, "rows": […]}`` or
``{"answer": id, "at_us": …, "verdicts": […]}``; rows and verdicts stand in the same order. A last
line that broke off when a machine died is no line.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from tanzhang.problems import Problem
from tanzhang.workbench.city.moments import Row

#: Acts of so many bytes at the journal's end are searched for what somebody did lately.
_LATELY_BYTES = 2**20


@dataclass(frozen=True, slots=True)
class LiveBatch:
    """What one partner is about to say at once."""

    id: str
    at_us: int
    programme: str
    partner: str
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the door said of one row."""

    verdict: str
    code: str | None
    event_key: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the door said of a batch, row by row."""

    batch: str
    verdicts: Sequence[Verdict]


#: Takes a batch to the door.
Carry = Callable[[LiveBatch], Sequence[Verdict]]


class Journal:
    """The journal in a folder, shared by all processes that report for the living city."""

    def __init__(self, home: Path) -> None:
        self.path = home / "city-journal.jsonl"
        home.mkdir(parents=True, exist_ok=True)

    def send(self, programme: str, partner: str, rows: Sequence[Row], carry: Carry) -> Answer:
        """Write a batch down, carry it to the door, write the answer down."""
        batch = LiveBatch(uuid4().hex, _now_us(), programme, partner, rows)
        with self.locked() as file:
            _append(file, {"batch": batch.id, **_without_id(batch)})
            return _carried(file, batch, carry)

    def send_again(self, carry: Carry) -> int:
        """Carry every batch that has no answer to the door; how many there were."""
        with self.locked() as file:
            orphans = self.unanswered()
            for batch in orphans:
                with suppress(Problem):  # it is written down
                    _carried(file, batch, carry)
        return len(orphans)

    def unanswered(self) -> list[LiveBatch]:
        """The batches that were written down and have no answer."""
        waiting: dict[str, LiveBatch] = {}
        for line in self.lines():
            if isinstance(line, LiveBatch):
                waiting[line.id] = line
            else:
                waiting.pop(line.batch, None)
        return list(waiting.values())

    def lines(self) -> Iterator[LiveBatch | Answer]:
        """Everything that was written, in order."""
        if self.path.exists():
            with self.path.open("rb") as file:
                for line in file:
                    if (read := _read(line)) is not None:
                        yield read

    def last_ended(self, programme: str, person: str) -> int:
        """When the last act that a person lately did ended; 0 if she did nothing lately."""
        ends = [0]
        mention = json.dumps(person).encode()
        if self.path.exists():
            with self.path.open("rb") as file:
                file.seek(max(file.seek(0, os.SEEK_END) - _LATELY_BYTES, 0))
                for line in file:
                    batch = _read(line) if mention in line else None
                    if isinstance(batch, LiveBatch) and batch.programme == programme:
                        ends += [r["ended_us"] for r in batch.rows if r["person"] == person]
        return max(ends)

    @contextmanager
    def locked(self) -> Iterator[int]:
        """The file to append to, for this process and thread alone: nobody is between two lines."""
        file = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file
        finally:
            os.close(file)


def _carried(file: int, batch: LiveBatch, carry: Carry) -> Answer:
    """Carry a batch to the door. Where it is refused as a whole, that is the answer, and raised."""
    try:
        verdicts = carry(batch)
    except Problem as problem:
        refused = Verdict("refused", problem.code, None)
        _write_answer(file, Answer(batch.id, [refused] * len(batch.rows)))
        raise
    answer = Answer(batch.id, verdicts)
    _write_answer(file, answer)
    return answer


def _write_answer(file: int, answer: Answer) -> None:
    told = [asdict(verdict) for verdict in answer.verdicts]
    _append(file, {"answer": answer.batch, "at_us": _now_us(), "verdicts": told})


def _append(file: int, line: dict[str, Any]) -> None:
    """Write a line through to the disk, after closing one that broke off."""
    size = os.lseek(file, 0, os.SEEK_END)
    broke_off = size and os.pread(file, 1, size - 1) != b"\n"
    text = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
    rest = memoryview((b"\n" if broke_off else b"") + text.encode() + b"\n")
    while rest:
        rest = rest[os.write(file, rest) :]
    os.fsync(file)


def _read(line: bytes) -> LiveBatch | Answer | None:
    try:
        read = json.loads(line)
    except ValueError:  # broke off
        return None
    if "batch" in read:
        read["id"] = read.pop("batch")
        return LiveBatch(**read)
    return Answer(read["answer"], [Verdict(**verdict) for verdict in read["verdicts"]])


def _without_id(batch: LiveBatch) -> dict[str, Any]:
    return {name: value for name, value in asdict(batch).items() if name != "id"}


def _now_us() -> int:
    return time.time_ns() // 1_000
