"""Transactions become reports, or nothing at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from engine.recognise.samples import LIBRARY, RULES, numbered, recogniser, transactions
from tanzhang.engine.mapping.apply import REPORT_SCHEMA
from tanzhang.engine.recognise import Recognised, connected_scenes, recognise

CONNECTED = {"utility-payment"}


@pytest.fixture
def found(tmp_path: Path) -> Any:
    """Recognises changed copies of a paid bill."""
    rules = recogniser(tmp_path)

    def of(*changes: dict[str, Any]) -> Recognised:
        table = transactions(*changes)
        return recognise(rules, CONNECTED, table, numbered(table))

    return of


def test_a_paid_bill_becomes_a_report_for_the_door(found: Any) -> None:
    report = found({}).report
    assert report.to_dicts() == [
        {
            "row": 1,
            "external_id": "20261103-1",
            "revision": 0,
            "withdrawn": False,
            "held": False,
            "person": "ada",
            "scene": "utility-payment",
            "started_us": 1_793_664_000_000_000,  # 2026-11-03 00:00 UTC: eight in Shanghai
            "ended_us": 1_793_664_000_000_000,
            "grade": 3,
            "item_key": "account-7",
            "in_count": 1,
        }
    ]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"status": "F"}, "not_complete"),
        ({"status": None}, "not_complete"),
        ({"product": "GROCERIES"}, "unknown_kind"),
        ({"product": None}, "unknown_kind"),
        ({"product": "bill"}, "unknown_kind"),
        ({"amount": "0"}, "unknown_kind"),
        ({"amount": "-88.00"}, "unknown_kind"),
        ({"product": "PL-SIGN"}, "not_connected"),
        ({"product": "GROCERIES", "kind": "REV", "original": "20261102-9"}, "unknown_kind"),
    ],
)
def test_what_is_no_act_creates_nothing_and_says_why(
    found: Any, change: dict[str, Any], reason: str
) -> None:
    result = found(change)
    assert (len(result.report), len(result.refused)) == (0, 0)
    assert result.nothing == {reason: 1}


def test_spaces_round_a_code_mean_nothing(found: Any) -> None:
    assert len(found({"product": "  BILL "}).report) == 1


def test_a_reversal_takes_back_the_act_that_it_names(found: Any) -> None:
    back = {"id": "20261104-5", "kind": "REV", "original": "20261103-1", "amount": "88.00"}
    bill, taken_back = found({}, back).report.to_dicts()
    assert (bill["external_id"], bill["revision"], bill["withdrawn"]) == ("20261103-1", 0, False)
    assert taken_back["external_id"] == "20261103-1"
    assert (taken_back["revision"], taken_back["withdrawn"]) == (1, True)
    assert taken_back["in_count"] is None


def test_a_reversal_that_failed_takes_nothing_back(found: Any) -> None:
    assert found({"kind": "REV", "original": "x", "status": "F"}).nothing == {"not_complete": 1}


def test_without_reversals_in_the_file_a_row_of_that_kind_is_an_act_like_any(
    tmp_path: Path,
) -> None:

    back = "  reversed:\n    when: {kind: REV}\n    original: original\n"
    rules = recogniser(tmp_path, RULES.replace(back, ""))
    table = transactions({"kind": "REV"})
    assert recognise(rules, CONNECTED, table, numbered(table)).report["withdrawn"].to_list() == [
        False
    ]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"id": None}, "missing_external_id"),
        ({"who": " "}, "missing_person"),
        ({"at": "yesterday"}, "bad_time"),
        ({"kind": "REV", "original": None}, "missing_external_id"),
    ],
)
def test_a_recognised_transaction_that_is_broken_is_refused_by_name(
    found: Any, change: dict[str, Any], code: str
) -> None:
    result = found(change)
    assert (len(result.report), result.nothing) == (0, {})
    assert result.refused["code"].to_list() == [code]


def test_a_broken_transaction_of_no_kind_creates_nothing(found: Any) -> None:
    assert found({"product": "GROCERIES", "at": "yesterday"}).nothing == {"unknown_kind": 1}


def test_every_row_is_counted_once_in_the_order_of_the_file(found: Any) -> None:
    changes = [
        {"id": f"20261103-{number}"} | change
        for number, change in enumerate(
            [{}, {"status": "F"}, {"product": "PL-1"}, {"at": ""}, {"product": "X"}, {}]
        )
    ]
    result = found(*changes)
    assert result.report["row"].to_list() == [1, 6]
    assert result.refused["row"].to_list() == [4]
    assert result.nothing == {"not_complete": 1, "unknown_kind": 1, "not_connected": 1}
    assert (result.scenes, result.not_connected) == (
        {"utility-payment": 2},
        {"paperless-business": 1},
    )
    assert result.rules == {"bill": 2}


def test_no_rows_are_no_acts(found: Any) -> None:
    result = found()
    assert (len(result.report), result.nothing, result.scenes) == (0, {}, {"utility-payment": 0})


def test_scenes_are_connected_if_the_programme_lets_the_partner_report_them(tmp_path: Path) -> None:
    programme = LIBRARY.programmes["citic"]
    assert connected_scenes(programme, recogniser(tmp_path)) == {"utility-payment"}


def test_the_report_has_the_columns_of_a_report(found: Any) -> None:
    schema = found({}).report.schema
    assert dict(schema) == {**REPORT_SCHEMA, "in_count": pl.Int64}
