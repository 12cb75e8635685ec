"""Nothing that was collected is lost: each methodology and each rule became something."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from tanzhang.engine.packs import PackLibrary, load_packs
from tanzhang.engine.packs.tree import write_day
from tanzhang.engine.rules import Kind
from tanzhang.engine.units import MASS, parse_measure

HERE = Path(__file__).parent
REFERENCE = HERE.parents[1].parent / "shared" / "reference" / "methodologies.md"
LISTED: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (HERE / "entries.yaml").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def library() -> PackLibrary:
    """The packs of this repository."""
    return load_packs()


def named(key: str) -> Iterator[str]:
    """Every id that some entry or rule names under a key."""
    for row in (*LISTED["entries"], *LISTED["rules"]):
        yield from row.get(key, ())


def test_every_methodology_became_a_pack_a_title_or_a_figure() -> None:
    for row in LISTED["entries"]:
        assert row.get("packs") or row.get("registered") or row.get("figures"), row


def test_the_packs_are_those_that_are_listed(library: PackLibrary) -> None:
    assert set(named("packs")) == set(library.packs)


def test_the_titles_are_those_that_are_listed(library: PackLibrary) -> None:
    assert set(named("registered")) == set(library.registered)


def test_the_figures_that_are_listed_stand_among_the_figures(library: PackLibrary) -> None:
    assert set(named("figures")) <= {figure.behaviour.en for figure in library.figures}


def test_every_stated_cap_is_a_limit_of_its_pack(library: PackLibrary) -> None:
    found = set(named("limits"))
    assert len(found) == 9
    for line in found:
        pack, name, value = line.split(maxsplit=2)
        for edition in library.packs[pack]:
            (limit,) = (limit for limit in edition.rules.limits if limit.name == name)
            asked = parse_measure(value, MASS, "g") * (1000 if limit.kind is Kind.AMOUNT else 1)
            assert limit.value == asked, line


def test_every_stated_threshold_is_a_bound_or_a_class_of_its_pack(library: PackLibrary) -> None:
    for line in named("bounds"):
        pack, name = line.split()
        assert name in {bound.name for bound in library.find(pack).rules.bounds}, line
    for line in named("classes"):
        pack, name = line.split()
        assert library.find(pack).definition.conflict_class == name, line


def test_a_parked_day_is_one_day_to_the_second(library: PackLibrary) -> None:
    (bound,) = library.find("parked-day").rules.bounds
    assert (bound.minimum, bound.maximum) == (86_400, 86_400)


def test_crediting_starts_when_the_source_says(library: PackLibrary) -> None:
    for line in named("crediting"):
        pack, day = line.split()
        assert write_day(library.packs[pack][0].rules.valid_from) == day


def test_weak_evidence_is_worth_what_the_source_says(library: PackLibrary) -> None:
    for line in named("rows"):
        pack, *values = line.split()
        assert [factor.value for factor in library.find(pack).factors] == values


@pytest.mark.shared
def test_no_entry_and_no_rule_of_the_collection_is_left_out() -> None:
    if not REFERENCE.is_file():
        pytest.skip("the collection is not beside this project, so nothing is compared")
    text = REFERENCE.read_text(encoding="utf-8")
    headings = re.findall(r"^### (1\.\d+) ", text, re.MULTILINE)
    assert len(headings) == 36
    entries = {row["entry"].split()[0] for row in LISTED["entries"]}
    assert set(headings) <= entries
    table = text[text.index("## 2. ") : text.index("## 3. ")]
    rows = [line.split("|")[1].strip() for line in table.splitlines() if line.startswith("|")][2:]
    assert [row["rule"] for row in LISTED["rules"]] == rows


#: Derived by this project from the heat, carbon and oxidation that the collection states.
DERIVED = {Fraction("1172.864"), Fraction("2860.419")}


@pytest.mark.shared
def test_no_figure_was_invented(library: PackLibrary) -> None:
    if not REFERENCE.is_file():
        pytest.skip("the collection is not beside this project, so nothing is compared")
    found = re.findall(r"\d[\d,]*(?:\.\d+)?", REFERENCE.read_text(encoding="utf-8"))
    stated = {Fraction(number.replace(",", "")) for number in found} | DERIVED
    packs = [line for own in library.packs.values() for edition in own for line in edition.factors]
    written = {(line.name, line.value) for line in packs}
    written |= {
        (f"{table.id} {row}", figure.digits)
        for table in library.tables.values()
        for row, years in table.rows.items()
        for figure in years.values()
    }
    assert len(written) > 250
    # A table in kilograms may quote a source in grams, and the other way round.
    invented = [
        (name, digits)
        for name, digits in written
        if not {Fraction(digits) * size for size in (1, 1000, Fraction(1, 1000))} & stated
    ]
    assert invented == []
