"""A database that does not know an erasure carries it out before anybody reads it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from river.batches import BATCHES, take
from river.books import ask
from tanzhang.apps.activities.api import drain, verify
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people
from tanzhang.apps.people.erasure.erasing import mark_of
from tanzhang.problems import Problem

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

AT = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def journal(tmp_path: Path) -> people.Journal:
    return people.Journal(tmp_path / "erasures", people.installation().id_text)


def subject(handle: str) -> int:
    found = people.account(handle)
    assert found is not None
    return found.subject_id


def written(journal: people.Journal, subject_id: int, mark: bytes | None = None) -> None:
    """A line of the journal that this database does not know, as after a restore."""
    with bulk_transaction() as cursor:
        own = mark_of(cursor, subject_id) if mark is None else mark
    with journal.locked() as lines:
        journal.append([journal.next_line(lines, AT, subject_id, own)])


def test_what_the_database_does_not_know_is_carried_out(journal: people.Journal) -> None:
    for batch in BATCHES:
        take(list(batch))
    drain()
    ada, bo = subject("river-ada"), subject("river-bo")
    written(journal, ada)
    assert people.last_erased() is None
    assert people.replay(journal) == 1
    assert people.last_erased() == journal.lines()[-1].digest
    assert ask(
        "select distinct subject_id from partner_link where subject_id = any(%s)", [[ada, bo]]
    ) == [(bo,)]
    assert ask("select at, was_here from erasure") == [(AT, True)]
    assert verify().ok
    assert people.replay(journal) == 0, "once is enough"


def test_another_person_who_got_the_same_number_is_left_alone(journal: people.Journal) -> None:
    ada = subject("river-ada")
    written(journal, ada, mark=bytes(16))
    assert people.replay(journal) == 1
    assert subject("river-ada") == ada
    assert ask("select was_here from erasure") == [(False,)]
    assert people.replay(journal) == 0


def test_a_person_whom_the_backup_does_not_know_yet_is_noted(journal: people.Journal) -> None:
    written(journal, 999_999, mark=bytes(16))
    assert people.replay(journal) == 1
    assert ask("select subject_id, was_here from erasure") == [(999_999, False)]


def test_a_lost_journal_is_written_again_from_the_database_if_somebody_says_so(
    journal: people.Journal,
) -> None:
    for handle in ("river-ada", "river-bo"):
        people.erase(subject(handle), journal)
    whole = journal.file.read_bytes()
    journal.file.write_bytes(whole[: whole.rindex(b"\n", 0, -1) + 1])
    with pytest.raises(Problem, match="journal_short"):
        people.replay(journal)
    journal.file.unlink()
    with pytest.raises(Problem, match="journal_short"):
        people.replay(journal)
    assert people.replay(journal, is_lost=True) == 0
    assert journal.file.read_bytes() == whole


def test_a_journal_that_tells_another_story_is_refused(
    journal: people.Journal, tmp_path: Path
) -> None:
    people.erase(subject("river-ada"), journal)
    other = people.Journal(tmp_path / "other", journal.installation)
    written(other, subject("river-bo"))
    with pytest.raises(Problem, match="journal_other"):
        people.replay(other)


def test_nobody_is_erased_by_a_journal_that_is_behind(
    journal: people.Journal, tmp_path: Path
) -> None:
    people.erase(subject("river-ada"), journal)
    empty = people.Journal(tmp_path / "empty", journal.installation)
    with pytest.raises(Problem, match="journal_behind"):
        people.erase(subject("river-bo"), empty)
