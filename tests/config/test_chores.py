"""What is over is forgotten; what is not stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from axes.models import AccessLog
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from clean_database import Database
from tanzhang.apps.ledger.api import latest_root
from tanzhang.config import chores, database
from tanzhang.crypto import Purpose, open_store
from tanzhang.problems import Problem

pytestmark = pytest.mark.database


def session(days: int) -> str:
    """A session that ends in so many days."""
    store = SessionStore()
    store["account"] = 7
    store.set_expiry(timezone.now() + timedelta(days=days))
    store.save()
    return str(store.session_key)


def log_in(days_ago: int) -> int:
    """A record of a log-in."""
    made = AccessLog.objects.create(username="li", ip_address="192.0.2.7")
    AccessLog.objects.filter(pk=made.pk).update(
        attempt_time=timezone.now() - timedelta(days=days_ago)
    )
    return int(made.pk)


def test_ended_sessions_and_log_ins_of_long_ago_are_forgotten() -> None:
    open_session = session(1)
    session(-1)
    log_in(200)
    recent = log_in(100)
    assert chores.do_all()
    assert [found.session_key for found in Session.objects.all()] == [open_session]
    assert [found.pk for found in AccessLog.objects.all()] == [recent]


def test_of_two_who_do_the_chores_one_waits_for_another_time(database: Database) -> None:
    with database.connect("app", autocommit=True) as other:
        other.execute("select pg_advisory_lock(%s)", [chores.LOCK])
        assert not chores.do_all()
        other.execute("select pg_advisory_unlock(%s)", [chores.LOCK])
    assert chores.do_all()


def test_chores_are_done_at_once_and_not_again_before_their_time() -> None:
    session(-1)
    looks = iter([False, False, True])
    chores.run(lambda: next(looks))
    assert not Session.objects.exists()


def test_the_scheduler_closes_days_with_the_installations_own_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sealed: list[str] = []
    monkeypatch.setattr(chores, "make_due_files", lambda seal: sealed.append(seal.key.key_id))
    assert chores.do_all()
    assert sealed == [open_store(database.home()).current(Purpose.SIGN).key_id]


def test_a_chore_that_fails_is_logged_with_its_code_and_stops_no_other(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
        raise ExceptionGroup("days", [Problem("intake.batch_empty"), ValueError("odd")])

    closed: list[object] = []
    monkeypatch.setattr(chores, "carry_out_closings", broken)
    monkeypatch.setattr(chores, "publish_roots", broken)
    monkeypatch.setattr(chores, "make_due_files", closed.append)
    monkeypatch.setattr(chores, "carry_on_suspicions", lambda: closed.append("carried"))
    session(-1)
    looks = iter([False, True])
    chores.run(lambda: next(looks))
    assert len(closed) == 2, "days are closed and suspicions carried on"
    assert not Session.objects.exists()
    said = [record.getMessage() for record in caplog.records if record.name == "tanzhang.chores"]
    assert said == [
        "The chore “broken” failed: intake.batch_empty, ValueError.",
        "1 of 6 chores failed: broken.",
        "The chore “broken” failed: intake.batch_empty, ValueError.",
        "1 of 2 chores failed: broken.",
    ]
    assert chores.do_all(), "the lock is free again"


@pytest.mark.usefixtures("river")
def test_a_root_is_made_and_published_while_anything_is_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from river.reports import act, hand_in
    from tanzhang.apps.activities.api import drain

    monkeypatch.setattr(chores, "published_roots", lambda: tmp_path)
    chores.publish_roots()
    assert latest_root() is None
    hand_in(act("b1", "05-30 08:00"))
    drain()
    chores.publish_roots()
    made = latest_root()
    assert made is not None
    chores.publish_roots()
    assert latest_root() == made
    assert (tmp_path / "latest.json").read_bytes() == made.document


@pytest.mark.usefixtures("river")
def test_a_threshold_of_the_law_that_is_passed_is_logged_once_a_day(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from tanzhang.apps.people.consenting import thresholds

    law = {"zh": "某法。", "en": "An act."}
    reached = thresholds.Threshold("mine", "persons", 6, law, law)
    beyond = thresholds.Threshold("other", "persons", 7, law, law)
    monkeypatch.setattr(thresholds, "_thresholds", lambda: (reached, beyond))
    monkeypatch.setattr(chores, "_volumes_seen_on", None)
    now = datetime(2026, 3, 1, 15, 59, tzinfo=UTC)  # the last minute of a day in China
    monkeypatch.setattr(chores, "timezone", SimpleNamespace(now=lambda: now))

    def said() -> list[tuple[object, ...]]:
        told = [vars(each) for each in caplog.records if each.name == "tanzhang.chores"]
        return [(each["threshold"], each["people"], each["from_people"]) for each in told]

    chores.look_at_volumes()
    assert said() == [], "nobody here is real"
    database.turn("live")
    for _ in range(2):
        chores.look_at_volumes()
    assert said() == [("mine", 6, 6)]
    now += timedelta(minutes=1)
    assert chores.do_all()
    assert said() == [("mine", 6, 6)] * 2
