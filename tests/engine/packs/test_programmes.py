"""Programmes: scenes, partners, limits and points from a file, and what is wrong with one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tanzhang.engine.packs import build_rulebook
from tanzhang.engine.rules import Kind, Limit, Period, Points, Scope
from tanzhang.problems import Problem

from .folders import Edit, found, loaded, write_folder


def test_a_programme_becomes_rules(tmp_path: Path) -> None:
    programme = loaded(write_folder(tmp_path, programme=())).programmes["city"]
    first, second = programme.rules.versions
    assert (programme.rules.time_zone, first.scenes) == ("Asia/Shanghai", {"bike": "ride"})
    assert (first.valid_from, first.valid_to, second.valid_from) == (18262, 18628, 18628)
    assert first.limits == (
        Limit(
            "city", "daily_all", Kind.AMOUNT, Scope.ACCOUNT, Period.DAY, 1_000_000, from_pack=False
        ),
        Limit("ride", "daily", Kind.AMOUNT, Scope.ITEM, Period.DAY, 100_000),
    )
    assert first.points == Points(unit_mg=10_000, daily_max=20)
    assert second.points == Points(per_act={"ride": 5}, expires_after_years=1)


def test_a_partner_says_how_its_ids_carry_time(tmp_path: Path) -> None:
    dated = ("bikes: {title", "bikes: {id_time: uuid7, title")
    assert loaded(write_folder(tmp_path, programme=[dated])).programmes["city"].id_times == {
        "bikes": "uuid7"
    }
    assert loaded(write_folder(tmp_path, programme=())).programmes["city"].id_times == {
        "bikes": "none"
    }


def test_only_listed_partners_may_report_a_scene(tmp_path: Path) -> None:
    programme = loaded(write_folder(tmp_path, programme=())).programmes["city"]
    assert programme.may_report("bikes", "bike")
    assert not programme.may_report("bikes", "bus")
    assert not programme.may_report("buses", "bike")


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (("time_zone: Asia/Shanghai", "time_zone: Asia/Atlantis"), "packs.time_zone_unknown"),
        (("id: city", "id: town"), "packs.id_differs"),
        (("valid_to: 2021-01-01", "valid_to: 2020-12-01"), "packs.programme_versions_gap"),
        (("valid_to: 2021-01-01", "valid_to: 2021-02-01"), "packs.programme_versions_gap"),
        (("limit: daily,", "limit: weekly,"), "packs.limit_unknown"),
        (("amount: 100 g", "count: 100"), "packs.limit_unknown"),
        (("{pack: ride, limit: daily", "{pack: walk, limit: daily"), "packs.limit_unknown"),
        (("scope: account", "scope: item"), "packs.value_not_listed"),
        (("amount: 1 kg, ", ""), "packs.limit_without_value"),
        (("grams_per_point: 10 g", "grams_per_point: 10 m"), "packs.unit_mismatch"),
        (("daily_max: 20", "daily_max: 20.5"), "packs.number_not_whole"),
        (("title: {zh: 城市, en: city}", "title: {zh: 城市}"), "packs.language_missing"),
        (
            (
                "amount: 100 g, kind: assumption, source: {zh: 自定, en: ours}",
                "amount: 100 g, kind: assumption",
            ),
            "packs.source_missing",
        ),
        (
            (
                "    replaces:\n",
                "    replaces:\n      - {pack: ride, limit: daily, amount: 5 g, kind: assumption,"
                " source: {zh: 自定, en: ours}}\n",
            ),
            "packs.limit_repeated",
        ),
        (
            (
                "    points:\n      per_act",
                "    limits: {daily_all: {scope: account, count: 3, per: day,"
                " kind: assumption, source: {zh: 自定, en: ours}}}\n    points:\n      per_act",
            ),
            "packs.limit_changed",
        ),
        (
            ("bikes: {title: {zh: 单车, en: bikes}}", "others: {title: {zh: 单车, en: bikes}}"),
            "packs.partner_unknown",
        ),
        (("bikes: {title", "bikes: {colour: red, title"), "packs.key_unknown"),
        (("per_act: {ride: 5}", "per_act: {ride: -1}"), "packs.number_not_whole"),
        (("daily_max: 20", "daily_max: 0.5"), "packs.number_not_whole"),
        (("bikes: {title", "bikes: {id_time: noon, title"), "packs.value_not_listed"),
    ],
)
def test_a_fault_of_a_programme_is_found(tmp_path: Path, edit: Edit, code: str) -> None:
    faults = found(write_folder(tmp_path, programme=[edit]))
    assert code in [fault[0] for fault in faults if fault[1] == "programme.yaml"], faults


def test_a_scene_of_an_unknown_pack_is_a_fault(tmp_path: Path) -> None:
    scenes = "valid_to: 2021-01-01\n    scenes:\n"
    walk = "      walk: {title: {zh: 步行, en: walk}, pack: walk, partners: [bikes]}\n"
    folder = write_folder(tmp_path, programme=[(scenes, scenes + walk)])
    assert found(folder) == [("packs.pack_unknown", "programme.yaml", 13)]


def test_a_programme_may_not_have_the_id_of_a_pack(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, programme=[("id: city", "id: ride")])
    (folder / "programmes" / "city").rename(folder / "programmes" / "ride")
    assert [code for code, _, _ in found(folder)] == ["packs.programme_named_as_pack"]


def test_a_rulebook_holds_packs_and_programmes_in_id_order(tmp_path: Path) -> None:
    library = loaded(write_folder(tmp_path, programme=()))
    book = build_rulebook(library)
    assert (list(book.packs), list(book.programmes)) == (["ride"], ["city"])
    assert build_rulebook(library, ["city"]) == book
    assert build_rulebook(library, [book.programmes["city"]]) == book
    assert build_rulebook(library, []).programmes == {}
    with pytest.raises(Problem, match=r"packs\.programme_unknown"):
        build_rulebook(library, ["town"])


def test_a_draft_is_not_in_the_rulebook(tmp_path: Path) -> None:
    library = loaded(write_folder(tmp_path, ("status: published", "status: draft")))
    assert list(library.packs) == ["ride"]
    assert build_rulebook(library).packs == {}
