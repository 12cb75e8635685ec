"""Whatever is written of a person while she is erased is found by it, or refused after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest

from beside import SECONDS, Beside, beside
from river.books import ask
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people, privacy
from tanzhang.problems import Problem

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

PHONE = "13800138000"


@pytest.fixture
def journal(tmp_path: Path) -> people.Journal:
    return people.Journal(tmp_path / "erasures", people.installation().id_text)


def ada() -> people.AccountEntry:
    """Ada, of whom something is sealed already: she has a key."""
    found = people.account("river-ada")
    assert found is not None
    with bulk_transaction() as cursor:
        people.vault.store(cursor, found.subject_id, {"email": "ada@river.example"})
    return found


def kept(subject_id: int) -> int:
    """Rows by which something leads to her, or says something of her."""
    tables = ("partner_link", "phone_login", "channel_login", "personal_field")
    counts = [ask(f"select count(*) from {table} where subject_id = %s", [subject_id])
              for table in tables]  # fmt: skip
    return int(sum(count[0][0] for count in counts))


@contextmanager
def stopped_erasure(
    subject_id: int, journal: people.Journal
) -> Iterator[tuple[Beside[people.Erased], Event]]:
    """An erasure that has taken everything away, and goes on to commit when it is told."""
    came, goes_on = Event(), Event()

    def stop(cursor: people.Cursor, subject_id: int) -> int:
        came.set()
        assert goes_on.wait(SECONDS)
        return 0

    people.when_erased("zzz", stop)
    try:
        with beside(lambda: people.erase(subject_id, journal)) as erasing:
            assert came.wait(SECONDS)
            yield erasing, goes_on
    finally:
        goes_on.set()
        del privacy._erasers["zzz"]


WRITES: dict[str, Callable[[people.AccountEntry], object]] = {
    "a field": lambda who: _store(who),
    "a phone": lambda who: people.link_phone(who, PHONE),
    "a channel": lambda who: people.link(people.Channel.WECHAT, b"w" * 32, who),
    "a request": lambda who: _ask(who),
    "a state": lambda who: _restrict(who),
}


def _store(who: people.AccountEntry) -> None:
    with bulk_transaction() as cursor:
        people.vault.store(cursor, who.subject_id, {"name": "林晓雨"})


def _ask(who: people.AccountEntry) -> None:
    with bulk_transaction() as cursor:
        people.make_request(cursor, who, people.RequestKind.OTHER, "I am Lin Xiaoyu.")


def _restrict(who: people.AccountEntry) -> None:
    with bulk_transaction() as cursor:
        people.set_account_state(cursor, [who.id], people.State.RESTRICTED, "Lin Xiaoyu asks")


@pytest.mark.parametrize("what", WRITES)
def test_an_erasure_waits_for_what_is_being_written_of_her(
    what: str, journal: people.Journal
) -> None:
    who = ada()
    with bulk_transaction():
        WRITES[what](who)
        with beside(lambda: people.erase(who.subject_id, journal)) as erasing:
            erasing.waits()
    erasing.result()
    assert kept(who.subject_id) == 0
    assert ask("select sealed from person_key where subject_id = %s", [who.subject_id]) == [(None,)]


@pytest.mark.parametrize("what", WRITES)
def test_what_comes_during_an_erasure_waits_for_it_and_is_refused(
    what: str, journal: people.Journal
) -> None:
    who = ada()
    with stopped_erasure(who.subject_id, journal) as (erasing, goes_on):
        with beside(lambda: WRITES[what](who)) as writing:
            writing.waits()
            goes_on.set()
            erasing.result()
        with pytest.raises(Problem, match=r"account_erased|key_destroyed"):
            writing.result()
    assert kept(who.subject_id) == 0


def test_others_write_meanwhile(journal: people.Journal) -> None:
    who, bo = ada(), people.account("river-bo")
    assert bo is not None
    with stopped_erasure(who.subject_id, journal):
        for write in WRITES.values():
            with beside(lambda write=write: write(bo)) as writing:  # type: ignore[misc]
                writing.result()
    assert kept(bo.subject_id) > 0


def test_two_write_of_one_person_at_once() -> None:
    who = ada()
    with bulk_transaction() as cursor:
        people.set_account_state(cursor, [who.id], people.State.DORMANT, "test")
        with beside(lambda: people.link(people.Channel.WECHAT, b"w" * 32, who)) as writing:
            writing.result()
