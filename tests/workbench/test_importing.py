"""An import from the first row to the last: every row gets one result, in the reader's words."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from rides import TRIP_2013, as_csv, mapping_2013

from tanzhang.problems import Problem
from tanzhang.workbench.files import open_file
from tanzhang.workbench.importing import Door, ResultWriter, Tally, import_file
from tanzhang.workbench.importing.reasons import reason

CHANGES = [
    {},
    {"end station id": "1"},
    {"starttime": "2020-11-01 01:30:00.0000", "stoptime": "2020-11-01 02:05:00.0000"},
    {"tripduration": '601"'},
    {"bikeid": "7"},
]


def answer(report: pl.DataFrame) -> pl.DataFrame:
    """A door that takes everything."""
    held = pl.when("held").then(pl.lit("held")).otherwise(pl.lit("accepted"))
    return report.select(
        "row",
        verdict=held,
        code=pl.lit(None, dtype=pl.String),
        event_key=pl.col("external_id").str.head(32),
    )


def trips(folder: Path, content: bytes = b"") -> Path:
    """A file with one trip of each kind; its fourth row is broken."""
    path = folder / "trips.csv"
    path.write_bytes(content or as_csv(TRIP_2013, CHANGES).replace(b'"601"""', b"60\x001"))
    return path


def results_of(path: Path, door: Door = answer) -> pl.DataFrame:
    with open_file(path, mapping_2013()) as opened:
        return pl.concat([part for part, _ in import_file(opened, mapping_2013(), door)])


def test_every_row_has_one_result_and_held_rows_say_why(tmp_path: Path) -> None:
    results = results_of(trips(tmp_path))
    assert results.select("row", "verdict", "code").rows() == [
        (1, "accepted", None),
        (2, "rejected", "round_trip"),
        (3, "held", "repeated_hour"),
        (4, "rejected", "nul_byte"),
        (5, "accepted", None),
    ]
    assert results["column"].to_list() == [None, "", "starttime", None, None]
    assert results["event_key"].is_null().to_list() == [False, True, False, True, False]


def test_a_held_row_keeps_the_mappings_reason_and_other_rows_the_doors(tmp_path: Path) -> None:
    def wordy(report: pl.DataFrame) -> pl.DataFrame:
        return answer(report).with_columns(code=pl.lit("superseded"))

    codes = results_of(trips(tmp_path), wordy)["code"].to_list()
    assert codes == ["superseded", "round_trip", "repeated_hour", "nul_byte", "superseded"]


def test_the_tally_adds_up(tmp_path: Path) -> None:
    tally = Tally()
    tally.add(results_of(trips(tmp_path)))
    assert tally.as_json() == {
        "rows": 5,
        "accepted": 2,
        "duplicate": 0,
        "conflict": 0,
        "rejected": 2,
        "held": 1,
        "codes": {"nul_byte": 1, "repeated_hour": 1, "round_trip": 1},
    }
    assert len(tally.event_keys()) == 3


def test_a_door_that_loses_or_doubles_a_row_is_found_out(tmp_path: Path) -> None:
    path = trips(tmp_path)
    doors: list[Door] = [
        lambda report: answer(report).head(1),
        lambda report: pl.concat([answer(report), answer(report).head(1)]),
    ]
    for door in doors:
        with pytest.raises(RuntimeError, match="rows went in"):
            results_of(path, door)


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_results_are_written_with_their_reasons(tmp_path: Path, ending: str) -> None:
    results = results_of(trips(tmp_path))
    path = tmp_path / f"results.{ending}"
    with ResultWriter(path, mapping_2013(), "zh") as writer:
        writer.write(results.head(2))
        assert not path.exists()
        writer.write(results.tail(3))
    readers = {"csv": pl.read_csv, "jsonl": pl.read_ndjson, "parquet": pl.read_parquet}
    written = readers[ending](path)
    assert written["row"].to_list() == [1, 2, 3, 4, 5]
    assert written["reason"][1] == "该行程的起点与终点是同一站点，无法得知骑行距离。"
    assert written["reason"][0] is None
    assert [entry.name for entry in tmp_path.iterdir() if entry.name.startswith(".")] == []


def test_results_go_only_where_they_can_be_read(tmp_path: Path) -> None:
    for path in (tmp_path / "results.xlsx", tmp_path / "no" / "results.csv", tmp_path):
        with pytest.raises(Problem) as caught:
            ResultWriter(path, mapping_2013(), "en")
        assert caught.value.code == "imports.results_unwritable"


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_an_older_result_stays_if_nothing_new_was_written(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"results.{ending}"
    path.write_bytes(b"older")
    with pytest.raises(ZeroDivisionError), ResultWriter(path, mapping_2013(), "en"):
        raise ZeroDivisionError
    assert path.read_bytes() == b"older"
    with ResultWriter(path, mapping_2013(), "en"):
        pass
    assert path.read_bytes() != b"older"
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_a_reason_is_the_mappings_own_or_the_catalogues() -> None:
    rules = mapping_2013()
    assert reason("over_a_day", rules, "en").startswith("The trip lasts longer than a day")
    assert reason("ragged_row", rules, "zh") == "该行的单元格数与表头不一致。"
    assert "bound" in reason("too_fast", rules, "en")
