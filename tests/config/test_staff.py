"""The demonstration's log-ins open nothing where people are real."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, User
from django.test import RequestFactory, override_settings

from clean_database import Database
from tanzhang.config.staff import StaffBackend, staff_names
from tanzhang.surfaces.cli import demo_staff
from tanzhang.surfaces.console.roles import ROLES

pytestmark = pytest.mark.database


def log_in(name: str, password: str) -> object:
    return StaffBackend().authenticate(RequestFactory().get("/"), name, password)


def test_each_role_has_a_log_in_whose_password_stays_the_same() -> None:
    logins = demo_staff.prepare()
    assert [name for name, _ in logins] == [f"demo-{role}" for role in ROLES]
    assert demo_staff.prepare() == logins
    assert len({password for _, password in logins}) == len(logins)
    for (name, password), role in zip(logins, ROLES, strict=True):
        user = log_in(name, password)
        assert isinstance(user, User)
        assert user.is_staff
        assert not user.is_superuser
        assert list(user.groups.values_list("name", flat=True)) == [role]
    assert Group.objects.count() == len(ROLES)


def test_another_installation_has_other_passwords() -> None:
    here = demo_staff.prepare()
    with override_settings(SECRET_KEY="another installation's key"):
        assert dict(here).items() & dict(demo_staff.prepare()).items() == set()


def test_where_people_are_real_neither_password_nor_session_is_good(database: Database) -> None:
    name, password = demo_staff.prepare()[0]
    user = User.objects.get(username=name)
    User.objects.create_user("li", password="a real one")
    database.turn("live")
    assert log_in(name, password) is None
    assert StaffBackend().get_user(user.pk) is None
    assert log_in("li", "a real one") is not None
    database.turn("sandbox")
    assert StaffBackend().get_user(user.pk) == user


def test_the_log_ins_that_open_the_console_are_known_by_name(database: Database) -> None:
    User.objects.create_user("ling", is_staff=True)
    User.objects.create_user("left", is_staff=True, is_active=False)
    User.objects.create_user("partner-member")
    User.objects.create_user("demo-viewer", is_staff=True)
    assert staff_names() == ["demo-viewer", "ling"]
    database.turn("live")
    assert staff_names() == ["ling"]
