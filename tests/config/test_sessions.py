"""Staff and citizens in one browser know nothing of each other, and staff's sessions are short."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from surfaces.console.desk import PASSWORD
from tanzhang.config import sessions
from tanzhang.config.sessions import IDLE, LIFE, staff_cookie

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]


@pytest.fixture
def staff() -> Client:
    """A browser in which somebody logged in at the console."""
    User.objects.create_superuser("root", password=PASSWORD)
    client = Client(SERVER_NAME="localhost")
    client.post("/console/login/", {"username": "root", "password": PASSWORD})
    return client


def works(client: Client) -> bool:
    return client.get("/console/").status_code == 200


def test_the_console_s_cookie_is_its_own_and_travels_nowhere_else(staff: Client) -> None:
    assert works(staff)
    cookie = staff.cookies[staff_cookie()]
    assert cookie["path"] == "/console/"
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert int(cookie["max-age"]) == IDLE.total_seconds()
    assert settings.SESSION_COOKIE_NAME not in staff.cookies


def test_a_citizen_s_session_opens_no_console_and_staff_s_no_account(staff: Client) -> None:
    key = staff.cookies[staff_cookie()].value
    citizen = Client(SERVER_NAME="localhost")
    citizen.cookies[settings.SESSION_COOKIE_NAME] = key  # even if it were the same session
    assert not works(citizen)
    session = Session.objects.get(session_key=key)
    assert "account" not in session.get_decoded()


def test_logging_out_of_one_leaves_the_other(staff: Client) -> None:
    staff.post("/log-out/")
    assert works(staff)
    assert staff.post("/console/logout/").status_code in (200, 302)
    assert not works(staff)


def test_half_an_hour_without_a_page_ends_it_and_each_page_begins_it_anew(staff: Client) -> None:
    key = staff.cookies[staff_cookie()].value
    almost_over = timezone.now() + timedelta(seconds=60)
    Session.objects.filter(session_key=key).update(expire_date=almost_over)
    assert works(staff)
    left = Session.objects.get(session_key=key).expire_date - timezone.now()
    assert timedelta(minutes=29) < left <= IDLE
    Session.objects.filter(session_key=key).update(expire_date=timezone.now())
    assert not works(staff)


def test_a_working_day_ends_it_however_busy_it_was(
    staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = sessions.time.time
    monkeypatch.setattr(sessions.time, "time", lambda: real() + LIFE.total_seconds() - 60)
    assert works(staff)
    monkeypatch.setattr(sessions.time, "time", lambda: real() + LIFE.total_seconds() + 60)
    assert not works(staff)
    monkeypatch.undo()
    assert not works(staff)  # it was forgotten, not only refused
