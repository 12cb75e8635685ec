"""Which versions count on which days, and whose acts a change of them reaches."""

from __future__ import annotations

from pathlib import Path

import pytest

from tanzhang.engine.packs import PackLibrary, build_rulebook
from tanzhang.engine.packs.activated import Activated, Reach, activated_rules, reach
from tanzhang.engine.packs.tree import day_of
from tanzhang.engine.rules import FOR_EVER, Rulebook

from .folders import add_version, loaded, write_folder

LATER = (('version: "1"', 'version: "2"\nsupersedes: "1"'), ("2020-01-01", "2022-01-01"))
FIRST, SECOND = day_of("2020-01-01"), day_of("2022-01-01")


@pytest.fixture
def library(tmp_path: Path) -> PackLibrary:
    """A pack whose version 2 supersedes an open version 1, and a programme with two versions."""
    folder = write_folder(tmp_path, programme=())
    add_version(folder, *LATER)
    return loaded(folder)


def spans(rules: Rulebook) -> list[tuple[str, int, int]]:
    return [(v.version, v.valid_from, v.valid_to) for v in rules.packs.get("ride", ())]


def test_nothing_counts_before_it_is_activated(library: PackLibrary) -> None:
    rules = activated_rules(library, {})
    assert (rules.packs, rules.programmes) == ({}, {})


def test_a_version_counts_from_its_activation_and_not_before_its_own_first_day(
    library: PackLibrary,
) -> None:
    late = activated_rules(library, {"ride@1": Activated(FIRST + 10)})
    assert spans(late) == [("1", FIRST + 10, FOR_EVER)]
    early = activated_rules(library, {"ride@1": Activated(FIRST - 10)})
    assert spans(early) == [("1", FIRST, FOR_EVER)]


def test_a_version_ends_where_a_newer_one_is_activated_not_where_it_could_begin(
    library: PackLibrary,
) -> None:
    decided = {"ride@1": Activated(FIRST), "ride@2": Activated(SECOND + 30)}
    assert spans(activated_rules(library, decided)) == [
        ("1", FIRST, SECOND + 30),
        ("2", SECOND + 30, FOR_EVER),
    ]


def test_a_newer_version_that_begins_first_leaves_the_older_no_day(library: PackLibrary) -> None:
    decided = {"ride@1": Activated(SECOND + 30), "ride@2": Activated(SECOND)}
    assert spans(activated_rules(library, decided)) == [("2", SECOND, FOR_EVER)]


def test_an_agreed_end_holds(library: PackLibrary) -> None:
    decided = {"ride@1": Activated(FIRST, end=SECOND - 5), "ride@2": Activated(SECOND)}
    assert spans(activated_rules(library, decided)) == [
        ("1", FIRST, SECOND - 5),
        ("2", SECOND, FOR_EVER),
    ]
    assert spans(activated_rules(library, {"ride@1": Activated(FIRST, end=FIRST)})) == []


def test_a_programmes_older_version_goes_on_until_the_newer_is_activated(
    library: PackLibrary,
) -> None:
    decided = {"city@1": Activated(FIRST)}
    (version,) = activated_rules(library, decided).programmes["city"].versions
    assert (version.version, version.valid_to) == ("1", FOR_EVER)
    decided["city@2"] = Activated(SECOND)
    first, second = activated_rules(library, decided).programmes["city"].versions
    assert (first.valid_to, second.valid_from) == (SECOND, SECOND)


def test_what_the_files_say_is_each_version_from_its_own_first_day(library: PackLibrary) -> None:
    assert spans(build_rulebook(library)) == [("1", FIRST, SECOND), ("2", SECOND, FOR_EVER)]


def test_the_newest_edition_of_a_day_is_found(library: PackLibrary) -> None:
    found = library.on("ride", SECOND)
    assert found is not None
    assert found.version == "2"
    assert library.find_on("ride", "2022-01-01").version == "2"
    assert library.find_on("ride", "2021-12-31").version == "1"


def test_nothing_is_reached_by_the_same_rules(library: PackLibrary) -> None:
    rules = activated_rules(library, {"ride@1": Activated(FIRST)})
    assert reach(rules, rules) is None


def test_a_first_activation_reaches_every_day_of_its_own(library: PackLibrary) -> None:
    after = activated_rules(library, {"ride@1": Activated(FIRST), "city@1": Activated(SECOND)})
    nothing = activated_rules(library, {})
    assert reach(nothing, after) == Reach(frozenset({"ride"}), frozenset({"city"}), FIRST, FOR_EVER)


def test_a_newer_version_reaches_only_the_days_that_it_takes(library: PackLibrary) -> None:
    decided = {"ride@1": Activated(FIRST, end=SECOND + 90), "city@1": Activated(FIRST)}
    before = activated_rules(library, decided)
    newer = decided | {"ride@2": Activated(SECOND + 30, end=SECOND + 90)}
    assert reach(before, activated_rules(library, newer)) == Reach(
        frozenset({"ride"}), frozenset(), SECOND + 30, SECOND + 90
    )
