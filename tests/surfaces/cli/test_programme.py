"""``tanzhang programme`` as a person and as a script see it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from clean_database import Database
from tanzhang.engine.packs import default_folder
from tanzhang.problems import Problem
from tanzhang.surfaces.cli import app

pytestmark = pytest.mark.database

CITIC = default_folder() / "programmes" / "citic"


@pytest.fixture
def second(tmp_path: Path, database: Database) -> Path:
    """The programme citic is in force; its file elsewhere has a second version."""
    from tanzhang.apps.catalogue.api import load_catalogue
    from tanzhang.engine.packs import load_packs

    load_catalogue(load_packs(), ["citic"])
    text = (CITIC / "programme.yaml").read_text(encoding="utf-8").rstrip() + "\n"
    head, mark, version = text.partition('  - version: "1"')
    later = version.replace("valid_from: 2019-01-01", "valid_from: 2026-03-01")
    later = later.replace("amount: 400 kg", "amount: 300 kg")
    later = later.replace(
        "partners: [office-demo]", "partners: [office-demo]\n        state: planned"
    )
    file = tmp_path / "our.yaml"
    file.write_text(head + mark + version + mark.replace("1", "2") + later, encoding="utf-8")
    return file


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["programme", *words], catch_exceptions=False)


def answer(*words: str) -> dict[str, Any]:
    result = run(*words, "--json")
    assert result.exit_code == 0, result.output
    told: dict[str, Any] = json.loads(result.stdout)
    return told


def test_the_first_programme_is_installed(database: Database) -> None:
    told = answer("load", str(CITIC))
    assert (told["programme"], told["installed"], told["pending"]) == ("citic", True, [])
    assert "citic@1" in told["loaded"]
    again = answer("load", str(CITIC))
    assert (again["loaded"], again["installed"]) == ([], False)


def test_a_later_version_is_previewed_and_not_in_force(second: Path) -> None:
    told = answer("load", str(second))
    assert (told["loaded"], told["pending"], told["proposal"]) == (["citic@2"], ["citic@2"], None)
    (ahead,) = told["preview"]
    assert (ahead["version"], ahead["against"]) == ("citic@2", "citic@1")
    assert "at most 300 kg a day" in " ".join(ahead["changes"])
    assert [v["state"] for v in answer("list")["programmes"]] == ["activated", "loaded"]


def test_two_persons_activate_it_at_once(second: Path) -> None:
    words = ("--from", "2026-03-02", "--by", "Ling", "--approved-by", "Bo", "--note", "safer")
    told = answer("load", str(second), *words)
    assert told["activated"]
    first, later = answer("list")["programmes"]
    assert (first["in_force_from"], first["in_force_to"]) == ("2019-01-01", "2026-03-02")
    assert (later["in_force_from"], later["in_force_to"]) == ("2026-03-02", None)


def test_one_person_proposes_and_another_approves_later(second: Path) -> None:
    proposed = answer("load", str(second), "--by", "Ling")
    assert (proposed["activated"], proposed["proposal"] is None) == (False, False)
    assert answer("list")["programmes"][1]["state"] == "proposed"
    with pytest.raises(Problem) as refused:
        run("load", str(second), "--approved-by", "ling")
    assert refused.value.code == "catalogue.same_person"
    assert answer("load", str(second), "--approved-by", "Bo")["activated"]
    with pytest.raises(Problem) as nothing:
        run("load", str(second), "--approved-by", "Bo")
    assert nothing.value.code == "catalogue.proposal_missing"


def version(tmp_path: Path, source: Path, change: tuple[str, str]) -> Path:
    """The programme's file with one more change, in a folder of its own."""
    text = source.read_text(encoding="utf-8")
    assert change[0] in text
    file = tmp_path / "later.yaml"
    file.write_text(text.replace(*change), encoding="utf-8")
    return file


