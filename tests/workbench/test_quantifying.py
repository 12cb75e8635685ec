"""Grams of a whole file by one pack, by the code that settles acts."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from rides import TRIP_2013, as_csv, day_of, mapping_2013

from tanzhang.engine.mapping import FieldMapping, read_mapping
from tanzhang.engine.packs import PackLibrary, load_packs
from tanzhang.problems import Problem
from tanzhang.workbench.files import Limits, open_file
from tanzhang.workbench.quantifying import editions_named, quantify_file


@pytest.fixture(scope="module")
def library() -> PackLibrary:
    """The packs of the project."""
    return load_packs()


def quantified(
    library: PackLibrary, path: Path, rules: FieldMapping, pack: str = "meituan-bike"
) -> pl.DataFrame:
    with open_file(path, rules) as opened:
        return pl.concat(
            [part for part, _ in quantify_file(opened, rules, editions_named(library, pack))]
        )


def made_up(folder: Path, content: bytes) -> Path:
    path = folder / "acts.csv"
    path.write_bytes(content)
    return path


def test_every_row_has_milligrams_or_a_reason(library: PackLibrary, tmp_path: Path) -> None:
    changes = [
        {},
        {"end station id": "1"},
        {"starttime": "2020-11-01 01:30:00.0000", "stoptime": "2020-11-01 02:05:00.0000"},
        {"starttime": "2018-12-31 08:00:00.0000", "stoptime": "2018-12-31 08:10:00.0000"},
        {"stoptime": "2019-02-04 07:59:59.0000"},
        {"stoptime": "2019-02-04 08:00:10.0000"},
        {"bikeid": "\0"},
    ]
    results = quantified(library, made_up(tmp_path, as_csv(TRIP_2013, changes)), mapping_2013())
    assert results["row"].to_list() == [1, 2, 3, 4, 5, 6, 7]
    codes = results["code"].to_list()
    assert codes[:5] == [None, "round_trip", "repeated_hour", "no_pack", "ends_before_start"]
    assert codes[5] not in (None, "none") and codes[6] == "nul_byte"
    # 1,814 m at 48.70 g/km.
    assert results["reduction_mg"].to_list() == [round(1814 * Fraction("48.70")), *[None] * 6]


def test_a_bound_is_named(library: PackLibrary, tmp_path: Path) -> None:
    fast = {"stoptime": "2019-02-04 08:00:10.0000"}
    results = quantified(library, made_up(tmp_path, as_csv(TRIP_2013, [fast])), mapping_2013())
    bounds = {bound.name for bound in library.packs["meituan-bike"][0].rules.bounds}
    assert results["code"][0] in bounds


def test_trips_of_one_rider_at_one_time_are_all_calculated(
    library: PackLibrary, tmp_path: Path
) -> None:
    path = made_up(tmp_path, as_csv(TRIP_2013, [{}, {}, {"gender": "2"}]))
    assert quantified(library, path, mapping_2013())["reduction_mg"].to_list() == [88342] * 3


def test_a_file_counts_alike_in_any_order(library: PackLibrary, tmp_path: Path) -> None:
    days = [day_of(number) for number in range(60)]
    forward = quantified(library, made_up(tmp_path, as_csv(TRIP_2013, days)), mapping_2013())
    back = quantified(library, made_up(tmp_path, as_csv(TRIP_2013, days[::-1])), mapping_2013())
    assert forward["reduction_mg"].sum() == back["reduction_mg"].sum() == 60 * 88342


CHARGING = """
format = 1
id = "charging"
title = { en = "Charging", zh = "充电" }
file = { time_zone = "Asia/Shanghai", ambiguous = "reject", missing = "reject" }
external_id = { column = "id" }
person = { column = "who" }
scene = { constant = "charging" }
started = { column = "at", format = "iso" }
ended = { duration = "min", unit = "min" }
grade = { constant = 2 }
withdrawn = { column = "state", is = ["void"] }
[inputs.amount_fen]
column = "yuan"
unit = "yuan"
"""


def test_money_is_exact_and_what_is_taken_back_has_no_grams(
    library: PackLibrary, tmp_path: Path
) -> None:
    rows = (
        b"id,who,at,min,yuan,state\n1,a,2025-03-01 08:00,30,19.99,\n2,a,2025-03-01 10:00,5,3,void\n"
    )
    rules = read_mapping(CHARGING, "charging.toml")
    results = quantified(library, made_up(tmp_path, rows), rules, "spdb-ev-charge")
    assert results["code"].to_list() == [None, "withdrawn"]
    assert results["reduction_mg"].to_list() == [round(Fraction("19.99") * 1_094_000), None]


METERS = """
format = 1
id = "meters"
title = { en = "Meters", zh = "电表" }
file = { time_zone = "Asia/Shanghai", ambiguous = "reject", missing = "reject" }
external_id = { column = "id" }
person = { column = "who" }
scene = { constant = "household-electricity" }
started = { column = "at", format = "iso" }
ended = { instant = true }
grade = { constant = 2 }
item_key = { column = "meter" }
[inputs.energy_wh]
column = "kwh"
unit = "kWh"
[inputs.household_size]
column = "people"
"""


def test_a_look_back_sees_the_whole_file_however_it_is_read(
    library: PackLibrary, tmp_path: Path
) -> None:
    rules = read_mapping(METERS, "meters.toml")
    lines = [f"{n},ada,2024-03-{n:02} 23:00,m1,{30 - n},2" for n in range(1, 15)]
    path = made_up(tmp_path, "\n".join(["id,who,at,meter,kwh,people", *lines]).encode())
    editions = editions_named(library, "shenzhen-electricity")

    def grams(chunk_rows: int) -> list[int | None]:
        with open_file(path, rules, Limits(chunk_rows=chunk_rows)) as opened:
            parts = [part for part, _ in quantify_file(opened, rules, editions)]
        return list(pl.concat(parts)["reduction_mg"])

    whole = grams(100)
    assert grams(3) == whole
    assert whole[-1]  # less than in the week before


def test_an_input_that_the_mapping_lacks_is_a_problem(library: PackLibrary, tmp_path: Path) -> None:
    path = made_up(tmp_path, as_csv(TRIP_2013, [{}]))
    with pytest.raises(Problem) as caught:
        quantified(library, path, mapping_2013(), "spdb-ev-charge")
    assert caught.value.code == "imports.input_unmapped"
    assert caught.value.details == {"input": "amount_fen", "pack": "spdb-ev-charge"}


def test_a_version_may_be_named_and_must_exist(library: PackLibrary) -> None:
    every = editions_named(library, "shenzhen-electricity")
    version = library.packs["shenzhen-electricity"][0].definition.version
    assert editions_named(library, f"shenzhen-electricity@{version}") == every
    for name, code in (("no-pack", "pack_unknown"), ("meituan-bike@0", "version_unknown")):
        with pytest.raises(Problem) as caught:
            editions_named(library, name)
        assert caught.value.code == f"packs.{code}"
