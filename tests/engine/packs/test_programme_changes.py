"""What changes between two versions of a programme, in sentences."""

from __future__ import annotations

from pathlib import Path

import pytest

from tanzhang.engine.packs.programme_changes import programme_changes
from tanzhang.engine.packs.tree import day_of

from .folders import Edit, loaded, write_folder

FIRST = day_of("2021-03-01")
SECOND = "    valid_from: 2021-01-01\n    scenes:\n"
SOON = "      soon: {title: {zh: 将来, en: soon}, state: planned}\n"
BUS = "      bus: {title: {zh: 公交, en: bus}, pack: ride, partners: [bikes]}\n"
POINTS = "    points:\n      per_act"
OURS = "kind: assumption, source: {zh: 自定, en: ours}"
SECOND_BIKE = SECOND + "      bike: {title: {zh: 单车, en: bike}, pack: ride, partners: [bikes]}\n"


def told(folder: Path, *edits: Edit, before: str | None = "1", lang: str = "en") -> list[str]:
    programme = loaded(write_folder(folder, programme=edits)).programmes["city"]
    return [one.text(lang) for one in programme_changes(programme, before, "2", FIRST)]


def test_points_and_limits_are_told(tmp_path: Path) -> None:
    assert told(tmp_path) == [
        "It follows version 1 from 2021-03-01 on.",
        "The limit “daily_all” (at most 1 kg a day for each account) is dropped.",
        "The methodology's limit “ride/daily” is no longer replaced by at most 100 g a day.",
        "Points: years until points expire changes from none to 1.",
        "Points: points for an act of ride changes from none to 5.",
        "Points: grams for one point changes from 10 g to none.",
        "Points: the most points a day changes from 20 to none.",
    ]


def test_the_same_is_told_in_chinese(tmp_path: Path) -> None:
    assert told(tmp_path, lang="zh") == [
        "自 2021-03-01 起接续版本 1。",
        "取消限额“daily_all”（每个账户每日至多 1 千克）。",
        "方法学限额“ride/daily”不再按每日至多 100 克执行。",
        "积分：积分到期年数由 无 改为 1。",
        "积分：ride 每次行为的积分由 无 改为 5。",
        "积分：每分对应的克数由 10 克 改为 无。",
        "积分：每日至多积分由 20 改为 无。",
    ]


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        ((SECOND, SECOND + BUS), "The scene “bus” is added and connected, counted by ride."),
        ((SECOND, SECOND + SOON), "The scene “soon” is announced as planned."),
        (
            (SECOND_BIKE, SECOND + BUS),
            "The scene “bike” is dropped; its acts are refused.",
        ),
        (
            (SECOND_BIKE, SECOND_BIKE.replace("bikes]", "bikes], state: planned")),
            "The scene “bike” is planned again: its acts are refused.",
        ),
        (
            (SECOND_BIKE, SECOND_BIKE.replace("en: bike}", "en: cycling}")),
            "The title or the note of the scene “cycling” changes.",
        ),
        (
            (SECOND_BIKE, SECOND_BIKE.replace("pack: ride, partners: [bikes]", "state: planned")),
            "The scene “bike” is counted by none, before by ride.",
        ),
    ],
)
def test_what_happens_to_a_scene_is_told(tmp_path: Path, edit: Edit, sentence: str) -> None:
    assert sentence in told(tmp_path, edit)


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        (
            f"    limits: {{daily_all: {{scope: account, amount: 2 kg, per: day, {OURS}}}}}\n",
            "The limit “daily_all” changes from at most 1 kg a day for each account to at most "
            "2 kg a day for each account.",
        ),
        (
            f"    limits: {{new: {{scope: programme, count: 3, per: week, {OURS}}}}}\n",
            "The limit “new” is added: at most 3 acts a week for each person.",
        ),
        (
            f"    replaces:\n      - {{pack: ride, limit: daily, amount: 50 g, {OURS}}}\n",
            "In place of the methodology's limit “ride/daily”, at most 50 g a day holds instead "
            "of at most 100 g a day.",
        ),
    ],
)
def test_what_happens_to_a_limit_is_told(tmp_path: Path, limits: str, sentence: str) -> None:
    assert sentence in told(tmp_path, (POINTS, limits + POINTS))


def test_a_methodologys_limit_that_is_replaced_is_told(tmp_path: Path) -> None:
    first = f"    replaces:\n      - {{pack: ride, limit: daily, amount: 100 g, {OURS}}}\n"
    second = (POINTS, first.replace("100 g", "50 g") + POINTS)
    assert "The methodology's limit “ride/daily” is replaced by at most 50 g a day." in told(
        tmp_path, (first, ""), second
    )


def test_who_may_report_is_told_by_title(tmp_path: Path) -> None:
    another = ("  bikes: {title", "  buses: {title: {zh: 公交, en: buses}}\n  bikes: {title")
    both = (SECOND_BIKE, SECOND_BIKE.replace("[bikes]", "[bikes, buses]"))
    assert "Who may report the scene “bike” changes from bikes to bikes, buses." in told(
        tmp_path, another, both
    )


def test_a_first_version_is_told_whole(tmp_path: Path) -> None:
    assert told(tmp_path, before=None) == [
        "No version of this programme is in force yet.",
        "It applies to acts from 2021-03-01 on; end (exclusive): none.",
        "The scene “bike” is added and connected, counted by ride.",
        "Points: years until points expire is 1.",
        "Points: points for an act of ride is 5.",
    ]
