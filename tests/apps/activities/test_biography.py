"""An act's life is told from what is stored: its pieces, its rivals, its cuts, its changes."""

from __future__ import annotations

import pytest
from apps_world import RECEIVED_US, instant, report, ride

from tanzhang.apps.activities.api import Biography, accept, biography, drain, find_event
from tanzhang.apps.activities.biography import _words
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.problems import Problem

pytestmark = pytest.mark.database


def settle(*rows: dict[str, object]) -> None:
    accept(report(*rows), partner="bikes", programme="lake", received_us=RECEIVED_US, enrol=True)
    drain()


def life(name: str, lang: str = "en") -> Biography:
    key = find_event(name)
    assert key is not None
    return biography(key, rulebook_in_force(), lang)


def texts(told: Biography, topic: str) -> str:
    return " ".join(line.text for line in told.sentences if line.topic == topic)


@pytest.mark.usefixtures("lake")
def test_the_topics_come_in_the_order_in_which_an_act_lives() -> None:
    settle(ride())
    told = life("bikes:r1")
    topics = list(dict.fromkeys(line.topic for line in told.sentences))
    assert topics == [
        "report",
        "eligibility",
        "conflicts",
        "amount",
        "limits",
        "later",
        "proof",
    ]
    assert told.account is not None and told.programme == "lake"
    assert told.story is not None and told.story.reduction_mg == 112_010


@pytest.mark.usefixtures("lake")
def test_winner_and_loser_name_each_other() -> None:
    settle(ride("r1"), ride("r2", started_us=instant("2024-05-01 08:05"), grade=1))
    winner, loser = life("bikes:r1"), life("bikes:r2")
    assert [line.event for line in winner.sentences if line.event] == [loser.event]
    assert [line.event for line in loser.sentences if line.event] == [winner.event]
    assert "lost to it" in texts(winner, "conflicts")
    assert "It lost to the event" in texts(loser, "conflicts")
    assert "No other act" in texts(life_alone(), "conflicts")


def life_alone() -> Biography:
    settle(ride("r9", person="bo"))
    return life("bikes:r9")


@pytest.mark.usefixtures("lake")
def test_a_limit_s_cut_is_told_with_its_name() -> None:
    settle(ride("w1", scene="walk", in_distance_m=None, in_steps=90_000))
    cut = texts(life("bikes:w1"), "limits")
    assert "The limit “" in cut and "of hankou-walk took" in cut


@pytest.mark.usefixtures("lake")
def test_a_correction_is_told_with_its_difference() -> None:
    settle(ride())
    settle(ride(revision=1, in_distance_m=4600))
    later = texts(life("bikes:r1"), "later")
    assert "(correction by the partner): +112.01 g, +112 points" in later


@pytest.mark.usefixtures("lake")
def test_a_rejected_act_says_why_and_has_no_amount() -> None:
    settle(ride(ended_us=instant("2024-05-01 08:00")))  # 2,300 m in no time
    told = life("bikes:r1")
    assert "too_fast" in texts(told, "eligibility")
    assert "No other act" not in texts(told, "conflicts")


@pytest.mark.usefixtures("lake")
def test_a_life_is_told_in_chinese() -> None:
    settle(ride())
    told = life("bikes:r1", "zh")
    assert "单车 上报，场景为骑行" in texts(told, "report")
    assert "入账 112.01 克" in texts(told, "limits")


@pytest.mark.usefixtures("lake")
def test_an_accepted_act_waits_until_it_is_settled() -> None:
    accept(report(ride()), partner="bikes", programme="lake", received_us=RECEIVED_US, enrol=True)
    told = life("bikes:r1")
    assert (told.account, told.story) == (None, None)
    assert [line.text for line in told.sentences] == ["It is accepted and waits for settlement."]


@pytest.mark.usefixtures("lake")
def test_what_nobody_reported_is_no_event() -> None:
    assert find_event("bikes:r1") is None
    assert find_event("f" * 32) is None
    assert find_event("no key") is None
    with pytest.raises(Problem, match=r"partners\.partner_unknown"):
        find_event("nobody:r1")


def test_every_sentence_exists_in_both_languages() -> None:
    for topic in _words().values():
        assert all(set(sentence) == {"en", "zh"} for sentence in topic.values())
