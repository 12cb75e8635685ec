"""The shared factor tables: derived figures follow from their inputs, packs and tables agree."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest

from tanzhang.engine.packs import PackLibrary, load_packs

REFERENCE = Path(__file__).parents[2].parent / "shared" / "reference" / "methodologies.md"
GRAMS_OF_CO2_PER_GRAM_OF_CARBON = Fraction(44, 12)


@pytest.fixture(scope="module")
def library() -> PackLibrary:
    """The packs of this repository."""
    return load_packs()


def digits(library: PackLibrary, table: str, row: str, year: int) -> str:
    """A figure as written in its table."""
    return library.tables[table].rows[row][year].digits


@pytest.mark.parametrize(
    ("table", "row", "gj_per_t", "t_per_tj", "oxidation"),
    [
        ("fuel-mass", "petrol", "43.070", "18.9", "0.98"),
        ("fuel-mass", "diesel", "42.652", "20.2", "0.98"),
        ("fuel-mass", "lpg", "50.179", "17.2", "0.98"),
        ("fuel-mass", "lng", "51.498", "15.3", "0.98"),
        ("fuel-mass", "bituminous-coal", "19.57", "26.1", "0.93"),
        ("fuel-mass", "lignite", "11.9", "28.0", "0.96"),
        ("fuel-mass", "coke", "28.435", "29.5", "0.93"),
        ("fuel-mass", "crude", "41.816", "20.1", "0.98"),
        ("fuel-gas", "natural-gas", "0.038931", "15.3", "0.99"),  # per m3
    ],
)
def test_a_fuel_follows_from_its_heat_its_carbon_and_its_oxidation(
    library: PackLibrary, table: str, row: str, gj_per_t: str, t_per_tj: str, oxidation: str
) -> None:
    written = digits(library, table, row, 2023)
    carbon_kg = Fraction(gj_per_t) * Fraction(t_per_tj) * Fraction(oxidation)
    places = len(written.partition(".")[2])
    assert round(carbon_kg * GRAMS_OF_CO2_PER_GRAM_OF_CARBON, places) == Fraction(written)


@pytest.mark.parametrize(
    ("row", "fuel", "density"),
    [
        ("petrol-0.725", "petrol", "0.725"),
        ("petrol-0.74", "petrol", "0.74"),
        ("petrol-0.75", "petrol", "0.75"),
        ("diesel-0.84", "diesel", "0.84"),
    ],
)
def test_a_litre_follows_from_the_tonne_and_the_density(
    library: PackLibrary, row: str, fuel: str, density: str
) -> None:
    per_t = Fraction(digits(library, "fuel-mass", fuel, 2023))
    exact = per_t * Fraction(density) / 1000
    assert round(exact, 4) == Fraction(digits(library, "fuel-volume", row, 2023))


def test_what_is_only_recalled_says_so_in_its_row(library: PackLibrary) -> None:
    for table in ("grid-enterprise", "grid-margin"):
        for mark in library.tables[table].marks.values():
            assert (mark.kind, mark.confidence) == ("assumption", "D")
            assert "只凭记忆" in mark.source.zh
            assert "recalled" in mark.source.en
    ipcc = library.tables["fuel-ipcc"]
    assert ipcc.mark("petrol", 2006).confidence == "D"
    assert ipcc.mark("diesel", 2006).confidence == "C"


@pytest.mark.parametrize(
    ("pack", "factor", "table", "row", "year"),
    [
        ("ev-csae", "petrol", "fuel-mass", "petrol", 2023),
        ("hsr-for-air", "air", "transport-china", "air-least", 2019),
        ("hsr-for-air", "hsr", "transport-china", "hsr", 2019),
        ("beijing-metro-press", "car", "transport-china", "car-1.8-l", 2020),
        ("beijing-metro-press", "metro", "transport-china", "metro-beijing-low", 2020),
    ],
)
def test_a_pack_and_a_table_that_quote_one_figure_agree(
    library: PackLibrary, pack: str, factor: str, table: str, row: str, year: int
) -> None:
    (line,) = (line for line in library.find(pack).factors if line.name == factor)
    assert Fraction(line.value) == Fraction(digits(library, table, row, year))


def test_car_pooling_assumes_the_french_thermal_car(library: PackLibrary) -> None:
    lines = {line.name: line for line in library.find("carpool-ccaa").factors}
    car = Fraction(digits(library, "transport-ademe", "car-thermal", 2026))
    assert Fraction(lines["car"].value) == Fraction(lines["alone"].value) == car * 1000
    assert {line.mark.kind for line in lines.values()} == {"assumption"}


@pytest.mark.shared
def test_the_grid_tables_hold_every_collected_value(library: PackLibrary) -> None:
    if not REFERENCE.is_file():
        pytest.skip("the collection is not beside this project, so nothing is compared")
    text = REFERENCE.read_text(encoding="utf-8")
    section = text[text.index("### 5.2 ") : text.index("### 5.4 ")]
    rows = re.findall(r"^\| (\S+) .*?((?:\| 0\.\d{4} ){3})\|$", section, re.MULTILINE)
    assert len(rows) == 37
    kept = {
        table.row_titles[row].zh: [digits(library, name, row, year) for year in (2021, 2022, 2023)]
        for name in ("grid-region", "grid-province")
        for table in [library.tables[name]]
        for row in table.rows
    }
    assert {zh: re.findall(r"0\.\d{4}", values) for zh, values in rows} == kept
