"""``tanzhang pack``: what people and scripts see, and with which exit code it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tanzhang.engine.packs import load_packs


def pack(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """``tanzhang pack …`` as a process of its own, with a wide terminal."""
    return subprocess.run(
        [sys.executable, "-m", "tanzhang", "pack", *words],
        env=os.environ | {"COLUMNS": "200", "LC_ALL": ""} | environment,
        capture_output=True,
        text=True,
    )


def answer(*words: str) -> dict[str, Any]:
    """The JSON answer of a command that succeeds."""
    done = pack(*words, "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_explain_answers_scripts_with_the_contract_keys() -> None:
    found = answer("explain", "meituan-bike", "distance_m=2300")
    assert {"pack", "version", "reduction_mg", "steps", "factors"} <= set(found)
    assert (found["pack"], found["version"], found["reduction_mg"]) == ("meituan-bike", "1", 112010)
    (factor,) = found["factors"]
    assert {"value", "unit", "source", "kind"} <= set(factor)
    assert (factor["value"], factor["unit"], factor["kind"]) == ("48.70", "g/km", "published")


def test_explain_takes_a_version_a_day_a_unit_and_a_look_back() -> None:
    week = "week_before=" + ",".join(["9kWh"] * 7)
    inputs = ("energy_wh=8kWh", "household_size=2", week)
    by_version = answer("explain", "shenzhen-electricity@1+2023", *inputs)
    by_day = answer("explain", "shenzhen-electricity", *inputs, "--on", "2023-07-01")
    assert by_version == by_day
    assert by_day["reduction_mg"] == 441_900


@pytest.mark.parametrize(
    ("lang", "sentence", "limit", "source"),
    [
        (
            "zh",
            "走了 8,000 步，按 0.02 克/步 计，减少排放 160 克。",
            "每日至多 200 克",
            "《中国碳普惠发展与实践案例研究报告》",
        ),
        (
            "en",
            "You walked 8,000 steps; at 0.02 g/step that avoids 160 g.",
            "at most 200 g a day",
            "Report on the Development of and Practice Cases",
        ),
    ],
)
def test_explain_tells_people_the_steps_the_source_and_the_limit(
    lang: str, sentence: str, limit: str, source: str
) -> None:
    done = pack("explain", "hankou-walk", "steps=8000", "--lang", lang)
    assert done.returncode == 0
    for text in (sentence, limit, "160,000", source):
        assert text in done.stdout


def test_assumptions_are_called_assumptions() -> None:
    assert "假设" in pack("explain", "citic-ebill", "count=1", "--lang", "zh").stdout
    assert "assumption" in pack("explain", "citic-ebill", "count=1", "--lang", "en").stdout


@pytest.mark.parametrize(
    ("words", "code", "exit_code"),
    [
        (["explain", "nothing", "a=1"], "packs.pack_unknown", 1),
        (["explain", "hankou-walk"], "packs.input_missing", 1),
        (["explain", "hankou-walk", "steps=-1"], "packs.input_out_of_range", 1),
        (["explain", "hankou-walk", "steps=many"], "packs.number_malformed", 1),
        (["explain", "hankou-walk", "steps=1", "--on", "1999-01-01"],
         "packs.day_outside_validity", 1),
        (["check", "nowhere"], "packs.folder_missing", 1),
        (["explain", "hankou-walk", "steps"], "name=value", 2),
        (["explain"], "Missing argument", 2),
        (["frobnicate"], "No such command", 2),
    ],
)  # fmt: skip
def test_a_refusal_has_a_code_and_an_exit_code(words: list[str], code: str, exit_code: int) -> None:
    done = pack(*words)
    assert done.returncode == exit_code
    assert code in done.stderr
    assert "Traceback" not in done.stderr


def test_check_is_silent_about_nothing_and_ends_with_zero() -> None:
    done, count = pack("check", "--lang", "en"), len(load_packs().packs)
    assert (done.returncode, done.stdout.strip()) == (0, f"{count} packs, no fault.")
    assert answer("check") == {"ok": True, "faults": []}


def test_check_reports_each_fault_with_file_line_and_what_to_do(tmp_path: Path) -> None:
    home = tmp_path / "broken"
    home.mkdir()
    (home / "pack.yaml").write_text("id: broken\nversion: 1\ncolour: red\n", encoding="utf-8")
    done = pack("check", str(home), "--lang", "en")
    assert done.returncode == 1
    assert f"{home / 'pack.yaml'}:3" in done.stdout
    assert "[packs.key_unknown]" in done.stdout
    faults = json.loads(pack("check", str(home), "--json", "--lang", "zh").stdout)
    assert faults["ok"] is False
    unknown = next(f for f in faults["faults"] if f["code"] == "packs.key_unknown")
    assert (unknown["line"], unknown["what"]) == (3, "此处没有名为“colour”的键。")


def test_list_shows_every_pack_with_its_marks() -> None:
    listed = answer("list")["packs"]
    assert {entry["pack"] for entry in listed} == set(load_packs().packs)
    transit = next(entry for entry in listed if entry["pack"] == "shenzhen-transit")
    assert [i["name"] for i in transit["inputs"]] == ["mode", "distance_m"]
    shown = pack("list", "--lang", "zh").stdout
    assert "中信碳账户" in shown
    assert "假设" in shown


def test_list_tells_scripts_what_is_known_by_title_only() -> None:
    waiting = {entry["id"]: entry for entry in answer("list")["registered"]}
    assert set(waiting) == set(load_packs().registered)
    qingdao = waiting["qingdao-travel"]
    assert qingdao["missing"]["en"].endswith("its parameters were not found.")
    assert (qingdao["issued"], qingdao["stand_ins"]) == ("2022-04-24", ["shenzhen-transit"])


@pytest.mark.parametrize(
    ("lang", "missing"), [("zh", "因子的数值未见公布。"), ("en", "its factors were not found")]
)
def test_list_shows_what_is_known_by_title_only_and_what_is_missing(
    lang: str, missing: str
) -> None:
    done = pack("list", "--registered", "--lang", lang)
    assert done.returncode == 0
    assert "T/ACEF 031-2022" in done.stdout
    assert missing in done.stdout
    assert "meituan-bike" not in done.stdout
    assert "--registered" in pack("list", "--lang", lang).stdout


def test_check_says_that_a_page_is_no_pack() -> None:
    done = pack("check", "README.md", "--lang", "en")
    assert done.returncode == 1
    assert "packs.not_a_pack" in done.stderr
    assert "README.md is no pack" in done.stderr


@pytest.mark.parametrize("command", ["list", "check", "explain"])
def test_every_command_has_help_with_an_example(command: str) -> None:
    assert f"Example: tanzhang pack {command}" in pack(command, "--help").stdout
