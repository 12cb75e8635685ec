"""The packs that are shipped: every figure and cap exact to the milligram, in every form."""

from __future__ import annotations

import numpy as np
import pytest

from tanzhang.engine.packs import (
    CompiledPack,
    PackLibrary,
    columns_of,
    edition_of,
    explain,
    load_packs,
)
from tanzhang.engine.packs.tree import day_of
from tanzhang.engine.rules import ConflictClass, Kind, Limit, Period, Scope

WEEK_OF_9_KWH = ",".join(["9kWh"] * 7)


@pytest.fixture(scope="module")
def library() -> PackLibrary:
    """The packs of this repository."""
    return load_packs()


def every_form(pack: CompiledPack, **given: str) -> set[int | None]:
    """One act's milligrams by the closure, the columns, the fractions and both explanations."""
    columns = columns_of(pack, given)
    mg, _ = pack.rules.quantify({n: np.array([value], np.int64) for n, value in columns.items()})
    return {
        pack.milligrams(columns),
        int(mg[0]),
        pack.formula.exact.milligrams(columns),
        explain(pack, columns, "zh").reduction_mg,
        explain(pack, columns, "en").reduction_mg,
    }


@pytest.mark.parametrize(
    ("name", "given", "mg"),
    [
        ("hankou-walk", {"steps": "1"}, 20),
        ("hankou-walk", {"steps": "7250"}, 145_000),
        ("hankou-ride", {"rides": "1"}, 80_000),
        ("hankou-payment", {"payments": "1"}, 262_000),
        ("spdb-ev-charge", {"amount_fen": "3650"}, 39_931_000),
        ("spdb-bus", {"rides": "1"}, 1_022_000),
        ("beijing-ev-charge", {"energy_wh": "25400"}, 7_620_000),
        ("beijing-bike", {"distance_m": "1000"}, 250_000),
        ("beijing-takeaway", {"orders": "1"}, 45_720),
        ("beijing-ewaybill", {"orders": "1"}, 5_000),
        ("beijing-appliance@1+2023", {"energy_wh": "25000"}, 13_885_000),
        ("meituan-bike", {"distance_m": "2300"}, 112_010),
        ("meituan-bike", {"distance_m": "15"}, 730),
        ("meituan-ebike", {"distance_m": "3000"}, 163_500),
        ("online-meeting", {"meetings": "1"}, 27_932_000),
        ("shenzhen-transit", {"mode": "metro", "distance_m": "10000"}, 467_000),
        ("shenzhen-transit", {"mode": "bus", "distance_m": "5000"}, 134_500),
        ("shenzhen-electricity@1+2023", {"energy_wh": "6000", "household_size": "3"}, 662_850),
        (
            "shenzhen-electricity@1+2023",
            {"energy_wh": "8000", "household_size": "2", "week_before": WEEK_OF_9_KWH},
            441_900,
        ),
        (
            "shenzhen-electricity@1+2023",
            {"energy_wh": "10000", "household_size": "2", "week_before": WEEK_OF_9_KWH},
            0,
        ),
        ("citic-ecard", {"count": "1"}, 52_600),
        ("citic-ebill", {"count": "1"}, 5_000),
        ("citic-payment", {"count": "1"}, 262_000),
    ],
)
def test_every_figure_is_exact_to_the_milligram_in_every_form(
    library: PackLibrary, name: str, given: dict[str, str], mg: int
) -> None:
    assert every_form(library.find(name), **given) == {mg}


def test_every_example_comes_out_in_columns_too(library: PackLibrary) -> None:
    checked = 0
    for editions in library.packs.values():
        for example in editions[0].definition.examples:
            pack = edition_of(editions, example.on)
            columns = columns_of(pack, example.inputs)
            mg, zero = pack.rules.quantify(
                {name: np.array([value], np.int64) for name, value in columns.items()}
            )
            assert (int(mg[0]), bool(zero[0])) == (example.reduction_mg, False), pack.id
            checked += 1
    assert checked >= 3 * len(library.packs)


