"""Log-ins: one-time passwords, lock-out, sessions, and the wall between portal and console."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from clean_database import Database
from surfaces.console.desk import Answer, sit_down
from surfaces.portal.people import somebody
from tanzhang.apps.partners.api import partner
from tanzhang.config.sessions import IDLE, member_cookie, staff_cookie
from tanzhang.problems import Problem
from tanzhang.surfaces.cli import demo_staff
from tanzhang.surfaces.portal.members import (
    add_member,
    close_member,
    member_of,
    members_of,
    renew_password,
)
from tanzhang.surfaces.portal.models import PortalMember, Role

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

OWN = "quite-a-long-password-7"


def bikes() -> int:
    return partner("bikes").id


def browser() -> Client:
    return Client(SERVER_NAME="localhost", headers={"accept-language": "en"})


def log_in(client: Client, name: str, password: str, place: str = "portal/log-in") -> Answer:
    return Answer.of(client.post(f"/{place}/", {"username": name, "password": password}))


def test_a_one_time_password_opens_nothing_but_the_page_to_choose_one() -> None:
    word, client = add_member(bikes(), "wang", Role.VIEWER, by="li"), browser()
    assert log_in(client, "wang", word).location == "/portal/"
    assert client.get("/portal/").headers["Location"] == "/portal/password/"
    assert client.post("/portal/keys/add/").headers["Location"] == "/portal/password/"
    short = {"new_password1": "short", "new_password2": "short"}
    assert client.post("/portal/password/", short).status_code == 422
    chosen = {"new_password1": OWN, "new_password2": OWN}
    assert client.post("/portal/password/", chosen).headers["Location"] == "/portal/"
    assert client.get("/portal/").status_code == 200
    assert log_in(browser(), "wang", word).status == 422
    assert log_in(browser(), "wang", OWN).location == "/portal/"


def test_a_member_never_enters_the_console() -> None:
    person = somebody("bikes")
    user = User.objects.get(username=person.name)
    user.groups.set(Group.objects.all())  # even with every role there is
    user.set_password(OWN)
    user.save()
    client = browser()
    log_in(client, person.name, OWN, "console/login")
    assert client.get("/console/").status_code == 302
    client.cookies[staff_cookie()] = person.client.cookies[member_cookie()].value
    assert client.get("/console/").status_code == 302
    assert client.get("/console/partners/").status_code == 302


def test_staff_and_superusers_have_no_place_in_the_portal() -> None:
    desk = sit_down("olga", "administrator", superuser=True)
    user = User.objects.get(username="olga")
    user.set_password(OWN)
    user.save()
    assert log_in(browser(), "olga", OWN).status == 422
    client = browser()
    client.cookies[member_cookie()] = desk.client.cookies[staff_cookie()].value
    assert client.get("/portal/").headers["Location"] == "/portal/log-in/"
    role = {"role": Role.MANAGER, "password_is_temporary": False}
    PortalMember.objects.create(user=user, partner_id=bikes(), **role)
    assert member_of(user) is None


def test_an_administrator_makes_nobody_of_a_partner_staff() -> None:
    person = somebody("bikes")
    user = User.objects.get(username=person.name)
    desk = sit_down("olga", "administrator")
    assert person.name not in desk.reads("auth/user/").text
    desk.sends(f"auth/user/{user.pk}/change/", {"username": person.name, "is_active": "on"})
    user.refresh_from_db()
    assert not user.is_staff


@pytest.mark.parametrize("name", ["wang", "olga"])
def test_five_wrong_passwords_close_the_name_from_here(name: str) -> None:
    add_member(bikes(), "wang", Role.VIEWER, by="li")
    User.objects.create_user("olga", password=OWN, is_staff=True)
    client = browser()
    # What is right for staff is as wrong here as anything else.
    answers = [log_in(client, name, OWN) for _ in range(5)]
    assert [answer.status for answer in answers[:4]] == [422] * 4
    assert answers[4].status == 429
    assert "closed for a quarter of an hour" in answers[4].text
    assert "portal.css" in answers[4].source
    renewed = renew_password(bikes(), "wang", by="li")
    if name == "wang":
        assert log_in(client, name, renewed).status == 429


def test_the_portal_s_cookie_is_its_own_and_its_session_is_short() -> None:
    word, client = add_member(bikes(), "wang", Role.VIEWER, by="li"), browser()
    log_in(client, "wang", word)
    cookie = client.cookies[member_cookie()]
    assert cookie["path"] == "/portal/"
    assert cookie["httponly"]
    assert int(cookie["max-age"]) == IDLE.total_seconds()
    assert settings.SESSION_COOKIE_NAME not in client.cookies
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert client.get("/portal/").headers["Location"] == "/portal/log-in/"


def test_whoever_is_closed_is_out_at_her_next_page() -> None:
    person = somebody("bikes")
    assert person.reads().status == 200
    close_member(bikes(), person.name, by="li")
    assert person.reads().location == "/portal/log-in/"
    assert [each.is_open for each in members_of(bikes())] == [False]
    for change in (close_member, renew_password):
        with pytest.raises(Problem, match="member_unknown"):
            change(bikes(), person.name, by="li")


def test_a_new_password_ends_every_session() -> None:
    person = somebody("bikes")
    renew_password(bikes(), person.name, by="li")
    assert person.reads().location == "/portal/log-in/"


def test_a_name_is_taken_once_and_belongs_to_one_partner() -> None:
    add_member(bikes(), "wang", Role.VIEWER, by="li")
    for code in ("bikes", "bank"):
        with pytest.raises(Problem, match="name_taken"):
            add_member(partner(code).id, "wang", Role.MANAGER, by="li")
    with pytest.raises(Problem, match="name_unfit"):
        add_member(bikes(), "two words", Role.VIEWER, by="li")
    with pytest.raises(Problem, match="member_unknown"):
        renew_password(partner("bank").id, "wang", by="li")
    assert members_of(partner("bank").id) == []


def test_a_demonstration_s_log_in_is_good_only_there(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo_staff, "PARTNER", "bikes")
    name, word = demo_staff.prepare_member()
    assert demo_staff.prepare_member() == (name, word)
    assert name == "demo-partner"
    client = browser()
    assert log_in(client, name, word).location == "/portal/"
    assert client.get("/portal/keys/").status_code == 200
    database.turn("live")
    assert client.get("/portal/keys/").status_code == 302
    assert log_in(browser(), name, word).status == 422
    with pytest.raises(Problem, match="name_unfit"):
        add_member(bikes(), "demo-other", Role.VIEWER, by="li")
