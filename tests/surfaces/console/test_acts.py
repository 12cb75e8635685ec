"""An act's whole story in sentences, and orders to hold or release it with their reasons."""

from __future__ import annotations

import pytest

from surfaces.console.desk import sit_down
from tanzhang.apps.activities.api import drain, find_event, held_events
from tanzhang.surfaces.console.models import Action

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("acts")]


def key_of(name: str) -> str:
    key = find_event(name)
    assert key is not None
    return key.hex


def test_the_story_is_told_in_english() -> None:
    page = sit_down("somebody", "reader").reads("acts/bikes:r1/")
    for sentence in (
        "bikes reported it as riding: 2025-05-03, 08:00:00 to 08:10:00 (Asia/Shanghai)",
        "The door accepted it at 2025-10-09",
        "It is eligible: consent was live",
        f"It counts before the event {key_of('bank:r2')}, which lost to it.",
        "Pack meituan-bike, version 1, gives 97.4 g before limits.",
        "You rode 2 km",
        "So 97.4 g and 9 points are credited.",
        "Nothing has changed since.",
        "Its latest outcome stands in the log at position",
    ):
        assert sentence in page.text


def test_the_story_is_told_in_chinese() -> None:
    page = sit_down("somebody", "reader", lang="zh-hans").reads("acts/bikes:r1/")
    for sentence in (
        "单车 上报，场景为骑行：2025-05-03 08:00:00 至 08:10:00（Asia/Shanghai）",
        "符合条件：授权有效",
        f"优先于事件 {key_of('bank:r2')}",
        "方法学包 meituan-bike 的 1 版核算得 97.4 克",
        "因此入账 97.4 克，得 9 积分。",
        "此后没有变化。",
    ):
        assert sentence in page.text


def test_the_loser_says_to_whom_it_lost() -> None:
    page = sit_down("somebody", "reader").reads("acts/bank:r2/")
    assert f"It lost to the event {key_of('bikes:r1')}" in page.text
    assert f'href="/console/acts/{key_of("bikes:r1")}/"' in page.source


def test_an_act_that_waits_says_so() -> None:
    from river.reports import act, hand_in

    hand_in(act("later", "05-04 09:00"))
    page = sit_down("somebody", "reader").reads("acts/bikes:later/")
    assert page.status == 200
    assert "It is accepted and waits for settlement." in page.text


def test_an_act_that_nobody_reported_is_not_found() -> None:
    page = sit_down("somebody", "reader").reads("acts/bikes:nothing/")
    assert page.status == 404
    assert "No act is known as “bikes:nothing”." in page.text


def test_an_operator_holds_an_act_with_a_reason_and_releases_it() -> None:
    key = key_of("bikes:r1")
    desk = sit_down("omar", "operator")
    answer = desk.sends(f"acts/{key}/hold/", {"note": "The distance looks odd."})
    assert (answer.status, answer.location) == (302, f"/console/acts/{key}/")
    drain()
    page = desk.reads(f"acts/{key}/")
    assert "omar asked to hold the act" in page.text and "The distance looks odd." in page.text
    assert "it is held since then" in page.text
    assert [line.event for line in held_events(10)] == [key]
    assert key in desk.reads("acts/held/").text
    assert "It counts" not in page.text
    assert desk.reads("acts/bank:r2/").text.count("So 97.4 g") == 1  # the loser counts instead

    desk.sends(f"acts/{key}/release/", {"note": "It was a detour."})
    drain()
    page = desk.reads(f"acts/{key}/")
    assert "omar asked to release the act" in page.text and "So 97.4 g" in page.text
    assert held_events(10) == []


def test_without_a_reason_nothing_is_held_and_nothing_is_written() -> None:
    answer = sit_down("omar", "operator").sends("acts/bikes:r1/hold/", {"note": "  "})
    assert answer.status == 409 and "The reason is empty." in answer.text
    drain()
    assert held_events(10) == []
    assert not Action.objects.exists()


def test_the_form_is_shown_to_those_who_may_use_it() -> None:
    assert "Hold this act" in sit_down("omar", "operator").reads("acts/bikes:r1/").text
    assert "Hold this act" not in sit_down("rita", "reader").reads("acts/bikes:r1/").text
