"""A host's file through its recogniser."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from engine.recognise.samples import recogniser, transactions
from tanzhang.problems import Problem
from tanzhang.workbench.recognising import (
    Findings,
    open_transactions,
    recognise_file,
    rules_of,
    score_file,
)


def written(folder: Path, table: pl.DataFrame) -> Path:
    file = folder / "transactions.csv"
    table.write_csv(file)
    return file


def test_every_row_of_a_file_is_counted_once(tmp_path: Path) -> None:
    table = transactions(
        {}, {"product": "X"}, {"product": "PL-1"}, {"at": "never"}, {"status": "F"}
    )
    file = written(tmp_path, table)
    with file.open("a") as more:
        more.write("a,row,with,too,few,cells\n")
    findings, rules = Findings(), recogniser(tmp_path)
    with open_transactions(file, rules) as opened:
        ((report, done),) = recognise_file(opened, rules, {"utility-payment"}, findings)
    assert (report["row"].to_list(), done) == ([1], 1.0)
    assert findings.as_json() == {
        "rows": 6,
        "recognised": 1,
        "refused": 2,
        "scenes": {"utility-payment": 1},
        "rules": {"bill": 1},
        "not_connected": {"paperless-business": 1},
        "nothing": {"not_complete": 1, "unknown_kind": 1, "not_connected": 1},
        "codes": {"bad_time": 1, "ragged_row": 1},
    }


def test_a_file_without_a_column_that_the_rules_read_is_refused(tmp_path: Path) -> None:
    file = written(tmp_path, transactions({}).drop("product"))
    with pytest.raises(Problem, match=r"imports\.columns_missing.*product"):
        open_transactions(file, recogniser(tmp_path))


def test_labels_are_compared_with_what_was_recognised(tmp_path: Path) -> None:
    back = {"kind": "REV", "original": "20261103-1"}
    table = transactions({}, back, back, {"product": "X"}, {"product": "PL-1"}).with_columns(
        truth=pl.Series([" utility-payment ", "-utility-payment", "", "utility-payment", ""])
    )
    findings, scores = score_file(written(tmp_path, table), recogniser(tmp_path), "truth")
    bills, paperless = scores["utility-payment"], scores["paperless-business"]
    assert (bills.right, bills.wrong, bills.missed) == (2, 1, 1)
    assert (paperless.right, paperless.wrong, paperless.missed) == (0, 1, 0)
    assert findings.rows == 5


def test_a_label_that_is_no_scene_of_the_rules_is_refused(tmp_path: Path) -> None:
    table = transactions({}).with_columns(truth=pl.lit("utility-paymnet"))
    with pytest.raises(Problem, match=r"recognise\.label_unreadable.*utility-paymnet"):
        score_file(written(tmp_path, table), recogniser(tmp_path), "truth")


def test_a_programme_without_rules_says_where_they_were_looked_for() -> None:
    assert rules_of("citic").name == "recogniser.yaml"
    with pytest.raises(Problem, match=r"recognise\.rules_missing.*nowhere"):
        rules_of("nowhere")