@pytest.mark.parametrize(
    ("name", "limit"),
    [
        (
            "hankou-walk",
            Limit("hankou-walk", "daily", Kind.AMOUNT, Scope.ITEM, Period.DAY, 200_000),
        ),
        (
            "beijing-appliance",
            Limit(
                "beijing-appliance",
                "at_most_375_kg",
                Kind.AMOUNT,
                Scope.ITEM,
                Period.LIFETIME,
                375_000_000,
                per_item_key=True,
            ),
        ),
        (
            "citic-ebill",
            Limit("citic-ebill", "monthly_count", Kind.COUNT, Scope.ITEM, Period.MONTH, 1),
        ),
    ],
)
def test_every_cap_is_exact(library: PackLibrary, name: str, limit: Limit) -> None:
    for edition in library.packs[name]:
        assert edition.rules.limits == (limit,)


def test_a_bill_counts_once_a_month_for_one_person(library: PackLibrary) -> None:
    bill = ConflictClass("bill", once=Period.MONTH, shared=True)
    for name in ("hankou-payment", "citic-payment"):
        assert library.find(name).rules.conflict_class == bill


def test_steps_do_not_block_trips(library: PackLibrary) -> None:
    walk, ride = library.find("hankou-walk").rules, library.find("meituan-bike").rules
    assert walk.conflict_class == ConflictClass("steps", overlap=True)
    assert ride.conflict_class == ConflictClass("trip", overlap=True)


def test_a_missing_day_never_raises_the_seven_day_line(library: PackLibrary) -> None:
    pack = library.find("shenzhen-electricity@1+2023")
    days = ["9kWh"] * 7
    given = {"energy_wh": "8000", "household_size": "2"}
    full = pack.milligrams(columns_of(pack, given | {"week_before": tuple(days)}))
    for gap in range(7):
        with_gap = (*days[:gap], "-", *days[gap + 1 :])
        columns = columns_of(pack, given | {"week_before": with_gap})
        assert (pack.milligrams(columns) or 0) <= (full or 0)


def test_a_day_below_the_baseline_needs_no_days_before(library: PackLibrary) -> None:
    pack = library.find("shenzhen-electricity@1+2023")
    columns = columns_of(pack, {"energy_wh": "6000", "household_size": "3"})
    assert columns["week_before"] == 0
    assert pack.milligrams(columns) == 662_850


def test_bike_packs_are_in_force_for_the_open_ride_data(library: PackLibrary) -> None:
    for day in ("2019-02-01", "2019-02-28", "2020-11-01", "2020-11-30"):
        for name in ("meituan-bike", "meituan-ebike", "beijing-bike"):
            assert library.on(name, day_of(day)) is not None


def test_a_grid_factor_that_is_not_published_yet_is_taken_at_its_lowest(
    library: PackLibrary,
) -> None:
    lines = library.find("shenzhen-electricity").factors
    (grid,) = (line for line in lines if line.name == "grid")
    assert (grid.value, grid.as_json("en")["label"]) == ("0.4403", "past 2023: lowest")
    assert (grid.dated.en, grid.dated.zh) == (
        "past 2023: the lowest value so far",
        "2023 之后：取历来最低值",
    )


def test_citics_own_factors_are_all_marked_as_assumptions(library: PackLibrary) -> None:
    for name in ("citic-ecard", "citic-ebill", "citic-payment"):
        for line in library.find(name).factors:
            assert line.mark.kind == "assumption"
            assert "中信自有因子未公布" in line.mark.source.zh
        assert "not published" in library.find(name).definition.document.en


def test_one_act_takes_less_than_a_microsecond(library: PackLibrary) -> None:
    from timeit import repeat

    one = library.find("shenzhen-transit").formula.one
    best = min(repeat(lambda: one(12_345, 1), number=10_000, repeat=20)) / 10_000
    assert best < 1e-6


def test_the_grid_tables_hold_the_published_values(library: PackLibrary) -> None:
    provinces = library.tables["grid-province"].rows
    assert len(provinces) == 30
    falls = sum(row[2023].value < row[2022].value for row in provinces.values())
    rises = sum(row[2023].value > row[2022].value for row in provinces.values())
    assert (falls, rises) == (20, 10)  # what the notice of 2025 says of itself
    assert provinces["110000"][2023].digits == "0.5554"
    assert library.tables["grid-national"].rows["CN"][2023].digits == "0.5306"
    assert len(library.tables["grid-region"].rows) == 7
