"""Partners' people at the console: log-ins to the portal, and the days on which counts differ."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from surfaces.console.desk import sit_down
from tanzhang.surfaces.console.models import Action

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]


def enters(name: str, password: str) -> bool:
    client = Client(SERVER_NAME="localhost")
    sent = {"username": name, "password": password}
    return client.post("/portal/log-in/", sent).status_code == 302


def test_an_administrator_gives_renews_and_takes_back_a_log_in() -> None:
    desk = sit_down("olga", "administrator")
    words = []
    for path in ("add", "renew"):
        page = desk.sends(f"partners/bikes/people/{path}/", {"name": "wang", "manager": "1"})
        assert page.status == 200
        [word] = re.findall(r">([a-z2-9]{16})<", page.source)
        words.append(word)
    assert [enters("wang", word) for word in words] == [False, True]
    assert not User.objects.get(username="wang").is_staff
    assert "wang look and change open" in desk.reads("partners/bikes/").text
    assert desk.sends("partners/bikes/people/close/", {"name": "wang"}).status == 302
    assert not enters("wang", words[1])
    assert list(Action.objects.values_list("verb", "note").order_by("id")) == [
        ("added", "wang"),
        ("added", "wang"),
        ("changed", "wang"),
    ]
    assert "olga closed a portal log-in of bikes." in desk.reads("partners/bikes/").text


@pytest.mark.parametrize("path", ["add", "renew", "close"])
def test_nobody_else_does_and_not_to_another_partner_s_people(path: str) -> None:
    sit_down("olga", "administrator").sends("partners/bank/people/add/", {"name": "zhao"})
    before = Action.objects.count()
    operator = sit_down("omar", "operator", "approver", "auditor")
    assert operator.sends(f"partners/bikes/people/{path}/", {"name": "wang"}).status == 403
    assert "Add the log-in" not in operator.reads("partners/bikes/").text
    olga = sit_down("olga", "administrator")
    assert olga.sends(f"partners/bikes/people/{path}/", {"name": "zhao"}).status in (404, 409)
    demo = sit_down("demo-administrator", "administrator")
    assert demo.sends(f"partners/bikes/people/{path}/", {"name": "wang"}).status == 409
    assert Action.objects.count() == before


def test_operators_see_the_breaks_of_every_partner() -> None:
    from surfaces.portal.histories import history_of
    from tanzhang.apps.activities.api import compare

    history = history_of("bikes")
    desk = sit_down("omar", "reader")
    assert "Only ours None." in desk.reads("partners/bikes/").text
    compare(history.partner_id, history.day, b'{"counts": {"received": 7}, "ids": ["lost"]}')
    page = desk.reads("partners/bikes/").text
    assert f"{history.day} 4 received 2 / 7 lost bikes-1, bikes-2" in page