def test_of_several_proposals_the_one_that_is_meant_has_to_be_named(
    second: Path, tmp_path: Path
) -> None:
    from tanzhang.apps.catalogue.api import propose_activation
    from tanzhang.engine.packs.tree import day_of

    one = answer("load", str(second), "--by", "Ling")["proposal"]
    third = second.read_text(encoding="utf-8").rstrip() + "\n"
    _, mark, last = third.rpartition('  - version: "2"')
    text = third + mark.replace("2", "3") + last.replace("2026-03-01", "2026-06-01")
    file = tmp_path / "later.yaml"
    file.write_text(text, encoding="utf-8")
    assert answer("load", str(file))["pending"] == ["citic@2", "citic@3"]
    two = propose_activation(["citic@3"], from_day=day_of("2026-06-01"), by="Ling")
    with pytest.raises(Problem) as refused:
        run("load", str(file), "--approved-by", "Bo")
    assert refused.value.code == "catalogue.proposals_several"
    assert refused.value.details == {"proposals": f"{one}, {two}"}
    with pytest.raises(Problem) as missing:
        run("load", str(file), "--approved-by", "Bo", "--proposal", "999")
    assert missing.value.code == "catalogue.proposal_missing"
    told = answer("load", str(file), "--approved-by", "Bo", "--proposal", str(one))
    assert (told["activated"], told["proposal"]) == (True, one)
    assert answer("load", str(file), "--approved-by", "Bo")["proposal"] == two
    assert run("load", str(file), "--proposal", "1").exit_code == 2


def test_a_version_whose_file_states_another_end_is_activated_again(
    second: Path, tmp_path: Path
) -> None:
    run("load", str(second), "--from", "2026-03-02", "--by", "Ling", "--approved-by", "Bo")
    begins = "valid_from: 2026-03-01\n"
    ending = (begins, f"{begins}    valid_to: 2027-01-01\n")
    file = version(tmp_path, second, ending)
    told = answer("load", str(file))
    assert told["pending"] == ["citic@2"] == told["ended"]
    assert answer("list")["programmes"][1]["in_force_to"] is None
    assert answer("load", str(file), "--by", "Ling", "--approved-by", "Bo")["activated"]
    later = answer("list")["programmes"][1]
    assert (later["in_force_from"], later["in_force_to"]) == ("2026-03-02", "2027-01-01")
    assert answer("load", str(file))["pending"] == []


def test_one_name_for_both_activates_nothing(second: Path) -> None:
    with pytest.raises(Problem) as refused:
        run("load", str(second), "--by", "Ling", "--approved-by", "Ling")
    assert refused.value.code == "catalogue.same_person"
    assert answer("list")["programmes"][1]["state"] == "loaded"


def test_a_day_needs_somebody_who_proposes(second: Path) -> None:
    assert run("load", str(second), "--from", "2026-03-02").exit_code == 2


def test_show_tells_versions_scenes_and_history(second: Path) -> None:
    run("load", str(second), "--by", "Ling", "--approved-by", "Bo")
    told = answer("show", "citic")
    assert (told["programme"], told["time_zone"]) == ("citic", "Asia/Shanghai")
    scenes = {scene["scene"]: scene["state"] for scene in told["scenes"]["2"]}
    assert (scenes["online-meeting"], scenes["metro"]) == ("planned", "connected")
    assert [entry["decision"] for entry in told["activations"]] == ["approved", "installed"]
    assert {"shenzhen-transit", "meituan-bike"} <= {version["code"] for version in told["packs"]}
    with pytest.raises(Problem) as refused:
        run("show", "atlantis")
    assert refused.value.code == "catalogue.programme_unknown"


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (
            "en",
            ["compared with citic@1", "Not in force yet", "waits for another person's approval"],
        ),
        ("zh", ["与现行版本 citic@1 比较", "尚未启用", "等待另一人批准"]),
    ],
)
def test_a_person_reads_what_would_change(
    second: Path, lang: str, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["tanzhang", "--lang", lang])
    first = run("load", str(second)).stdout
    page = first + run("load", str(second), "--by", "Ling").stdout
    assert [word for word in words if word not in page] == []


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ["citic@2", "planned", "not in force", "the installation itself"]),
        ("zh", ["citic@2", "规划中", "未生效", "由系统启用"]),
    ],
)
def test_a_person_reads_a_programme(
    second: Path, lang: str, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["tanzhang", "--lang", lang])
    run("load", str(second))
    page = run("show", "citic").stdout + run("list").stdout
    assert [word for word in words if word not in page] == []


def test_an_empty_list_says_so(database: Database) -> None:
    assert "No programme is loaded." in run("list").stdout


def test_every_fault_of_a_file_is_shown_with_its_line(second: Path) -> None:
    text = second.read_text(encoding="utf-8").replace("pack: meituan-bike", "pack: nothing")
    second.write_text(text, encoding="utf-8")
    result = run("load", str(second))
    assert result.exit_code == 1
    assert result.stderr.count("packs.pack_unknown") == 2
    assert f"{second}:" in result.stderr
