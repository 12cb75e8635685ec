"""The section ``authenticity`` of a pack: what it may say, and every fault with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tanzhang.engine.authenticity import Consequence
from tanzhang.engine.packs import load_packs
from tanzhang.engine.packs.definition import AuthenticityEntry, InputEntry
from tanzhang.engine.packs.faults import Faults, Place
from tanzhang.engine.packs.read_authenticity import read_authenticity
from tanzhang.engine.packs.tree import Block, Text, read_tree
from tanzhang.engine.units import parse_unit

SECTION = """
authenticity:
  amount: steps
  available_after_days: 15
  signals: [recording, device, mock_location, active_min]
  prints: [steps, active_min]
  likeness: [steps]
  tiers:
    automatic: {grade: 2, when: {recording: [automatic]}}
    claimed: {grade: 1, when: {recording: [active]}, available_after_days: 60}
  checks:
    by_hand:
      measure: recording
      among: [automatic, active]
      then: refuse
      says: {zh: 手工。, en: By hand.}
    pace:
      measure: steps
      per: active_min
      at_most: 185
      when: {steps: {at_least: 3000}}
      weight: 600
      says: {zh: "{value} 与 {most}。", en: "{value} and {most}."}
  patterns:
    again:
      measure: days_with
      of: pace
      days: 7
      at_most: 2
      says: {zh: 又来。, en: Again.}
"""
STEPS = InputEntry(
    "steps",
    Text("步数", "steps"),
    parse_unit("step"),
    0,
    10**6,
    True,
    0,
    (),
    (),
    Place(Path("-"), 1),
)


def read(
    tmp_path: Path, text: str = SECTION
) -> tuple[AuthenticityEntry | None, list[tuple[str, int]]]:
    """The section and the faults found in it, by code and line."""
    file = tmp_path / "pack.yaml"
    file.write_text(text, encoding="utf-8")
    faults = Faults()
    entry = read_authenticity(Block(read_tree(file), faults), {"steps": STEPS})
    return entry, [(fault.code, fault.line) for fault in faults.sorted()]


def test_a_section_is_read_whole(tmp_path: Path) -> None:
    entry, faults = read(tmp_path)
    assert faults == [] and entry is not None
    rules = entry.rules
    assert rules.signals == ("recording", "device", "mock_location", "active_min")
    assert rules.slots == ("recording", "mock_location", "active_min")
    assert rules.tiers[0].when[0].among == (2,)
    assert [tier.available_after_days for tier in rules.tiers] == [None, 60]
    assert (rules.waits(2), rules.waits(1)) == (15, 60)
    assert rules.checks[0].then is Consequence.REFUSE
    assert rules.checks[0].span.among == (2, 3)
    assert (rules.checks[1].span.per, rules.checks[1].weight) == ("active_min", 600)
    assert (rules.patterns[0].of, rules.patterns[0].days, rules.patterns[0].at_most) == (
        "pace",
        7,
        2,
    )
    assert entry.checks[1].says["en"] == "{value} and {most}."
    assert entry.checks[1].mark.kind == "assumption"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("amount: steps", "amount: metres", "packs.measure_unknown"),
        ("mock_location, active_min", "shoe_size, active_min", "packs.measure_unknown"),
        ("per: active_min", "per: bouts", "packs.measure_unknown"),
        ("[automatic, active]", "[automatic, magic]", "packs.value_not_listed"),
        ("then: refuse", "weight: 0", "packs.check_without_consequence"),
        ("at_most: 185", "given: true\n      at_most: 185", "packs.bound_without_value"),
        ("{value} and {most}", "{number} and {most}", "packs.sentence_name_unknown"),
        ("of: pace", "of: race", "packs.measure_unknown"),
        ("measure: days_with", "measure: moons", "packs.measure_unknown"),
        ("measure: days_with", "measure: acts", "packs.measure_unknown"),
        ("measure: days_with\n      of: pace", "measure: share_with", "packs.measure_unknown"),
        ("available_after_days: 60", "available_after_days: -1", "packs.number_not_whole"),
        ("at_most: 2\n", "\n", "packs.bound_without_value"),
        ("weight: 600", "weight: 6.5", "packs.number_not_whole"),
        ("days: 7", "dais: 7", "packs.key_unknown"),
    ],
)
def test_a_fault_is_told_with_its_line(tmp_path: Path, old: str, new: str, code: str) -> None:
    assert old in SECTION
    _, faults = read(tmp_path, SECTION.replace(old, new))
    assert code in [found for found, _ in faults]
    assert all(1 < line < 60 for _, line in faults)


def test_a_flag_never_decides_alone(tmp_path: Path) -> None:
    alone = """    mocked:
      measure: mock_location
      at_most: 0
      then: hold
      says: {zh: 是。, en: It is.}
  patterns:"""
    _, faults = read(tmp_path, SECTION.replace("  patterns:", alone))
    assert [code for code, _ in faults] == ["packs.flag_decides"]
    beside = alone.replace("then: hold", "then: hold\n      when: {steps: {at_least: 9000}}")
    assert read(tmp_path, SECTION.replace("  patterns:", beside))[1] == []


def test_a_pack_without_a_section_says_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, "id: quiet\n") == (None, [])


def test_the_real_packs_say_what_they_expect() -> None:
    library = load_packs()
    for pack in ("hankou-walk", "meituan-bike", "shenzhen-transit", "beijing-takeaway"):
        entry = library.find(pack).definition.authenticity
        assert entry is not None and entry.checks and entry.patterns
        assert len(entry.rules.slots) <= 12
