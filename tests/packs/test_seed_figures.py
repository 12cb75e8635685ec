"""Every figure of the founding documents is there, and only factors and caps ever credit."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest

from tanzhang.engine.packs import PackLibrary, load_packs
from tanzhang.engine.packs.faults import Faults
from tanzhang.engine.packs.figures import Figure, Statement, prove, read_figures

REFERENCE = Path(__file__).parents[2].parent / "shared" / "reference" / "methodologies.md"
_NUMBER = re.compile(r"(?<![A-Za-z])(\d[\d,]*(?:\.\d+)?)( million)?")


@pytest.fixture(scope="module")
def library() -> PackLibrary:
    """The packs of this repository."""
    return load_packs()


def statements(library: PackLibrary, *kinds: str) -> list[Statement]:
    """The statements of some kinds."""
    return [state for figure in library.figures for state in figure.states if state.kind in kinds]


def test_there_are_nineteen_rows_with_sources(library: PackLibrary) -> None:
    assert len(library.figures) == 19
    assert all(
        figure.source.zh and figure.source.en and figure.states for figure in library.figures
    )
    assert len(statements(library, "factor")) == 12
    assert len(statements(library, "cap")) == 2


def test_packs_reproduce_every_factor_and_cap(library: PackLibrary) -> None:
    for statement in statements(library, "factor", "cap"):
        prove(statement, library.packs)


def test_a_figure_that_a_pack_does_not_reproduce_is_a_fault(
    library: PackLibrary, tmp_path: Path
) -> None:
    text = (library.folder / "seed_figures.yaml").read_text(encoding="utf-8")
    for right, wrong in (("45.72 g", "45.721 g"), ("375 kg", "376 kg"), ("280.9 g", "281.0 g")):
        file = tmp_path / "seed_figures.yaml"
        file.write_text(text.replace(right, wrong), encoding="utf-8")
        faults = Faults()
        read_figures(file, library.packs, faults)
        assert [fault.code for fault in faults.found] == ["packs.figure_differs"]


def test_a_file_of_figures_without_figures_or_sources_is_a_fault(
    library: PackLibrary, tmp_path: Path
) -> None:
    file = tmp_path / "seed_figures.yaml"
    file.write_text("note: nothing\n", encoding="utf-8")
    faults = Faults()
    assert read_figures(file, library.packs, faults) == ()
    missing = [fault.problem.details for fault in faults.found if fault.code == "packs.key_missing"]
    assert missing == [{"key": "sources"}, {"key": "figures"}]


def test_derived_figures_follow_from_the_totals_beside_them(library: PackLibrary) -> None:
    derived = statements(library, "derived")
    assert [statement.value for statement in derived] == ["1.3966 kg", "280.9 g", "998.5 g"]
    for statement in derived:
        prove(statement, library.packs)


def test_equivalences_derived_figures_and_points_are_no_factor_of_any_pack(
    library: PackLibrary,
) -> None:
    for statement in statements(library, "equivalence", "derived", "points"):
        assert (statement.pack, statement.limit, dict(statement.per)) == ("", "", {})
    displayed = {
        statement.milligrams() for statement in statements(library, "equivalence", "derived")
    }
    displayed -= {Fraction(27_932_000), Fraction(300_000)}  # also a meeting, and 300 g per kWh
    per_unit = {
        row.value * 1000 * size
        for editions in library.packs.values()
        for edition in editions
        for factor in edition.definition.factors
        for spell in factor.spells
        for row in spell.rows
        for size in (1, 100, 1000)  # per step, per yuan, per km or kWh
    }
    assert displayed
    assert not displayed & per_unit


def test_points_are_bare_numbers_and_never_grams(library: PackLibrary) -> None:
    points = statements(library, "points")
    assert [statement.value for statement in points] == ["18", "500", "300"]


@pytest.mark.shared
def test_the_rows_are_those_of_the_reference_table(library: PackLibrary) -> None:
    if not REFERENCE.is_file():
        pytest.skip("the reference table is not beside this project, so nothing is compared")
    text = REFERENCE.read_text(encoding="utf-8")
    table = text[text.index("### 3.1 ") : text.index("### 3.2 ")]
    rows = [line.split("|")[3] for line in table.splitlines() if line.startswith("|")][2:]
    assert len(rows) == len(library.figures)
    for row, figure in zip(rows, library.figures, strict=True):
        assert numbers(row) == written(figure), row


def numbers(text: str) -> set[Fraction]:
    """The numbers of a cell, millions written out."""
    return {
        Fraction(digits.replace(",", "")) * (1_000_000 if million else 1)
        for digits, million in _NUMBER.findall(text)
    }


def written(figure: Figure) -> set[Fraction]:
    """The numbers of a figure; a single ride or event is not written as a number there."""
    texts = [text for state in figure.states for text in (state.value, state.equals)]
    found = set().union(*(numbers(text) for text in texts))
    return found - {Fraction(1)}
