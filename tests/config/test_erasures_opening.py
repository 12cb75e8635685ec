"""Every process compares journal and database first, and a backup gets each new line."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clean_database import Database
from river.books import ask
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people
from tanzhang.apps.people.erasure.erasing import mark_of
from tanzhang.config import opening
from tanzhang.config.backups import Backup, _take_journal
from tanzhang.config.closing import carry_out_closings
from tanzhang.problems import Problem

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The journal's folder; this process has not opened the installation yet."""
    monkeypatch.setenv("TANZHANG_ERASURES", str(tmp_path / "erasures"))
    monkeypatch.setattr(opening, "_copied", set())
    return tmp_path / "erasures"


def subject(handle: str) -> int:
    found = people.account(handle)
    assert found is not None
    return found.subject_id


def written(handle: str) -> None:
    """A line that this database does not know, as after a restore."""
    who, own = subject(handle), opening.journal()
    with bulk_transaction() as cursor:
        mark = mark_of(cursor, who)
    with own.locked() as lines:
        own.append([own.next_line(lines, datetime(2026, 3, 2, tzinfo=UTC), who, mark)])


def test_without_a_journal_there_is_nothing_to_compare(folder: Path) -> None:
    assert opening.open_installation() == 0
    assert not folder.exists()


def test_a_database_that_knows_erasures_does_not_open_without_their_journal(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.erase(subject("river-ada"), opening.journal())
    folder.rename(tmp_path / "elsewhere")
    for _ in range(2):
        with pytest.raises(Problem, match="journal_short"):
            opening.open_installation()
    monkeypatch.setenv("TANZHANG_ERASURES_LOST", "yes")
    assert opening.open_installation() == 0
    copy = tmp_path / "elsewhere" / opening.journal().file.name
    assert opening.journal().file.read_bytes() == copy.read_bytes()


def test_what_is_not_known_is_carried_out_once_and_whenever_it_comes() -> None:
    written("river-ada")
    assert opening.open_installation() == 1
    assert people.account("river-ada") is None
    assert opening.open_installation() == 0
    written("river-bo")
    assert opening.open_installation() == 1, "this process was open already"
    assert people.account("river-bo") is None


def test_a_database_that_forgot_an_erasure_is_noticed_however_long_a_process_was_open(
    database: Database,
) -> None:
    people.erase(subject("river-ada"), opening.journal())
    assert opening.open_installation() == 0
    with database.connect("owner") as owner:
        owner.execute("delete from erasure")
    assert opening.open_installation() == 1


def test_a_process_that_is_open_asks_once_and_reads_no_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    people.erase(subject("river-ada"), opening.journal())
    opening.open_installation()
    monkeypatch.setattr(people.Journal, "lines", None)
    with CaptureQueriesContext(connection) as asked:
        assert opening.open_installation() == 0
    assert len(asked) == 1


def test_every_backup_that_can_be_reached_gets_each_line(tmp_path: Path) -> None:
    here, gone = tmp_path / "monday", tmp_path / "tuesday"
    here.mkdir()
    gone.mkdir()
    opening.remember_backup(here)
    opening.remember_backup(gone)
    opening.remember_backup(here)
    gone.rmdir()
    people.erase(subject("river-ada"), opening.journal())
    assert opening.copy_to_backups() == [gone]
    file = opening.journal().file
    assert (here / file.name).read_bytes() == file.read_bytes()


def test_a_killed_process_leaves_its_copies_to_the_next_one(tmp_path: Path) -> None:
    here = tmp_path / "monday"
    here.mkdir()
    opening.remember_backup(here)
    people.erase(subject("river-ada"), opening.journal())
    assert not (here / "erasures.jsonl").exists()
    opening.open_installation()
    assert (here / "erasures.jsonl").exists()


def test_the_longest_copy_is_taken_and_a_short_one_refused(tmp_path: Path, folder: Path) -> None:
    for handle in ("river-ada", "river-bo"):
        people.erase(subject(handle), opening.journal())
    whole = opening.journal().file.read_text().splitlines(keepends=True)
    name = people.installation().id_text
    backup = Backup(tmp_path / "b", name, ask("select now()")[0][0], "", erasures=1)
    for place, count in (("b", 2), ("c", 3)):
        (tmp_path / place).mkdir()
        (tmp_path / place / "erasures.jsonl").write_text("".join(whole[:count]))
    opening.journal().file.unlink()
    _take_journal(backup, [tmp_path / "b", tmp_path / "c"])
    assert opening.journal().file.read_text() == "".join(whole)
    opening.journal().file.unlink()
    with pytest.raises(Problem, match="journal_short"):
        _take_journal(backup, [tmp_path / "nowhere"])


def test_whoever_closed_all_her_accounts_is_erased_when_it_is_time() -> None:
    who = subject("river-ada")
    for account in people.accounts_of_subject(who):
        people.close_account(account, at=datetime(2026, 3, 2, tzinfo=UTC))
    bo = people.account("river-bo")
    assert bo is not None
    people.close_account(bo)
    assert carry_out_closings() == 1
    assert [line.subject_id for line in opening.journal().lines()] == [who]
    assert carry_out_closings() == 0
