"""The fictitious city: always the same, and with the mishaps that it promises."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from tanzhang.workbench.city import PARTNERS, STREAMS, Batch, City, batches

CITY = City(seed=7, citizens=3000, days=6, start=date(2026, 3, 2))
DAY_US = 86_400_000_000


def together(made: list[Batch]) -> pl.DataFrame:
    """All reports of all batches with their partner and time of arrival."""
    frames = [
        batch.reports.with_columns(
            partner=pl.lit(batch.partner), received_us=pl.lit(batch.received_us)
        )
        for batch in made
    ]
    return pl.concat(frames, how="diagonal")


@pytest.fixture(scope="module")
def made() -> list[Batch]:
    """The batches of the city."""
    return list(batches(CITY))


@pytest.fixture(scope="module")
def reports(made: list[Batch]) -> pl.DataFrame:
    """All reports of the city."""
    return together(made)


@pytest.fixture(scope="module")
def acts(reports: pl.DataFrame) -> pl.DataFrame:
    """Each act once, by its first revision."""
    return reports.filter(pl.col("revision") == 0).unique(["partner", "external_id"])


def test_the_same_seed_makes_byte_identical_batches(made: list[Batch]) -> None:
    again = list(batches(CITY))
    assert [(b.received_us, b.partner) for b in again] == [(b.received_us, b.partner) for b in made]
    assert all(
        one.reports.serialize() == other.reports.serialize()
        for one, other in zip(made, again, strict=True)
    )


def test_another_seed_makes_another_city(made: list[Batch]) -> None:
    other = list(batches(replace(CITY, seed=8)))
    assert not other[0].reports.equals(made[0].reports)


def test_the_first_days_of_a_longer_simulation_are_those_of_a_shorter_one(
    acts: pl.DataFrame,
) -> None:
    shorter = together(list(batches(replace(CITY, days=2)))).filter(pl.col("revision") == 0)
    assert shorter.join(acts, on=["partner", "external_id", "started_us"], how="anti").is_empty()


def test_batches_come_in_order_of_arrival_and_never_before_their_acts_ended(
    made: list[Batch], reports: pl.DataFrame
) -> None:
    arrivals = [batch.received_us for batch in made]
    assert arrivals == sorted(arrivals)
    assert (reports["received_us"] >= reports["ended_us"]).all()
    assert (reports["ended_us"] >= reports["started_us"]).all()


def test_a_batch_is_a_canonical_report_frame(made: list[Batch]) -> None:
    columns = {
        "row": pl.UInt32,
        "external_id": pl.String,
        "revision": pl.Int32,
        "withdrawn": pl.Boolean,
        "held": pl.Boolean,
        "person": pl.String,
        "scene": pl.String,
        "started_us": pl.Int64,
        "ended_us": pl.Int64,
        "grade": pl.Int16,
        "item_key": pl.String,
    }
    for batch in made:
        schema = dict(batch.reports.schema)
        inputs = {name: schema.pop(name) for name in list(schema) if name.startswith("in_")}
        assert schema == columns
        assert set(inputs.values()) == {pl.Int64()}
        assert batch.reports["row"].to_list() == list(range(len(batch.reports)))


def test_every_stream_reports_and_gives_exactly_its_inputs(reports: pl.DataFrame) -> None:
    for stream in STREAMS:
        rows = reports.filter(scene=stream.scene, partner=stream.partner)
        assert len(rows) > 0, stream
        given = {
            name.removeprefix("in_")
            for name in rows.columns
            if name.startswith("in_") and rows[name].null_count() < len(rows)
        }
        assert given == set(stream.inputs)
        assert all(rows[f"in_{name}"].null_count() == 0 for name in given)
        assert rows["item_key"].null_count() == (0 if stream.item_prefix else len(rows))


def test_ids_are_unique_and_carry_the_time_of_the_act(acts: pl.DataFrame) -> None:
    day8 = pl.from_epoch("started_us", "us").dt.offset_by("8h").dt.strftime("%Y%m%d")
    dated = acts.filter(pl.col("external_id").str.contains(r"^\d{8}-7x3000-\d{8}$"))
    assert (dated.select(day8 == pl.col("external_id").str.head(8)).to_series()).all()
    uuids = acts.join(dated, on="external_id", how="anti")
    shape = r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"
    assert uuids["external_id"].str.contains(shape).all()
    millis = pl.col("external_id").str.replace("-", "").str.head(12).str.to_integer(base=16)
    late_ms = uuids.select(millis - pl.col("ended_us") // 1000).to_series()
    assert late_ms.min() >= 0
    assert late_ms.max() < DAY_US // 1000
    assert set(acts["partner"]) == set(PARTNERS)


def test_the_promised_share_of_reports_is_late_repeated_and_corrected(
    reports: pl.DataFrame, acts: pl.DataFrame
) -> None:
    count = len(acts)
    firsts = reports.filter(pl.col("revision") == 0)
    corrections = reports.filter(pl.col("revision") == 1)
    assert 0.015 < (len(firsts) - count) / count < 0.025
    assert 0.003 < len(corrections) / count < 0.007
    assert 0.1 < corrections["withdrawn"].sum() / len(corrections) < 0.3
    sent = firsts.group_by("partner", "external_id").agg(
        delay_us=(pl.col("received_us") - pl.col("ended_us")).min()
    )
    late = (sent["delay_us"] > DAY_US).sum() / count
    assert 0.01 < late < 0.02


def test_two_partners_report_one_ride_with_slightly_other_times(acts: pl.DataFrame) -> None:
    rides = acts.filter(pl.col("partner").is_in(["metro-demo", "bus-demo"]))
    seen = acts.filter(pl.col("scene").is_in(["metro", "bus"]), partner="bank")
    assert 0.01 < len(seen) / len(rides) < 0.05
    both = seen.join(rides, on="person").filter(
        (pl.col("started_us") < pl.col("ended_us_right"))
        & (pl.col("started_us_right") < pl.col("ended_us"))
    )
    assert set(seen["external_id"]) == set(both["external_id"])
    assert (both["started_us"] != both["started_us_right"]).any()


def test_some_bills_are_paid_from_two_citizens_accounts() -> None:
    month = together(list(batches(replace(CITY, days=25))))
    bills = month.filter(scene="utility-payment", revision=0)
    payers = bills.group_by("item_key").agg(pl.col("person").n_unique())
    assert (payers["person"] == 2).sum() > 0
    assert (payers["person"] == 1).sum() > 20 * (payers["person"] == 2).sum()


def test_fewer_citizens_travel_to_work_at_the_weekend(acts: pl.DataFrame) -> None:
    weekday = pl.from_epoch("started_us", "us").dt.offset_by("8h").dt.weekday()
    metro = dict(acts.filter(scene="metro").group_by(weekday).len().iter_rows())
    assert metro[6] < min(metro[day] for day in (1, 2, 3, 4, 5)) // 2


@pytest.mark.parametrize("batches_a_day", [1, 7, 24])
def test_a_partner_sends_once_in_a_window_even_when_clocks_change(batches_a_day: int) -> None:
    sunday = City(1, 400, 3, date(2026, 3, 7), "America/New_York", batches_a_day)
    sent = [(batch.received_us, batch.partner) for batch in batches(sunday)]
    assert len(sent) == len(set(sent))
    assert [received for received, _ in sent] == sorted(received for received, _ in sent)


def test_an_empty_city_sends_nothing() -> None:
    assert list(batches(replace(CITY, citizens=0))) == []
    assert list(batches(replace(CITY, days=0))) == []
