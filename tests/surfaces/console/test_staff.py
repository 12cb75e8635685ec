"""Log-ins: administrators add them and give roles; five wrong passwords close one."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from surfaces.console.desk import PASSWORD, Answer, sit_down
from tanzhang.surfaces.console.models import Action

pytestmark = pytest.mark.database


def log_in(name: str, password: str) -> Answer:
    client = Client(SERVER_NAME="localhost", headers={"accept-language": "en"})
    answer = client.post("/console/login/", {"username": name, "password": password})
    return Answer.of(answer)


def colleague(name: str = "omar") -> User:
    user = User.objects.create_user(name, password=PASSWORD, is_staff=True)
    user.groups.add(Group.objects.get(name="operator"))
    return user


def test_staff_logs_in_and_lands_on_the_start_page() -> None:
    colleague()
    assert log_in("omar", PASSWORD).location == "/console/"


def test_a_citizen_s_kind_of_log_in_gets_in_nowhere() -> None:
    User.objects.create_user("no-staff", password=PASSWORD)
    assert log_in("no-staff", PASSWORD).status == 200


def test_five_wrong_passwords_close_the_name_even_to_the_right_one() -> None:
    colleague()
    statuses = [log_in("omar", "wrong").status for _ in range(5)]
    assert statuses == [200, 200, 200, 200, 429]
    answer = log_in("omar", PASSWORD)
    assert answer.status == 429 and "Wait fifteen minutes" in answer.text


def test_another_name_is_not_closed_with_it() -> None:
    colleague()
    colleague("olga")
    for _ in range(5):
        log_in("omar", "wrong")
    assert log_in("olga", PASSWORD).status == 302


def test_an_administrator_adds_a_log_in_and_gives_it_a_role() -> None:
    desk = sit_down("ana", "administrator")
    answer = desk.sends(
        "auth/user/add/",
        {
            "username": "newt",
            "usable_password": "true",
            "password1": PASSWORD,
            "password2": PASSWORD,
        },
    )
    made = User.objects.get(username="newt")
    assert answer.status == 302 and made.is_staff and not made.is_superuser
    assert not made.groups.exists()
    reader = Group.objects.get(name="reader")
    fields = {"username": "newt", "groups": str(reader.id), "is_active": "on"}
    assert desk.sends(f"auth/user/{made.id}/change/", fields).status == 302
    assert list(made.groups.all()) == [reader]
    told = desk.reads("actions/").text
    assert "ana added the log-in newt." in told and "ana changed the log-in newt." in told


def new_log_in(name: str) -> dict[str, str]:
    passwords = {"password1": PASSWORD, "password2": PASSWORD}
    return {"username": name, "usable_password": "true", **passwords}


def test_a_log_in_of_the_demonstration_adds_and_changes_only_its_kind() -> None:
    desk = sit_down("demo-ana", "administrator")
    answer = desk.sends("auth/user/add/", new_log_in("newt"))
    assert answer.status == 200 and "only names that begin with “demo-”" in answer.text
    assert not User.objects.filter(username="newt").exists()
    assert desk.sends("auth/user/add/", new_log_in("demo-newt")).status == 302
    made = User.objects.get(username="demo-newt")
    change = {"username": "demo-newt", "is_active": "on"}
    assert desk.sends(f"auth/user/{made.pk}/change/", change).status == 302
    real = colleague()
    assert desk.sends(f"auth/user/{real.pk}/change/", change).status == 403
    new = {"password1": "another-long-one-9", "password2": "another-long-one-9"}
    assert desk.sends(f"auth/user/{real.pk}/password/", new).status == 403


def test_nobody_gives_herself_a_role() -> None:
    desk = sit_down("ana", "administrator")
    own = User.objects.get(username="ana")
    approver = Group.objects.get(name="approver")
    desk.sends(f"auth/user/{own.id}/change/", {"username": "ana", "groups": str(approver.id)})
    assert {group.name for group in own.groups.all()} == {"administrator"}


def test_an_administrator_makes_nobody_a_superuser_and_takes_no_superuser_over() -> None:
    desk = sit_down("ana", "administrator")
    user = colleague()
    desk.sends(
        f"auth/user/{user.id}/change/",
        {"username": "omar", "is_active": "on", "is_superuser": "on", "user_permissions": "1"},
    )
    user.refresh_from_db()
    assert not user.is_superuser and not user.user_permissions.exists()
    root = User.objects.create_superuser("root", password=PASSWORD)
    assert desk.sends(f"auth/user/{root.id}/change/", {"username": "boss"}).status == 403
    new = {"password1": "another-long-one-9", "password2": "another-long-one-9"}
    assert desk.sends(f"auth/user/{root.id}/password/", new).status == 403


def test_nobody_is_deleted() -> None:
    user = colleague()
    desk = sit_down("root", superuser=True)
    assert desk.sends(f"auth/user/{user.id}/delete/", {"post": "yes"}).status == 403
    assert User.objects.filter(pk=user.pk).exists()


def test_who_has_not_the_role_changes_no_log_in() -> None:
    user = colleague()
    desk = sit_down("rita", "auditor")
    assert desk.sends(f"auth/user/{user.id}/change/", {"username": "x"}).status == 403
    assert not Action.objects.exists()
