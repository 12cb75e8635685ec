"""“tanzhang privacy records” and “audit-pack” say what is really there, and the same twice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from clean_database import Database
from river.reports import act, hand_in
from tanzhang.apps.activities.api import drain
from tanzhang.surfaces.cli import app

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

UNTIL = "2030-01-01T00:00Z"


def run(*words: object, code: int = 0) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.stdout


def told(*words: object, code: int = 0) -> Any:
    return json.loads(run(*words, "--json", code=code))


def test_the_record_names_partners_purposes_fields_and_terms() -> None:
    found = told("privacy", "records")
    bikes = next(each for each in found["processing"] if each["partner"] == "bikes")
    assert (bikes["purpose"], bikes["country"]) == ("collect", "CN")
    assert bikes["scenes"]
    assert any(field.endswith("/distance_m") for field in bikes["fields"])
    assert {each["field"] for each in found["personal_fields"]} >= {"name", "phone"}
    assert found["columns"]["C2 sealed"] > 0
    assert found["retention"]
    assert found["volumes"]["persons"] == 6


@pytest.mark.parametrize(
    ("lang", "title"), [("zh", "# 个人信息处理活动记录"), ("en", "# Record of processing")]
)
def test_the_record_can_be_read(lang: str, title: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["tanzhang", "--lang", lang])
    text = run("privacy", "records", "--lang", lang)
    assert text.startswith(title)
    assert "bikes" in text or "单车" in text


def test_the_pack_is_signed_and_the_same_instant_gives_the_same_files(tmp_path: Path) -> None:
    hand_in(act("b1", "05-03 08:00"))
    drain()
    run("privacy", "who-read", "river-ada")
    one, two, keys = tmp_path / "one", tmp_path / "two", tmp_path / "keys.json"
    for folder in (one, two):
        assert told("privacy", "audit-pack", folder, "--until", UNTIL)["log_holds"] is True
    files = sorted(path.name for path in one.iterdir())
    assert {"consents.csv", "access-log.csv", "processing-record.json", "pack.json"} <= set(files)
    for name in files:
        if name != "pack.json":
            assert (one / name).read_bytes() == (two / name).read_bytes(), name
    told("key", "public", "--out", keys)
    verdict = told("verify", "audit-pack", one / "pack.json", "--key", keys)
    assert verdict["valid"] is True
    assert verdict["documents"][0]["readings"] == 1
    assert "audit pack" in run("verify", "audit-pack", one / "pack.json", "--key", keys)


def test_a_pack_over_a_log_that_was_tampered_with_says_so(
    tmp_path: Path, database: Database
) -> None:
    for _ in range(2):
        run("privacy", "who-read", "river-ada")
    with database.connect("owner") as owner:
        owner.execute("delete from access_log where position = 1")
        owner.commit()
    assert told("privacy", "audit-pack", tmp_path / "p", code=1)["log_holds"] is False
