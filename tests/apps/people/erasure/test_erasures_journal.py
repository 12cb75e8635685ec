"""The journal of erasures grows, shows what was altered, and survives a death in the middle."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tanzhang.apps.people.erasure.journal import Journal
from tanzhang.problems import Problem

AT = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
MARK = bytes(range(16))


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "erasures", "00112233aabbccdd")


def filled(journal: Journal, count: int) -> None:
    for number in range(1, count + 1):
        with journal.locked() as lines:
            journal.append([journal.next_line(lines, AT, 100 + number, MARK)])


def test_a_journal_that_is_not_there_has_no_lines(journal: Journal) -> None:
    assert journal.lines() == []
    assert not journal.folder.exists()


def test_lines_come_back_in_their_order_and_name_nobody(journal: Journal) -> None:
    filled(journal, 3)
    assert [(line.number, line.subject_id, line.at) for line in journal.lines()] == [
        (1, 101, AT),
        (2, 102, AT),
        (3, 103, AT),
    ]
    said = journal.file.read_text()
    assert set(said.splitlines()[1].replace('"', "").strip("{}").split(",")) == {
        "number:1",
        "at:2026-03-02T08:30:00+00:00",
        "subject:101",
        f"mark:{MARK.hex()}",
        f"digest:{journal.lines()[0].digest.hex()}",
    }


def test_a_line_that_broke_off_is_none_and_the_next_one_takes_its_place(journal: Journal) -> None:
    filled(journal, 2)
    whole = journal.file.read_bytes()
    journal.file.write_bytes(whole + b'{"number":3,"at":"20')
    assert len(journal.lines()) == 2
    filled(journal, 1)
    assert [line.number for line in journal.lines()] == [1, 2, 3]
    assert journal.file.read_bytes().startswith(whole)


@pytest.mark.parametrize(
    "alter",
    [
        lambda text: text.replace('"subject":102', '"subject":202'),
        lambda text: text.replace('"number":2', '"number":3'),
        lambda text: "".join(line for line in text.splitlines(True) if '"number":1' not in line),
        lambda text: text.replace(MARK.hex(), bytes(16).hex(), 1),
        lambda text: text.replace("{", "", 1),
    ],
)
def test_an_altered_journal_is_refused(journal: Journal, alter: object) -> None:
    filled(journal, 3)
    journal.file.write_text(alter(journal.file.read_text()))  # type: ignore[operator]
    with pytest.raises(Problem, match="journal_broken"):
        journal.lines()


def test_the_journal_of_another_installation_is_refused(journal: Journal) -> None:
    filled(journal, 1)
    with pytest.raises(Problem, match="journal_other"):
        Journal(journal.folder, "ffeeddccbbaa9988").lines()


def test_lines_depend_on_the_installation(journal: Journal, tmp_path: Path) -> None:
    other = Journal(tmp_path / "other", "ffeeddccbbaa9988")
    filled(journal, 1)
    filled(other, 1)
    assert journal.lines()[0].digest != other.lines()[0].digest
