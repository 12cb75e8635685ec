"""A city that lives now, through the real door."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from random import Random

import django.db
import polars as pl
import pytest

from tanzhang.apps.activities.api import REPORT, accept, credited_total, drain, statement
from tanzhang.apps.catalogue.api import load_catalogue, rulebook_in_force
from tanzhang.apps.people.api import account
from tanzhang.engine.packs import load_packs
from tanzhang.problems import Problem
from tanzhang.workbench.city import City
from tanzhang.workbench.city.comparing import compare
from tanzhang.workbench.city.journal import Journal, LiveBatch, Verdict
from tanzhang.workbench.city.live import ActNow, LiveCity, act_now, alone, to_the_door
from tanzhang.workbench.city.moments import habit_of, just_now
from tanzhang.workbench.city.residents import enrol_residents, handles

pytestmark = pytest.mark.database

CITY = City(seed=3, citizens=40, days=1, start=date(2026, 3, 2))


#: Read once: every test begins with an empty database.
LIBRARY = load_packs()


@pytest.fixture
def citizen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The handle of a fictitious citizen, in an installation with a home of its own."""
    monkeypatch.setenv("TANZHANG_HOME", str(tmp_path))
    load_catalogue(LIBRARY, ["citic"])
    enrol_residents(CITY, "citic")
    return handles(CITY, "citic")[0]


INPUTS = ("in_mode", "in_distance_m")


def credited(*acts: ActNow) -> dict[str, int]:
    """What became of some acts."""
    drain()
    _, outcomes = credited_total(pl.Series([act.event_key for act in acts]))
    return outcomes


def test_a_citizen_who_rides_now_is_credited_at_once(citizen: str) -> None:
    now_us = time.time_ns() // 1_000
    ride = act_now(citizen, "metro")
    assert (ride.verdict, ride.code, ride.partner) == ("accepted", None, "metro-demo")
    assert abs(ride.ended_us - now_us) < 10_000_000
    assert credited(ride) == {"credited": 1}
    found = account(citizen)
    assert found
    (line,) = statement(found, rulebook_in_force()).events
    assert (line.scene, line.started_us) == ("metro", ride.started_us)


def test_two_rides_in_a_row_are_two_rides(citizen: str) -> None:
    first, second = act_now(citizen, "metro"), act_now(citizen, "shared-bike")
    assert second.started_us >= first.ended_us
    assert credited(first, second) == {"credited": 2}


@pytest.mark.parametrize("scene", ["take-away", "utility-payment", "online-meeting", "walking"])
def test_other_things_can_be_done_now_too(citizen: str, scene: str) -> None:
    assert credited(act_now(citizen, scene)) == {"credited": 1}


def test_in_a_transaction_nothing_is_reported(citizen: str, tmp_path: Path) -> None:
    with django.db.transaction.atomic(), pytest.raises(RuntimeError, match="rolled back"):
        act_now(citizen, "metro")
    assert list(Journal(tmp_path).lines()) == []


def test_who_consented_just_now_begins_after_that(citizen: str) -> None:
    from tanzhang.apps.database import bulk_transaction

    now_us = time.time_ns() // 1_000
    with bulk_transaction() as cursor:
        cursor.execute("update consent set to_us = from_us + 1 where to_us is null")
        cursor.execute(
            "insert into consent"
            " (account_id, subject_id, partner_id, purpose, kinds, text_id, from_us)"
            " select account_id, subject_id, partner_id, purpose, kinds, text_id, %s from consent",
            [now_us],
        )
    ride = act_now(citizen, "metro")
    assert (ride.verdict, ride.started_us) == ("accepted", now_us)
    assert credited(ride) == {"credited": 1}


def test_a_stranger_is_told_that_nobody_knows_her(citizen: str) -> None:
    told = act_now("citic-nobody", "metro")
    assert (told.verdict, told.code, told.event_key is None) == (
        "rejected",
        "person_unknown",
        False,
    )


def test_a_scene_that_nobody_plays_is_refused(citizen: str) -> None:
    with pytest.raises(Problem, match=r"simulate\.scene_unplayed"):
        act_now(citizen, "household-electricity")


def live(
    journal: Journal, moments: int, seed: int = 1, waits: list[float] | None = None
) -> LiveCity:
    """Let the city live for so many moments, without waiting between them."""
    lively = LiveCity(CITY, "citic", 1.0, journal, Random(1))
    left = iter([True] * moments)
    lively.live(
        lambda wait_s: next(left, False),
        lambda wait_s, said: None if waits is None else waits.append(wait_s),
    )
    return lively


