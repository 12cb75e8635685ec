"""The compiler of recognisers: every mistake is named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.recognise.samples import RULES, recogniser
from tanzhang.engine.recognise import FaultyRules


def faults(folder: Path, *edits: tuple[str, str]) -> list[tuple[int, str]]:
    """Line and code of what is wrong after some edits of the small file."""
    text = RULES
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    with pytest.raises(FaultyRules) as raised:
        recogniser(folder, text)
    return [(fault.line, fault.code) for fault in raised.value.faults]


def test_a_sound_file_says_what_it_says(tmp_path: Path) -> None:
    read = recogniser(tmp_path)
    assert (read.id, read.version, read.programme, read.partner) == ("small", "1", "citic", "bank")
    assert read.scenes == ("utility-payment", "paperless-business")
    assert read.columns[:3] == ("id", "who", "at")
    bill, paperless = read.rules
    assert (bill.act.item_key, paperless.act.item_key) == ("thing", None)
    assert bill.act.file.time_zone == "Asia/Shanghai"
    assert bill.take_back is not None
    assert bill.take_back.external_id.column == "original"


def test_a_host_without_reversals_has_none(tmp_path: Path) -> None:
    back = "  reversed:\n    when: {kind: REV}\n    original: original\n"
    read = recogniser(tmp_path, RULES.replace(back, ""))
    assert read.reversed is None
    assert [rule.take_back for rule in read.rules] == [None, None]
    assert "original" not in read.columns


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("programme: citic", "programme: nowhere", [(3, "recognise.programme_unknown")]),
        ("partner: bank", "partner: nobody",
         [(4, "recognise.partner_unknown"), (18, "recognise.scene_not_reported")]),
        ("partner: bank", "partner: bike-demo", [(18, "recognise.scene_not_reported")]),
        ("scene: utility-payment", "scene: no-such", [(18, "recognise.scene_unknown")]),
        ("    item_key: thing\n", "", [(16, "recognise.item_key_missing")]),
        ("    item_key: thing\n", "    item_key: thong\n", [(21, "recognise.column_unknown")]),
        ("    inputs: {count: 1}\n", "", [(16, "recognise.input_missing")]),
        ("{count: 1}", "{count: 1, km: 2}", [(22, "recognise.input_unknown")]),
        ("{count: 1}", "{count: {column: kilos, times: 2}}", [(22, "recognise.column_unknown")]),
        ("{count: 1}", "{count: 1.5}",
         [(22, "packs.number_not_whole"), (22, "recognise.input_missing")]),
        ("{count: 1}", "{count: one}",
         [(22, "packs.number_malformed"), (22, "recognise.input_missing")]),
        ("product: BILL,", "prodct: BILL,",
         [(19, "recognise.column_unknown")]),
        ("when: {product: BILL, amount: {above: 0}}", "when: {}",
         [(16, "recognise.rule_fits_all")]),
        ("product: BILL,", "product: PL-7,", [(23, "recognise.rules_overlap")]),
        ("{above: 0}", "{}", [(19, "recognise.test_empty")]),
        ("{above: 0}", "{over: 0}", [(19, "packs.key_unknown"), (19, "recognise.test_empty")]),
        ("{above: 0}", "{above: much}", [(19, "packs.number_malformed")]),
        ("product: BILL,", "product: [BILL, ''],",
         [(19, "recognise.code_empty")]),
        ("amount: {above: 0}", "mcc: {between: [4900, 481]}", [(19, "recognise.range_malformed")]),
        ("amount: {above: 0}", "mcc: {between: [4900, 4814]}", [(19, "recognise.range_malformed")]),
        ("amount: {above: 0}", "mcc: {between: [4900]}", [(19, "recognise.range_malformed")]),
        ("amount: {above: 0}", "mcc: {between: [000000, 999999]}",
         [(19, "recognise.range_too_wide")]),
        ("evidence_grade: 3", "evidence_grade: high", [(20, "recognise.grade_malformed")]),
        ("evidence_grade: 3", "evidence_grade: 10", [(20, "recognise.grade_malformed")]),
        ("format: iso", "format: french", [(9, "packs.value_not_listed")]),
        ("  complete: {status: S}", "  complete: {state: S}", [(11, "recognise.column_unknown")]),
        ("  id: id\n", "", [(6, "packs.key_missing")]),
        ("    scene: paperless-business\n", "", [(23, "packs.key_missing"),
                                                (23, "recognise.scene_unknown")]),
        ("title: {zh: 小, en: small}", "title: {en: small}", [(5, "packs.language_missing")]),
        ("version:", "verson:", [(1, "packs.key_missing"), (2, "packs.key_unknown")]),
        ("rules:\n", "rools:\n", [(1, "packs.key_missing"), (15, "packs.key_unknown")]),
        (RULES, "rules: [", [(2, "packs.yaml_syntax")]),
    ],
)  # fmt: skip
def test_every_mistake_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, found: list[tuple[int, str]]
) -> None:
    assert faults(tmp_path, (old, new)) == found


def test_the_first_fault_is_in_the_sentence(tmp_path: Path) -> None:
    first = r"4 faults; the first is recognise\.code_empty in line 19"
    with pytest.raises(FaultyRules, match=first):
        recogniser(tmp_path, RULES.replace("BILL,", "[BILL, ' '],").replace("begins:", "starts:"))


def test_a_missing_file_is_a_fault_too(tmp_path: Path) -> None:
    from engine.recognise.samples import LIBRARY
    from tanzhang.engine.recognise import read_recogniser

    with pytest.raises(FaultyRules) as raised:
        read_recogniser(tmp_path / "nothing.yaml", LIBRARY)
    assert [fault.code for fault in raised.value.faults] == ["packs.file_unreadable"]
