"""“tanzhang privacy export” and “who-read”: a person's copy, and who read what of her."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from clean_database import Database
from river.reports import act, hand_in
from tanzhang.apps.activities.api import drain
from tanzhang.apps.people import api as people
from tanzhang.config import copies, database
from tanzhang.problems import Problem
from tanzhang.surfaces.cli import app

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

ADA = "river-ada"


def run(*words: object, code: int = 0) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.stdout


def told(*words: object, code: int = 0) -> Any:
    return json.loads(run(*words, "--json", code=code))


@pytest.fixture
def acts(river: None) -> None:
    hand_in(
        act("b1", "05-03 08:00"),
        act("b2", "05-03 08:05", partner="bank", grade=1),
        act("c1", "05-04 08:00", person="cy"),
    )
    drain()


@pytest.mark.usefixtures("acts")
def test_the_copy_is_signed_and_whole(tmp_path: Path) -> None:
    out, keys = tmp_path / "copy", tmp_path / "keys.json"
    made = told("privacy", "export", ADA, "--out", out, "--yes")
    assert made["sections"]["outcomes"] == 2
    assert made["sections"]["readers"] == 1  # that this copy was made
    told("key", "public", "--out", keys)
    verdict = told("verify", "export", out / "export.json", "--key", keys)
    assert verdict["valid"] is True
    assert verdict["documents"][0]["rows"] == made["sections"]
    assert "rows" in run("verify", "export", out / "export.json", "--key", keys)
    document = json.loads((out / "export.json").read_text())
    outcomes = next(each for each in document["sections"] if each["name"] == "outcomes")
    assert {row["inputs"]["distance_m"] for row in outcomes["rows"]}
    assert {row["partner"] for row in outcomes["rows"]} == {"bikes", "bank"}


@pytest.mark.usefixtures("acts")
def test_a_copy_that_somebody_altered_is_refused(tmp_path: Path) -> None:
    out, keys = tmp_path / "copy", tmp_path / "keys.json"
    told("privacy", "export", ADA, "--out", out, "--yes")
    told("key", "public", "--out", keys)
    file = out / "export.json"
    file.write_text(file.read_text().replace('"account":"river-ada"', '"account":"river-bo"', 1))
    assert told("verify", "export", file, "--key", keys, code=1)["valid"] is False


@pytest.mark.usefixtures("acts")
def test_every_row_that_knows_her_is_in_the_copy(tmp_path: Path, database: Database) -> None:
    from tanzhang.apps.people.api import account, everything_kept

    made = told("privacy", "export", ADA, "--out", tmp_path / "copy", "--yes")
    ada = account(ADA)
    assert ada is not None
    with database.connect("owner") as owner:
        for kept in everything_kept():
            rows = 0
            for table in kept.tables:
                columns = {
                    name
                    for (name,) in owner.execute(
                        "select attname from pg_attribute where attrelid = %s::regclass",
                        [table],
                    )
                }
                if "subject_id" not in columns:
                    break
                found = owner.execute(
                    f"select count(*) from {table} where subject_id = %s", [ada.subject_id]
                )
                rows += found.fetchall()[0][0]
            else:
                if kept.tables:
                    assert made["sections"][kept.name] == rows, kept.name


@pytest.mark.usefixtures("acts")
def test_the_page_is_readable_and_tables_open_in_spreadsheets(tmp_path: Path) -> None:
    out = tmp_path / "copy"
    told("privacy", "export", ADA, "--out", out, "--yes", "--lang", "zh")
    page = (out / "index.html").read_text()
    assert "<script" not in page
    assert "cy" not in page.partition("<body>")[2].split()
    table = (out / "tables" / "outcomes.csv").read_text()
    rows = list(csv.DictReader(io.StringIO(table.removeprefix("\ufeff"), newline="")))
    assert [row["status"] for row in rows] == ["credited", "duplicate"]
    assert oct((out / "export.json").stat().st_mode)[-3:] == "600"


def test_a_folder_with_files_is_not_written_into(tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text("of somebody else")
    with pytest.raises(Problem, match=r"privacy\.folder_full"):
        run("privacy", "export", ADA, "--out", tmp_path, "--yes")
    assert told("privacy", "who-read", ADA)["readers"] == []


def test_nothing_is_written_without_a_yes(tmp_path: Path) -> None:
    run("privacy", "export", ADA, "--out", tmp_path / "copy", code=1)
    assert not (tmp_path / "copy").exists()


def test_who_read_tells_the_export_with_its_reason(tmp_path: Path) -> None:
    told("privacy", "export", ADA, "--out", tmp_path / "copy", "--yes", "--reason", "she asked")
    found = told("privacy", "who-read", ADA)
    assert found["log_holds"] is True
    (line,) = found["readers"]
    assert (line["purpose"], line["fields"], line["reason"]) == (
        "copy",
        ["everything"],
        "she asked",
    )
    assert "made a copy of everything" in run("privacy", "who-read", ADA, "--lang", "en")


def test_whoever_reads_the_list_is_on_it_the_next_time() -> None:
    assert "Nobody but the person" in run("privacy", "who-read", ADA, "--lang", "en")
    assert [line["purpose"] for line in told("privacy", "who-read", ADA)["readers"]] == ["who_read"]


def test_a_log_that_was_tampered_with_is_told(database: Database) -> None:
    for _ in range(3):
        run("privacy", "who-read", ADA)
    with database.connect("owner") as owner:
        owner.execute("delete from access_log where position = 2")
        owner.commit()
    assert told("privacy", "who-read", ADA, code=1)["broken_at"] == 3
    assert (
        "tampered" in CliRunner().invoke(app, ["privacy", "who-read", ADA, "--lang", "en"]).output
    )


def test_a_copy_waits_in_the_home_and_goes_with_its_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TANZHANG_HOME", str(tmp_path))
    with pytest.raises(Problem, match="out_missing"):  # nobody would remove it here
        run("privacy", "export", ADA, "--yes")
    monkeypatch.setattr(database, "is_embedded", lambda: True)
    monkeypatch.setattr(database, "ensure_available", lambda: None)
    hers, his = (Path(told("privacy", "export", who, "--yes")["out"]) for who in (ADA, "river-bo"))
    assert hers.parent == tmp_path / "exports" / ADA
    for ours in (hers / "export.json", hers, tmp_path / "exports"):
        assert ours.stat().st_mode & 0o077 == 0
    assert "removed after 7 days" in run("privacy", "export", "river-cy", "--yes", "--lang", "en")
    ada = people.account(ADA)
    assert ada is not None
    people.erase(ada.subject_id, people.Journal(tmp_path / "erasures", "0" * 16))
    assert copies.remove_of_erased() == 1
    assert not hers.parent.exists()
    assert his.exists()
