"""A person disputes what was decided, in her own words."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

import pytest
from appeal_world import disputed, entry, event, of, tell
from apps_world import instant, ride

from clean_database import Database
from tanzhang.apps.activities.appeals.models import AppealAbout
from tanzhang.apps.activities.appeals.reading import appeals_of
from tanzhang.apps.activities.appeals.writing import appeal, withdraw_appeal
from tanzhang.apps.database import bulk_transaction
from tanzhang.problems import Problem

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]


def test_an_appeal_names_the_outcome_and_the_last_day() -> None:
    tell(ride())
    at = datetime(2026, 11, 1, 12, tzinfo=UTC)
    found = entry(appeal(of(), event(), AppealAbout.ACT, " 距离不对 ", at=at))
    assert (found.event, found.outcome_no, found.status) == (event().hex, 0, "credited")
    assert (found.words, found.worth_mg, found.due_on) == ("距离不对", 112_010, date(2026, 12, 1))
    assert found.is_open


def test_the_loser_of_a_conflict_disputes_what_the_act_would_have_been_worth() -> None:
    tell(ride("r1"), ride("r2", started_us=instant("2024-05-01 08:05")))
    found = entry(disputed("duplicate"))
    assert (found.status, found.worth_mg) == ("duplicate", 112_010)


def test_what_she_writes_is_nowhere_in_plain_text(database: Database) -> None:
    tell(ride())
    disputed(words="needle-in-an-appeal")
    with database.connect("owner") as owner:
        ((words,),) = owner.execute("select words from appeal").fetchall()
    assert b"needle" not in bytes(words)


def test_an_appeal_about_the_account_names_no_act() -> None:
    tell(ride())
    found = entry(appeal(of(), event(), AppealAbout.ACCOUNT, "为何冻结"))
    assert (found.about, found.event, found.partner_id) == (AppealAbout.ACCOUNT, None, None)


def test_nobody_appeals_about_somebody_elses_act() -> None:
    tell(ride("r1"), ride("r2", person="bo"))
    with pytest.raises(Problem, match=r"appeals\.act_unknown"):
        appeal(of("bo"), event(), AppealAbout.ACT, "mine?")


@pytest.mark.parametrize("key", [None, uuid.UUID(int=4_711)])
def test_an_act_that_is_not_there_cannot_be_disputed(key: uuid.UUID | None) -> None:
    tell(ride())
    with pytest.raises(Problem, match=r"appeals\.act_unknown"):
        appeal(of(), key, AppealAbout.ACT, "which?")


def test_one_appeal_about_one_thing_is_open_at_a_time() -> None:
    tell(ride())
    number = disputed()
    with pytest.raises(Problem, match=r"appeals\.made_already"):
        disputed()
    appeal(of(), None, AppealAbout.ACCOUNT, "another thing")
    withdraw_appeal(of(), number)
    assert disputed() > number


def test_an_appeal_without_a_word_is_refused() -> None:
    tell(ride())
    with pytest.raises(Problem, match=r"appeals\.words_missing"):
        disputed(words=" \n ")


def test_nobody_takes_back_an_appeal_of_somebody_else() -> None:
    tell(ride("r1"), ride("r2", person="bo"))
    number = disputed()
    with pytest.raises(Problem, match=r"appeals\.number_unknown"):
        withdraw_appeal(of("bo"), number)
    assert entry(number).is_open


def test_a_person_reads_her_own_appeals_alone() -> None:
    tell(ride("r1"), ride("r2", person="bo"))
    number = disputed()
    with bulk_transaction() as cursor:
        assert [one.id for one in appeals_of(cursor, of().subject_id)] == [number]
        assert [one.id for one in appeals_of(cursor, of().subject_id, event().hex)] == [number]
        assert appeals_of(cursor, of("bo").subject_id) == []
