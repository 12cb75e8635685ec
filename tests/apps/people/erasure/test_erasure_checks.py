"""An erasure that never was is found: it stands in no journal, and she is still there."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from clean_database import Database
from river.batches import BATCHES, take
from tanzhang.apps.activities.api import drain, verify
from tanzhang.apps.activities.erasing.leaves import keep_hashes
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people
from tanzhang.apps.people.erasure.erasing import mark_of
from tanzhang.apps.people.erasure.erasure_checks import altered_erasures

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

JOURNAL, DONE = "erasures_follow_from_journal", "erasures_were_carried_out"


@pytest.fixture
def journal(tmp_path: Path) -> people.Journal:
    return people.Journal(tmp_path / "erasures", people.installation().id_text)


def subject(name: str) -> int:
    found = people.account(f"river-{name}")
    assert found is not None
    return found.subject_id


def forge(database: Database, line: people.Line) -> None:
    """Write a row as whoever owns the database could."""
    with database.connect("owner") as owner:
        owner.execute(
            "insert into erasure (number, subject_id, was_here, transaction, at, mark, digest)"
            " values (%s, %s, true, 1, %s, %s, %s)",
            [line.number, line.subject_id, line.at, line.mark, line.digest],
        )


def forged(journal: people.Journal, subject_id: int) -> people.Line:
    """A line that would fit the chain, for somebody who was never erased."""
    with bulk_transaction() as cursor:
        mark = mark_of(cursor, subject_id)
    return journal.next_line(journal.lines(), datetime.now(UTC), subject_id, mark)


def test_what_really_happened_is_found_good(journal: people.Journal) -> None:
    for name in ("ada", "bo"):
        people.erase(subject(name), journal)
    found = verify(journal)
    assert (found.checks[JOURNAL], found.checks[DONE]) == (0, 0)
    assert found.ok, found.offences


def test_where_nobody_was_erased_no_journal_is_needed(journal: people.Journal) -> None:
    assert verify(journal).ok
    assert not journal.folder.exists()


def test_a_forged_erasure_that_hides_an_altered_outcome_is_found(
    journal: people.Journal, database: Database
) -> None:
    for batch in BATCHES:
        take(list(batch))
    drain()
    people.erase(subject("bo"), journal)
    ada = subject("ada")
    with bulk_transaction() as cursor:
        keep_hashes(cursor, ada, rulebook_in_force())
    assert verify(journal).checks["erased_leaf_has_erasure"] > 0
    forge(database, forged(journal, ada))
    found = verify(journal)
    assert found.checks["erased_leaf_has_erasure"] == 0, "the row says that she was erased"
    assert found.offences[JOURNAL] == ["erasure 2 is not in the journal"]
    assert found.offences[DONE] == ["erasure 2"]


def test_a_forgery_that_also_takes_everything_away_is_not_in_the_journal(
    journal: people.Journal, database: Database
) -> None:
    """As if it had been an erasure, but for the line outside the database."""
    own = people.Journal(journal.folder.parent / "forger", journal.installation)
    people.erase(subject("bo"), own)
    assert verify(own).ok
    found = verify(journal)
    assert (found.checks[JOURNAL], found.checks[DONE]) == (1, 0)


@pytest.mark.parametrize(
    "change",
    [
        "update erasure set subject_id = subject_id + 1 where number = 1",
        "update erasure set mark = substr(sha256(mark), 1, 16) where number = 1",
        "update erasure set at = at + interval '1 second' where number = 1",
        "delete from erasure where number = 1",
    ],
)
def test_rows_hang_together_even_without_the_journal(
    change: str, journal: people.Journal, database: Database
) -> None:
    for name in ("ada", "bo"):
        people.erase(subject(name), journal)
    with database.connect("owner") as owner:
        owner.execute(change.encode())
    with bulk_transaction() as cursor:
        assert altered_erasures(cursor, None)


def test_an_erasure_that_the_database_has_lost_is_told(
    journal: people.Journal, database: Database
) -> None:
    for name in ("ada", "bo"):
        people.erase(subject(name), journal)
    with database.connect("owner") as owner:
        owner.execute("delete from erasure where number = 2")
    found = verify(journal)
    assert found.offences[JOURNAL] == ["line 2 of the journal was not carried out"]
    assert found.checks[DONE] == 1, "somebody is erased whom no row names"
