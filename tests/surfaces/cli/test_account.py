"""``tanzhang account`` and ``tanzhang ledger`` as a person and as a script see them."""

from __future__ import annotations

import json
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from clean_database import Database
from tanzhang.problems import Problem
from tanzhang.surfaces.cli import app
from tanzhang.surfaces.cli.ledger import CLAIMS, REASONS

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("one_ride")]

START_US = 1_714_550_400_000_000  # 2024-05-01 08:00 UTC, 16:00 in Shanghai


@pytest.fixture
def one_ride(database: Database) -> None:
    """One settled bike ride of 2,300 m, and the same ride again from a worse witness."""
    from tanzhang.apps.activities.api import accept, drain
    from tanzhang.apps.activities.report import REPORT
    from tanzhang.apps.catalogue.api import load_catalogue
    from tanzhang.engine.packs import load_packs

    load_catalogue(load_packs(), ["citic"])
    rows = [
        (place, f"ride-{place}", 0, False, False, "ada", "shared-bike", START_US,
         START_US + 600_000_000, 2 - place, None, 2300)
        for place in range(2)
    ]  # fmt: skip
    report = pl.DataFrame(rows, {**REPORT, "in_distance_m": pl.Int64}, orient="row")
    received_us = START_US + 86_400_000_000
    accept(report, partner="citibike", programme="citic", received_us=received_us, enrol=True)
    drain()


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words), catch_exceptions=False)


def answer(*words: str, exit_code: int = 0) -> dict[str, Any]:
    result = run(*words, "--json")
    assert result.exit_code == exit_code, result.output
    told: dict[str, Any] = json.loads(result.stdout)
    return told


def handle() -> str:
    (only,) = answer("account", "list")["accounts"]
    return str(only)


def test_an_account_is_shown_with_grams_and_points_apart() -> None:
    told = answer("account", "show", handle())
    assert (told["account"], told["programme"]) == (handle(), "citic")
    assert told["reduction_mg"] == 112_010
    assert told["points"] == sum(event["points"] for event in told["events"]) > 0
    assert [event["status"] for event in told["events"]].count("credited") == 1


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ["112.01 g", "0.11201 kg", "2024-05-01 16:00", "duplicate"]),
        ("zh", ["112.01 克", "0.11201 千克", "2024-05-01 16:00", "重复"]),
    ],
)
def test_a_statement_is_read_in_both_languages(
    lang: str, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = page_of("account", "show", handle(), "--lang", lang, monkeypatch=monkeypatch)
    assert [word for word in words if word not in page] == []


def test_only_as_many_acts_are_listed_as_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("account", "show", handle(), "--limit", "1", "--lang", "en")
    assert "1 more acts are not listed." in page_of(*words, monkeypatch=monkeypatch)


def test_an_act_is_explained_for_a_script() -> None:
    told = answer("account", "show", handle(), "--why", "citibike:ride-0")
    assert (told["status"], told["reason"]) == ("credited", "none")
    assert told["gross_mg"] == told["reduction_mg"] == 112_010
    assert (told["pack"], told["version"], told["cuts"]) == ("meituan-bike", "1", [])
    assert {"value", "unit", "source", "kind"} <= set(told["factors"][0])
    assert any("112.01 g" in step for step in told["steps"])
    loser = answer("account", "show", handle(), "--why", "citibike:ride-1")
    assert (loser["status"], loser["lost_to"]) == ("duplicate", told["event"])


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ["This act is credited with 112.01 g", "48.70 g/km", "[published]", "first report"]),
        ("zh", ["本次行为入账 112.01 克", "48.70 克/公里", "[公布]", "首次报告", "共享单车"]),
    ],
)
def test_an_act_is_explained_in_both_languages(
    lang: str, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("account", "show", handle(), "--why", "citibike:ride-0", "--lang", lang)
    page = page_of(*asked, monkeypatch=monkeypatch)
    assert [word for word in words if word not in page] == []


def test_an_unknown_account_is_refused() -> None:
    with pytest.raises(Problem) as refused:
        run("account", "show", "nobody")
    assert refused.value.code == "cli.account_unknown"


def test_sound_books_are_verified_with_their_digest() -> None:
    told = answer("ledger", "verify", "--digest")
    assert told["ok"] is True
    assert set(told["checks"].values()) == {0}
    assert len(told["digest"]) == 64
    assert (told["events"], told["waiting_pieces"]) == (2, 0)
    assert answer("ledger", "verify")["digest"] is None


def test_every_check_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_of("ledger", "verify", "--digest", "--lang", "en", monkeypatch=monkeypatch)
    assert set(answer("ledger", "verify")["checks"]) == set(CLAIMS)
    assert [claim for claim, _ in CLAIMS.values() if f"✓ {claim}" not in page] == []
    assert "2 events, 2 outcomes, 0 pieces waiting." in page


def test_a_check_that_could_not_be_done_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from tanzhang.apps.activities.api import resettle
    from tanzhang.apps.catalogue.api import RulesChange
    from tanzhang.apps.database import bulk_transaction

    assert answer("ledger", "verify")["skipped"] == []
    with bulk_transaction():
        resettle([RulesChange(frozenset(), frozenset({"citic"}), 0, 30_000)])
    told = answer("ledger", "verify")
    left_out = {"check": "outcomes_follow_from_facts", "reason": "requests_wait"}
    assert (told["ok"], told["skipped"]) == (True, [left_out])
    for lang, words in (
        ("en", "– not checked: settling the facts again gives the same: acts wait"),
        ("zh", "– 未核对：重新结算结果一致：有行为等待重新结算"),
    ):
        page = page_of("ledger", "verify", "--lang", lang, monkeypatch=monkeypatch)
        assert words in page
    assert set(REASONS) == {left_out["reason"]}


def test_broken_books_end_in_exit_code_1_with_the_rows(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.connect("owner") as owner:
        owner.execute("update balance set reduction_mg = 1")
    told = answer("ledger", "verify", exit_code=1)
    assert told["ok"] is False
    assert told["checks"]["balance_is_sum_of_outcomes"] == 1
    assert "balance 1 mg" in told["offences"]["balance_is_sum_of_outcomes"][0]
    monkeypatch.setattr("sys.argv", ["tanzhang", "ledger", "verify", "--lang", "zh"])
    result = run("ledger", "verify", "--lang", "zh")
    assert result.exit_code == 1
    assert "✗ 余额等于结论之和" in result.output
    assert "ledger.books_broken" in result.output


def page_of(*words: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """What a person reads; the language is taken from the process's own words."""
    monkeypatch.setattr("sys.argv", ["tanzhang", *words])
    result = run(*words)
    assert result.exit_code == 0, result.output
    return result.output
