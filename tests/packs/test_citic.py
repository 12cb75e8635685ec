"""The demonstration programme: complete, and honest about what is assumed."""

from __future__ import annotations

import pytest

from tanzhang.engine.packs import PackLibrary, build_rulebook, load_packs
from tanzhang.engine.packs.tree import day_of
from tanzhang.engine.rules import FOR_EVER, Kind, Limit, Period, Points, Scope


@pytest.fixture(scope="module")
def library() -> PackLibrary:
    """The packs of this repository."""
    return load_packs()


def test_its_twenty_connected_scenes_count_by_nineteen_packs(library: PackLibrary) -> None:
    scenes = library.programmes["citic"].scenes["1"]
    connected = [scene for scene in scenes.values() if scene.connected]
    assert (len(connected), len({scene.pack for scene in connected})) == (20, 19)
    assert [scene.id for scene in scenes.values() if not scene.connected] == ["paperless-business"]


@pytest.mark.parametrize(
    ("scene", "pack", "partner"),
    [
        ("metro", "shenzhen-transit", "metro-demo"),
        ("bus", "shenzhen-transit", "bus-demo"),
        ("shared-bike", "meituan-bike", "citibike"),
        ("shared-ebike", "meituan-ebike", "bike-demo"),
        ("walking", "hankou-walk", "steps-demo"),
        ("ev-charging", "beijing-ev-charge", "power-grid"),
        ("e-card", "citic-ecard", "bank"),
        ("e-bill", "citic-ebill", "bank"),
        ("utility-payment", "citic-payment", "bank"),
        ("e-invoice", "ant-einvoice", "bank"),
        ("take-away", "beijing-takeaway", "takeaway-demo"),
        ("e-waybill", "beijing-ewaybill", "jd-demo"),
        ("appliance", "beijing-appliance", "jd-demo"),
        ("online-meeting", "online-meeting", "office-demo"),
        ("household-electricity", "shenzhen-electricity", "power-grid"),
    ],
)
def test_a_scene_counts_by_its_pack_and_is_reported_by_its_partner(
    library: PackLibrary, scene: str, pack: str, partner: str
) -> None:
    programme = library.programmes["citic"]
    assert programme.rules.versions[0].scenes[scene] == pack
    assert programme.may_report(partner, scene)


def test_citibike_may_report_bikes_and_ebikes_and_nothing_else(library: PackLibrary) -> None:
    programme = library.programmes["citic"]
    reported = [s for s in programme.scenes["1"] if programme.may_report("citibike", s)]
    assert reported == ["shared-bike", "shared-ebike"]


def test_its_rules_are_what_the_page_says(library: PackLibrary) -> None:
    programme = build_rulebook(library, ["citic"]).programmes["citic"]
    (version,) = programme.versions
    assert programme.time_zone == "Asia/Shanghai"
    assert (version.valid_from, version.valid_to) == (day_of("2019-01-01"), FOR_EVER)
    assert version.limits == (
        Limit(
            owner="citic",
            name="account_daily",
            kind=Kind.AMOUNT,
            scope=Scope.ACCOUNT,
            period=Period.DAY,
            value=400_000_000,
            from_pack=False,
        ),
    )
    assert version.points == Points(unit_mg=10_000, daily_max=200, expires_after_years=1)


def test_what_is_assumed_says_so(library: PackLibrary) -> None:
    programme = library.programmes["citic"]
    assert "fictitious" in programme.notes.en
    assert "2022-04-22" in programme.notes.en
    marks = [entry.mark for entry in programme.limits["1"]] + [programme.points_marks["1"]]
    assert {mark.kind for mark in marks} == {"assumption"}