def test_what_a_living_city_reports_is_accepted_and_equals_the_books(
    citizen: str, tmp_path: Path
) -> None:
    journal = Journal(tmp_path)
    lively = live(journal, 150)
    drain()
    found = compare(journal)
    assert found.ok
    assert found.rows == lively.verdicts.total() > 60
    assert found.acts == lively.verdicts["accepted"] - corrections(journal)
    assert set(lively.verdicts) <= {"accepted", "duplicate"}


def corrections(journal: Journal) -> int:
    """How many corrections were accepted."""
    rows = {
        (row["external_id"], row["revision"])
        for batch in journal.lines()
        if isinstance(batch, LiveBatch)
        for row in batch.rows
    }
    return len(rows) - len({name for name, _ in rows})


def test_while_postgresql_is_away_a_city_waits_ever_longer_and_then_says_everything(
    citizen: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal, waits = Journal(tmp_path), list[float]()
    falls = iter([False, True, True, True])

    def door(batch: LiveBatch) -> list[Verdict]:
        if next(falls, False):
            raise django.db.OperationalError("server closed the connection unexpectedly")
        return to_the_door(batch)

    monkeypatch.setattr("tanzhang.workbench.city.live.to_the_door", door)
    live(journal, 30, waits=waits)
    assert waits == [0.25, 0.5, 1.0]
    assert journal.unanswered() == []
    drain()
    assert compare(journal).ok


def test_two_cities_cannot_live_in_one_place(tmp_path: Path) -> None:
    with alone(tmp_path), pytest.raises(Problem, match=r"simulate\.city_lives"), alone(tmp_path):
        pass
    with alone(tmp_path):
        pass


class TestCompare:
    """Each way in which journal and books can differ is noticed."""

    def test_a_batch_without_an_answer(self, citizen: str, tmp_path: Path) -> None:
        act_now(citizen, "metro")
        journal = Journal(tmp_path)
        lines = journal.path.read_bytes().splitlines(keepends=True)
        journal.path.write_bytes(lines[0])
        drain()
        assert (compare(journal).unanswered, compare(journal).ok) == (1, False)

    def test_an_act_that_waits(self, citizen: str, tmp_path: Path) -> None:
        act_now(citizen, "metro")
        found = compare(Journal(tmp_path))
        assert (found.waiting, found.lost, found.ok) == (1, [], False)

    def test_an_act_that_is_not_in_the_books(self, citizen: str, tmp_path: Path) -> None:
        act_now(citizen, "metro")
        drain()
        key = "f" * 32
        Journal(tmp_path).send(
            "citic", "bank", [{"revision": 0}], lambda batch: [Verdict("accepted", None, key)]
        )
        found = compare(Journal(tmp_path))
        assert (found.lost, found.ok) == ([key], False)

    def test_an_act_that_was_refused_and_is_there(self, citizen: str, tmp_path: Path) -> None:
        ride = act_now(citizen, "metro")
        drain()
        journal = Journal(tmp_path)
        text = journal.path.read_text().replace('"accepted"', '"rejected"')
        journal.path.write_text(text)
        found = compare(journal)
        assert (found.uninvited, found.ok) == ([ride.event_key], False)

    def test_an_act_that_the_journal_does_not_know(self, citizen: str, tmp_path: Path) -> None:
        act_now(citizen, "metro")
        journal = Journal(tmp_path)
        known = journal.path.read_bytes()
        second = act_now(citizen, "metro")
        journal.path.write_bytes(known)
        drain()
        found = compare(journal)
        assert (found.unheard, found.ok) == ([second.event_key], False)

    def test_a_past_that_was_told_with_arrivals_in_the_future_is_no_part_of_it(
        self, citizen: str, tmp_path: Path
    ) -> None:
        now_us = time.time_ns() // 1_000
        person = citizen.removeprefix("citic-")
        row = just_now(habit_of("bus"), person, now_us, Random(1), free_us=0, time_zone="UTC")
        report = pl.DataFrame([{"row": 0, **row}], {**REPORT, **dict.fromkeys(INPUTS, pl.Int64)})
        tomorrow_us = now_us + 86_400_000_000
        accept(report, partner="bus-demo", programme="citic", received_us=tomorrow_us)
        act_now(citizen, "metro")
        drain()
        assert compare(Journal(tmp_path)).ok

    def test_nothing_equals_nothing(self, citizen: str, tmp_path: Path) -> None:
        assert compare(Journal(tmp_path)).ok
