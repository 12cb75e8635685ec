"""The living city's journal."""

from __future__ import annotations

import multiprocessing
import time
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from tanzhang.problems import Problem
from tanzhang.workbench.city.journal import Answer, Journal, LiveBatch, Verdict

ROW = {"external_id": "a1", "person": "ada", "ended_us": 70, "revision": 0}
YES = Verdict("accepted", None, "00" * 16)


class Door:
    """Remembers what it was brought; lets the first ``falls`` batches fall."""

    def __init__(self, falls: int = 0) -> None:
        self.brought: list[LiveBatch] = []
        self.falls = falls

    def __call__(self, batch: LiveBatch) -> list[Verdict]:
        self.brought.append(batch)
        if len(self.brought) <= self.falls:
            raise ConnectionError
        return [YES] * len(batch.rows)


def send(journal: Journal, door: Door, **changes: object) -> None:
    journal.send("citic", "metro-demo", [ROW | changes], door)


def test_a_batch_is_on_the_disk_before_the_door_sees_it(tmp_path: Path) -> None:
    journal = Journal(tmp_path)

    def door(batch: LiveBatch) -> list[Verdict]:
        assert journal.unanswered() == [batch]
        return [YES]

    answer = journal.send("citic", "metro-demo", [ROW], door)
    batch, told = journal.lines()
    assert told == answer
    assert isinstance(batch, LiveBatch)
    assert (batch.partner, batch.rows) == ("metro-demo", [ROW])
    assert journal.unanswered() == []


def test_what_has_no_answer_is_sent_again_under_the_same_ids(tmp_path: Path) -> None:
    journal, door = Journal(tmp_path), Door(falls=2)
    for name in ("a1", "a2"):
        with pytest.raises(ConnectionError):
            send(journal, door, external_id=name)
    send(journal, door, external_id="a3")
    assert journal.send_again(door) == 2
    assert door.brought[3:] == door.brought[:2]
    assert journal.send_again(door) == 0


def test_a_line_that_broke_off_is_no_line_and_harms_no_other(tmp_path: Path) -> None:
    journal, door = Journal(tmp_path), Door()
    send(journal, door)
    whole = journal.path.read_bytes()
    journal.path.write_bytes(whole[:-9])  # the answer broke off
    assert [batch.rows for batch in journal.unanswered()] == [[ROW]]
    assert journal.send_again(door) == 1
    send(journal, door)
    assert [type(line) for line in journal.lines()] == [LiveBatch, Answer, LiveBatch, Answer]


def test_a_batch_that_the_door_refuses_has_its_answer_and_is_not_sent_again(tmp_path: Path) -> None:
    def door(batch: LiveBatch) -> list[Verdict]:
        raise Problem("partners.partner_unknown", partner=batch.partner)

    journal = Journal(tmp_path)
    with pytest.raises(Problem):
        journal.send("citic", "nobody", [ROW, ROW], door)
    answer = list(journal.lines())[-1]
    assert isinstance(answer, Answer)
    assert answer.verdicts == [Verdict("refused", "partners.partner_unknown", None)] * 2
    assert journal.unanswered() == []


def test_a_refusal_stops_no_other_batch_from_being_sent_again(tmp_path: Path) -> None:
    journal, falling = Journal(tmp_path), Door(falls=2)
    for _ in range(2):
        with pytest.raises(ConnectionError):
            send(journal, falling)

    def door(batch: LiveBatch) -> list[Verdict]:
        raise Problem("partners.partner_unknown", partner=batch.partner)

    assert journal.send_again(door) == 2
    assert journal.unanswered() == []


def test_when_somebodys_last_act_ended_is_known(tmp_path: Path) -> None:
    journal, door = Journal(tmp_path), Door()
    assert journal.last_ended("citic", "ada") == 0
    send(journal, door, ended_us=70)
    send(journal, door, ended_us=60)
    send(journal, door, ended_us=90, person="adam")
    assert journal.last_ended("citic", "ada") == 70
    assert journal.last_ended("another", "ada") == 0


def test_nobody_else_may_read_the_journal(tmp_path: Path) -> None:
    send(Journal(tmp_path), Door())
    assert Journal(tmp_path).path.stat().st_mode & 0o777 == 0o600


def _sends(home: Path, together: Barrier) -> None:
    """Send some batches; at the door, see that nobody else is there."""

    def door(batch: LiveBatch) -> list[Verdict]:
        with (home / "somebody").open("x"):
            time.sleep(0.002)
        (home / "somebody").unlink()
        return [YES]

    together.wait(60)
    for _ in range(20):
        Journal(home).send("citic", "metro-demo", [ROW], door)


def test_processes_that_write_at_once_wait_for_each_other(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    together = context.Barrier(2)
    writers = [context.Process(target=_sends, args=(tmp_path, together)) for _ in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0, 0]
    lines = list(Journal(tmp_path).lines())
    assert len(lines) == 80
    for batch, answer in zip(lines[::2], lines[1::2], strict=True):
        assert isinstance(batch, LiveBatch)
        assert isinstance(answer, Answer)
        assert batch.id == answer.batch
