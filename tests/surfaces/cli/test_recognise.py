"""``tanzhang recognise`` as a person or a script calls it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from engine.recognise.samples import RULES, transactions
from tanzhang.apps.people.api import accounts
from tanzhang.problems import Problem
from tanzhang.surfaces.cli import app

#: Whom the bank knows: made by enrolling her with an act of another file.
ADA = {"who": "1x3-00001"}
BACK = {"id": "20261104-9", "kind": "REV", "original": "20261103-2"}


def called(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["recognise", *words], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.output


def answer(*words: str, code: int = 0) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(called(*words, "--json", code=code))
    return told


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    file = tmp_path / "rules.yaml"
    file.write_text(RULES, encoding="utf-8")
    return file


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A bill, one that is taken back later, groceries, business without paper, a failed bill."""
    file = tmp_path / "host.csv"
    transactions(
        ADA,
        ADA | {"id": "20261103-2", "thing": "account-8"},
        ADA | BACK,
        ADA | {"id": "20261103-3", "product": "GROCERIES"},
        ADA | {"id": "20261103-4", "product": "PL-SIGN"},
        ADA | {"id": "20261103-5", "status": "F"},
    ).write_csv(file)
    return file


def test_without_post_a_file_is_only_counted_and_no_database_is_asked(
    file: Path, rules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    told = answer(str(file), "--rules", str(rules))
    assert (told["rows"], told["recognised"], told["posted"]) == (6, 3, False)
    assert told["nothing"] == {"not_complete": 1, "unknown_kind": 1, "not_connected": 1}


def test_the_programmes_own_rules_are_measured_on_the_labelled_file(root: Path) -> None:
    labelled = root / "packs/programmes/citic/labelled_transactions.csv"
    told = answer(str(labelled), "--labels", "label")
    assert told["scores"]["e-bill"]["precision"] == 1.0
    said = called(str(labelled), "--labels", "label", "--lang", "zh")
    assert "准确率" in said
    assert "召回率" in said


@pytest.fixture
def root() -> Path:
    return Path(__file__).parents[3]


def test_rules_with_faults_are_listed_with_line_and_what_to_do(rules: Path, file: Path) -> None:
    rules.write_text(RULES.replace("PL-", "BILL").replace("thing\n", "thong\n"), encoding="utf-8")
    told = answer("--check", "--rules", str(rules), code=1)
    assert [(fault["line"], fault["code"]) for fault in told["faults"]] == [
        (21, "recognise.column_unknown")
    ]
    said = called(str(file), "--rules", str(rules), "--lang", "zh", code=1)
    assert f"{rules}:21: recognise.column_unknown" in said
    assert "交易中没有“thong”这一列" in said


def test_sound_rules_are_said_to_be_sound(rules: Path) -> None:
    assert answer("--check", "--rules", str(rules)) == {"ok": True, "faults": [], "rules": 2}
    assert "no fault" in called("--check", "--lang", "en")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), "recognise.file_or_check"),
        (("x.csv", "--labels", "label", "--post"), "recognise.labels_and_post"),
        (("nothing.csv",), "imports.file_missing"),
        (("--programme", "nowhere"), "recognise.rules_missing"),
    ],
)
def test_what_cannot_be_done_is_refused(words: tuple[str, ...], code: str) -> None:
    with pytest.raises(Problem) as raised:
        called(*words)
    assert raised.value.code == code


def test_a_file_that_breaks_on_the_way_says_so_after_what_was_read(file: Path, rules: Path) -> None:
    import gzip

    packed = file.with_suffix(".csv.gz")
    packed.write_bytes(gzip.compress(file.read_bytes())[:-4])
    told = answer(str(packed), "--rules", str(rules), code=1)
    assert (told["recognised"], told["problem"]["code"]) == (3, "imports.gzip_broken")


@pytest.mark.database
def test_with_post_the_acts_are_reported_and_settled_and_nothing_else_is_kept(
    file: Path, rules: Path
) -> None:
    from datetime import date

    from tanzhang.apps.catalogue.api import load_catalogue
    from tanzhang.apps.database import bulk_transaction
    from tanzhang.engine.packs import load_packs
    from tanzhang.workbench.city import City
    from tanzhang.workbench.city.residents import enrol_residents

    load_catalogue(load_packs(), ["citic"])
    enrol_residents(City(seed=1, citizens=3, days=1, start=date(2026, 3, 2)), "citic")
    told = answer(str(file), "--rules", str(rules), "--post")
    assert (told["recognised"], told["accepted"], told["duplicate"]) == (3, 3, 0)
    assert told["outcomes"] == {"credited": 1, "withdrawn": 1}
    assert told["reduction_mg"] == 262_000
    again = answer(str(file), "--rules", str(rules), "--post")
    assert (again["accepted"], again["duplicate"]) == (0, 3)
    with bulk_transaction() as cursor:
        cursor.execute("select count(distinct event_key) from event_identity")
        assert cursor.fetchone() == (2,)
    assert len(accounts()) == 3
