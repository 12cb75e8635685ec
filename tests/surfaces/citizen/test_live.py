"""An open page learns of news, and of nothing else."""

from __future__ import annotations

import re

import pytest

from river.reports import act, hand_in
from surfaces.citizen.browser import Browser, browser, logged_in
from tanzhang.apps.activities.api import drain

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("acts")]


def stamp_of(source: str) -> str:
    found = re.search(r'data-stamp="([0-9a-f]+)"', source)
    assert found
    return found[1]


def asks(ada: Browser, page: str, stamp: str, **more: str) -> tuple[int, str]:
    answer = ada.opens(f"/live/{page}/", stamp=stamp, **more)
    return answer.status, answer.source


@pytest.mark.parametrize("page", ["home", "records"])
def test_nothing_new_is_an_empty_answer_and_news_come_whole(page: str) -> None:
    ada = logged_in("river-ada")
    stamp = stamp_of(ada.opens(f"/{page}/").source)
    assert asks(ada, page, stamp) == (204, "")
    hand_in(act("new", "05-03 12:00"))
    status, waiting = asks(ada, page, stamp)
    assert status == 200
    assert "has arrived and is being settled" in waiting
    drain()
    status, credited = asks(ada, page, stamp_of(waiting))
    assert status == 200
    assert credited.lstrip().startswith("<div")
    assert asks(ada, page, stamp_of(credited)) == (204, "")


def test_a_filtered_list_keeps_its_filter() -> None:
    ada = logged_in("river-ada")
    source = ada.opens("/records/", scene="walk").source
    assert 'data-live="/live/records/?scene=walk"' in source
    assert asks(ada, "records", "old", scene="walk")[1].count('class="cell linked"') == 1


def test_older_pages_do_not_ask() -> None:
    page = logged_in("river-ada").opens("/records/", before=f"1-{'0' * 32}")
    assert "data-live=" not in page.source
    assert "live.js" not in page.source


def test_who_is_logged_out_is_told_to_stop() -> None:
    assert browser().opens("/live/home/").status == 401


def test_there_are_two_live_pages() -> None:
    assert logged_in("river-ada").opens("/live/me/").status == 404
