"""Letting somebody in: what a long silence changes, and what a log-in ends."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from people_groups import account
from people_world import bank

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people
from tanzhang.problems import Problem

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]

Way = people.Way
NUMBER = "11010519491231002X"


def later(**passed: int) -> datetime:
    return timezone.now() + timedelta(**passed)


def ways_of(owner: people.AccountEntry) -> dict[people.Way, datetime]:
    """When each way in last opened the account."""
    with bulk_transaction() as cursor:
        cursor.execute("select way, at from last_log_in where account_id = %s", [owner.id])
        return {people.Way(way): at for way, at in cursor.fetchall()}


def test_a_log_in_is_noted() -> None:
    ada = account("ada")
    assert ways_of(ada) == {}
    now = timezone.now()
    assert people.admit(ada.id, Way.PHONE, now) == people.Admitted(cancelled=False)
    then = now + timedelta(seconds=1)
    people.admit(ada.id, Way.CHANNEL, then)
    assert ways_of(ada) == {Way.PHONE: now, Way.CHANNEL: then}


def test_after_a_long_time_a_phone_alone_opens_nothing() -> None:
    ada, then = account("ada"), later(days=300)
    people.admit(ada.id, Way.PHONE, then)
    with pytest.raises(Problem, match="dormant"):
        people.admit(ada.id, Way.PHONE, later(days=661))
    with pytest.raises(Problem, match="dormant"):
        people.admit(ada.id, Way.CHANNEL, later(days=661))
    assert ways_of(ada) == {Way.PHONE: then}


def test_a_host_wakes_an_account_and_its_phone_opens_it_again() -> None:
    ada = account("ada")
    people.admit(ada.id, Way.HOST, later(days=400))
    people.admit(ada.id, Way.PHONE, later(days=401))
    assert [entry.kind for entry in people.identity_history(ada.id)] == [people.EventKind.WOKE]


def test_a_phone_sleeps_while_its_account_is_opened_by_the_host_every_day() -> None:
    ada = account("ada")
    people.admit(ada.id, Way.PHONE, later(days=1))
    for day in (300, 600, 900):
        people.admit(ada.id, Way.HOST, later(days=day))
    with pytest.raises(Problem, match="dormant"):
        people.admit(ada.id, Way.PHONE, later(days=901))
    people.vouch(ada, bank(), "id_number", people.identity_digest("id_number", NUMBER))
    people.wake(ada.id, Way.PHONE, NUMBER, later(days=901))
    people.admit(ada.id, Way.PHONE, later(days=902))


def test_the_vouched_number_wakes_an_account_and_another_does_not() -> None:
    ada = account("ada")
    with pytest.raises(Problem, match="number_differs"):
        people.wake(ada.id, Way.PHONE, NUMBER)
    people.vouch(ada, bank(), "id_number", people.identity_digest("id_number", NUMBER))
    with pytest.raises(Problem, match="number_differs"):
        people.wake(ada.id, Way.PHONE, "110105199003070011", later(days=400))
    people.wake(ada.id, Way.PHONE, NUMBER, later(days=400))
    people.admit(ada.id, Way.PHONE, later(days=401))


def test_how_long_is_long_is_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    ada = account("ada")
    monkeypatch.setenv("TANZHANG_DORMANT_MONTHS", "2")
    people.admit(ada.id, Way.PHONE, later(days=59))
    with pytest.raises(Problem, match="dormant"):
        people.admit(ada.id, Way.PHONE, later(days=120))
    for wrong in ("0", "121", "a year", "-1"):
        monkeypatch.setenv("TANZHANG_DORMANT_MONTHS", wrong)
        with pytest.raises(Problem, match="days_malformed"):
            people.dormant_after()


def test_a_new_way_in_moves_nothing_of_value_for_a_day() -> None:
    ada = account("ada")
    people.link_phone(ada, "13800000001")
    with bulk_transaction() as cursor:
        assert people.quiet_until(cursor, ada.id) is None
        now = timezone.now()
        people.note_identity(cursor, ada.id, people.EventKind.NUMBER_CHANGED, at=now)
        assert people.quiet_until(cursor, ada.id, now) == now + timedelta(hours=24)
        assert people.quiet_until(cursor, ada.id, now + timedelta(hours=24)) is None
        people.note_identity(cursor, ada.id, people.EventKind.VOUCHED, at=now)
        assert people.quiet_until(cursor, ada.id, now + timedelta(hours=24)) is None


def test_a_channel_that_was_just_linked_moves_nothing_for_a_day() -> None:
    ada = account("ada")
    index = people.subject_index(people.Channel.WECHAT, "app|openid")
    people.link(people.Channel.WECHAT, index, ada)
    with bulk_transaction() as cursor:
        until = people.quiet_until(cursor, ada.id)
    assert until is not None and until > later(hours=23)
