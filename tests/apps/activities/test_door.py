"""The door accepts each act once, refuses what it must with a reason, and loses nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import polars as pl
import pytest
from apps_world import MINUTE_US, RECEIVED_US, instant, report, ride
from django.db import connections

from clean_database import Database
from tanzhang.apps.activities.api import ITEM, Acceptance, accept, read_piece
from tanzhang.apps.activities.report import REPORT
from tanzhang.apps.distribution import shards
from tanzhang.engine.acts import State
from tanzhang.problems import Problem, sentences

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]

Answers = list[tuple[str, str | None]]


def hand_in(
    *rows: dict[str, Any], partner: str = "bikes", enrol: bool = True, received: int = RECEIVED_US
) -> Acceptance:
    return accept(
        report(*rows), partner=partner, programme="lake", received_us=received, enrol=enrol
    )


def answers(*rows: dict[str, Any], **where: Any) -> Answers:
    return [*hand_in(*rows, **where).verdicts.select("verdict", "code").iter_rows()]


def stored_items(database: Database) -> pl.DataFrame:
    """All items of all pieces, each with the shard of its piece."""
    with database.connect("auditor") as auditor:
        pieces = auditor.execute("select shard, body from piece order by id").fetchall()
    frames = [
        read_piece(bytes(body)).with_columns(shard=pl.lit(shard, pl.Int64))
        for shard, body in pieces
    ]
    return pl.concat(frames) if frames else pl.DataFrame(schema={**ITEM, "shard": pl.Int64})


def stored_count(database: Database, table: str) -> int:
    with database.connect("auditor") as auditor:
        row = auditor.execute(f"select count(*) from {table}").fetchone()
    assert row is not None
    return int(row[0])


# --- acceptance ---------------------------------------------------------------------------------


def test_a_new_act_is_accepted_and_waits_in_a_piece(database: Database) -> None:
    acceptance = hand_in(ride())
    assert acceptance.verdicts.row(0)[1:3] == ("accepted", None)
    assert acceptance.counts == {
        "accepted": 1, "duplicate": 0, "conflict": 0, "rejected": 0, "held": 0
    }  # fmt: skip
    (item,) = stored_items(database).iter_rows(named=True)
    key = f"{item['key_hi']:016x}{item['key_lo']:016x}"
    assert key == acceptance.verdicts["event_key"][0]
    assert item["started_us"] == instant("2024-05-01 08:00")
    assert (item["day"], item["month"]) == (19_844, 202405)
    assert (item["q1"], item["q2"], item["consent"], item["state"]) == (2300, None, True, 0)
    assert (item["item_hi"], item["item_lo"]) == (0, 0)
    assert stored_count(database, "piece_queue") == len(acceptance.piece_ids) == 1


def test_a_piece_knows_to_the_microsecond_when_it_came(database: Database) -> None:
    hand_in(ride(), received=RECEIVED_US + 1)
    with database.connect("auditor") as auditor:
        came = auditor.execute(
            "select (extract(epoch from received_at) * 1000000)::int8 from piece"
        )
        assert came.fetchall() == [(RECEIVED_US + 1,)]


def test_the_local_day_is_that_of_the_programmes_zone(database: Database) -> None:
    hand_in(ride("before", started_us=instant("2024-04-30 15:59")))
    hand_in(ride("after", started_us=instant("2024-04-30 16:00")))
    assert stored_items(database)["month"].to_list() == [202404, 202405]


def test_an_act_that_is_sent_again_is_a_duplicate(database: Database) -> None:
    hand_in(ride())
    assert answers(ride()) == [("duplicate", "same_content")]
    assert stored_count(database, "piece") == 1


def test_an_act_that_is_twice_in_a_report_is_accepted_once(database: Database) -> None:
    assert answers(ride(), ride()) == [("accepted", None), ("duplicate", "same_content")]
    assert len(stored_items(database)) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"scene": "walk", "in_distance_m": None, "in_steps": 100},
        {"started_us": instant("2024-05-01 08:01")},
        {"ended_us": instant("2024-05-01 08:11")},
        {"grade": 3},
        {"item_key": "bike 7"},
        {"in_distance_m": 2301},
        {"in_distance_m": None},
        {"withdrawn": True},
    ],
)
def test_a_revision_with_other_content_is_a_conflict(change: dict[str, Any]) -> None:
    hand_in(ride())
    assert answers(ride(**change)) == [("conflict", "content_differs")]


def test_content_does_not_depend_on_columns_that_are_empty() -> None:
    hand_in(ride())
    assert answers(ride(in_steps=None)) == [("duplicate", "same_content")]


def test_no_revision_of_an_event_may_name_another_person() -> None:
    hand_in(ride())
    other = ride(person="bo", revision=1)
    assert answers(other) == [("conflict", "subject_differs")]
    assert answers(ride("r2"), ride("r2", person="bo", revision=1)) == [
        ("accepted", None),
        ("conflict", "subject_differs"),
    ]


def test_one_id_of_two_partners_is_two_events() -> None:
    hand_in(ride())
    assert answers(ride(), partner="bank") == [("accepted", None)]


def test_a_higher_revision_is_accepted_and_a_lower_one_is_superseded(database: Database) -> None:
    hand_in(ride(revision=1))
    assert answers(ride(revision=3, in_distance_m=9), ride(revision=0)) == [
        ("accepted", None),
        ("accepted", "superseded"),
    ]
    assert answers(ride(revision=2, in_distance_m=8)) == [("accepted", "superseded")]
    assert stored_items(database)["revision"].to_list() == [1, 3]
    assert stored_count(database, "event_identity") == 4


def test_of_the_revisions_in_one_report_the_highest_is_kept_wherever_it_stands(
    database: Database,
) -> None:
    rows = [ride(revision=number, in_distance_m=number + 1) for number in (1, 2, 0)]
    assert answers(*rows) == [
        ("accepted", "superseded"), ("accepted", None), ("accepted", "superseded")
    ]  # fmt: skip
    assert stored_items(database)["revision"].to_list() == [2]


def test_a_held_row_is_accepted_held_and_a_withdrawal_withdraws(database: Database) -> None:
    assert answers(ride(held=True), ride("r2", withdrawn=True)) == [
        ("held", None),
        ("accepted", None),
    ]
    assert set(stored_items(database)["state"]) == {State.HELD, State.WITHDRAWN}


def test_what_was_reported_may_be_withdrawn_when_its_scene_is_the_partners_no_more(
    database: Database,
) -> None:
    bill = {"scene": "bill", "in_distance_m": None}
    reported = ride("r1", **bill)
    first = accept(
        report(reported),
        partner="bikes",
        programme="lake",
        received_us=RECEIVED_US,
        enrol=True,
        agreed=("bill",),
    )
    assert first.counts["accepted"] == 1
    assert answers(ride("r1", **bill, revision=1, withdrawn=True)) == [("accepted", None)]
    assert answers(ride("r2", **bill, withdrawn=None)) == [("rejected", "scene_not_reportable")]
    assert State.WITHDRAWN in set(stored_items(database)["state"])


def test_a_row_that_says_nothing_of_it_is_neither_held_nor_withdrawn(database: Database) -> None:
    assert answers(ride(held=None, withdrawn=None)) == [("accepted", None)]
    assert answers(ride("r2", held=True, withdrawn=None)) == [("held", None)]
    assert stored_items(database)["state"].to_list() == [State.LIVE, State.HELD]


def test_of_doors_that_get_one_report_at_once_only_one_accepts_an_act() -> None:
    rows = [ride(f"r{number}", person=f"p{number % 3}") for number in range(50)]

    def one_door(_: int) -> int:
        try:
            return hand_in(*rows).counts["accepted"]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as doors:
        assert sorted(doors.map(one_door, range(4))) == [0, 0, 0, 50]


# --- refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"external_id": None}, "id_missing"),
        ({"external_id": ""}, "id_missing"),
        ({"external_id": " "}, "id_missing"),
        ({"external_id": "x" * 257}, "id_too_long"),
        ({"revision": -1}, "revision_invalid"),
        ({"revision": None}, "revision_invalid"),
        ({"person": None}, "person_missing"),
        ({"person": "x" * 257}, "person_too_long"),
        ({"scene": None}, "scene_unknown"),
        ({"scene": "flight"}, "scene_unknown"),
        ({"scene": "bill", "in_distance_m": None}, "scene_not_reportable"),
        ({"in_steps": 5}, "input_unknown"),
        ({"in_nonsense": 5}, "input_unknown"),
        ({"started_us": None}, "time_missing"),
        ({"ended_us": None}, "time_missing"),
        ({"started_us": 0}, "time_past"),
        ({"started_us": -(2**63), "ended_us": 2**63 - 1}, "time_past"),
        ({"ended_us": 2**63 - 1}, "time_future"),
        ({"started_us": RECEIVED_US + 1441 * MINUTE_US}, "time_future"),
        ({"grade": None}, "grade_invalid"),
        ({"grade": -1}, "grade_invalid"),
        ({"item_key": "x" * 257}, "item_key_too_long"),
        ({"started_us": instant("2023-12-31 15:59")}, "no_consent"),
    ],
)
def test_a_row_that_cannot_be_accepted_is_refused_with_its_code(
    change: dict[str, Any], code: str, database: Database
) -> None:
    assert answers(ride() | change, ride("sound")) == [("rejected", code), ("accepted", None)]
    assert len(stored_items(database)) == stored_count(database, "event_identity") == 1


def test_a_refused_row_takes_no_id_away(database: Database) -> None:
    hand_in(ride(scene="flight"))
    assert answers(ride()) == [("accepted", None)]


def test_ids_and_item_keys_may_be_256_characters_long() -> None:
    assert answers(ride("é" * 256, item_key="k" * 256)) == [("accepted", None)]


@pytest.mark.parametrize("nothing", ["", " ", "\t\u3000\n"])
def test_a_blank_item_key_is_none(database: Database, nothing: str) -> None:
    hand_in(ride(item_key=nothing))
    assert stored_items(database).select("item_hi", "item_lo").row(0) == (0, 0)


def test_an_act_that_ends_before_it_starts_is_left_to_settlement() -> None:
    backwards = ride(ended_us=instant("2024-05-01 07:00"))
    assert answers(backwards) == [("accepted", None)]


def test_nobody_is_enrolled_unless_the_caller_says_so(database: Database) -> None:
    assert answers(ride(), enrol=False) == [("rejected", "person_unknown")]
    said = accept(report(ride()), partner="bikes", programme="lake", received_us=RECEIVED_US)
    assert said.counts["rejected"] == 1
    assert stored_count(database, "account") == 0
    hand_in(ride())
    assert answers(ride("r2"), enrol=False) == [("accepted", None)]


def test_nobody_is_enrolled_for_a_row_that_is_refused(database: Database) -> None:
    hand_in(ride(scene="flight"), ride("r2", person="bo", in_steps=1))
    assert stored_count(database, "subject") == 0


def test_every_code_has_its_sentences() -> None:
    codes = {
        "id_missing", "superseded", "same_content", "content_differs", "subject_differs",
        "person_unknown", "no_consent", "input_unknown", "scene_not_reportable",
    }  # fmt: skip
    assert {f"door.{code}" for code in codes} <= set(sentences())


# --- consent ------------------------------------------------------------------------------------


@pytest.fixture
def consent_until_may_10(lake: None, database: Database) -> None:
    """Ada's consent ends on 2124-05-10 at noon; the door judges by no clock that is behind now."""
    hand_in(ride())
    with database.connect("app") as app:
        app.execute("update consent set to_us = %s", [instant("2124-05-10 12:00")])


MAY_9 = instant("2124-05-09 00:00")
JUNE_1 = instant("2124-06-01 00:00")


@pytest.mark.usefixtures("consent_until_may_10")
class TestConsent:
    """Consent must be live over the whole act, and when the report arrives."""

    def test_an_act_inside_is_accepted_while_consent_lives(self) -> None:
        assert answers(ride("r2"), received=MAY_9) == [("accepted", None)]

    def test_nothing_is_accepted_after_consent_ended(self) -> None:
        assert answers(ride("r2"), received=JUNE_1) == [("rejected", "no_consent")]

    def test_consent_ends_for_reports_at_its_very_instant(self) -> None:
        last = instant("2124-05-10 12:00")
        assert answers(ride("r2"), received=last - 1) == [("accepted", None)]
        assert answers(ride("r3"), received=last) == [("rejected", "no_consent")]

    def test_an_act_that_outlasts_consent_is_refused(self) -> None:
        last = instant("2124-05-10 12:00")
        received = last - MINUTE_US
        rows = [
            ride("fits", started_us=last - 10 * MINUTE_US),
            ride("outlasts", started_us=last - 10 * MINUTE_US + 1),
            ride("instant", started_us=last - 1, ended_us=last - 1),
            ride("late instant", started_us=last, ended_us=last),
        ]
        assert answers(*rows, received=received) == [
            ("accepted", None),
            ("rejected", "no_consent"),
            ("accepted", None),
            ("rejected", "no_consent"),
        ]

    def test_a_withdrawal_is_accepted_and_a_correction_is_not(self, database: Database) -> None:
        rows = [ride(revision=1, in_distance_m=7), ride(revision=2, withdrawn=True)]
        said = answers(*rows, received=JUNE_1)
        assert said == [("rejected", "no_consent"), ("accepted", None)]
        assert stored_items(database)["consent"].to_list() == [True, False]

    def test_consent_that_is_given_again_counts(self, database: Database) -> None:
        with database.connect("app") as app:
            app.execute(
                "insert into consent (subject_id, account_id, from_us, partner_id)"
                " select subject_id, account_id, %s, partner_id from consent"
                " where purpose = 'collect'",
                [instant("2124-05-20 00:00")],
            )
        gap = ride("gap", started_us=instant("2124-05-15 00:00"))
        again = ride("again", started_us=instant("2124-05-21 00:00"))
        assert answers(gap, again, ride("r2"), received=JUNE_1) == [
            ("rejected", "no_consent"),
            ("accepted", None),
            ("accepted", None),
        ]


# --- pieces -------------------------------------------------------------------------------------


def test_items_lie_in_the_piece_of_their_subjects_shard(database: Database) -> None:
    hand_in(*(ride(f"r{number}", person=f"p{number % 40}") for number in range(200)))
    items = stored_items(database)
    assert len(items) == 200
    assert items["shard"].to_list() == shards(items["subject_id"].to_numpy()).tolist()
    assert items["shard"].n_unique() > 10


def test_a_piece_never_holds_more_than_it_may(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tanzhang.apps.activities.pieces.MAX_ITEMS", 3)
    acceptance = hand_in(*(ride(f"r{number}") for number in range(7)))
    with database.connect("auditor") as auditor:
        counts = auditor.execute("select item_count from piece order by id").fetchall()
    assert counts == [(3,), (3,), (1,)]
    assert len(acceptance.piece_ids) == 3


def test_a_report_without_rows_is_accepted_as_nothing(database: Database) -> None:
    acceptance = hand_in()
    assert len(acceptance.verdicts) == 0
    assert acceptance.piece_ids == ()


def test_a_report_of_rows_that_are_all_refused_leaves_nothing(database: Database) -> None:
    assert hand_in(ride(None), ride(scene="flight")).piece_ids == ()
    assert stored_count(database, "event_identity") == stored_count(database, "piece") == 0


# --- the frame and its senders ------------------------------------------------------------------


@pytest.mark.parametrize(
    "frame",
    [
        report(ride()).drop("grade"),
        report(ride()).with_columns(extra=pl.lit(1)),
        report(ride()).with_columns(pl.col("started_us").cast(pl.String)),
        report(ride()).with_columns(pl.col("in_distance_m").cast(pl.Float64)),
        report(ride(), ride("r2")).with_columns(row=pl.lit(0, pl.UInt32)),
        report(ride()).with_columns(row=pl.lit(None, pl.UInt32)),
    ],
)
def test_a_frame_that_is_no_report_is_refused(frame: pl.DataFrame) -> None:
    with pytest.raises(Problem) as refusal:
        accept(frame, partner="bikes", programme="lake", received_us=RECEIVED_US)
    assert refusal.value.code == "door.report_malformed"


def test_a_report_needs_no_input_columns() -> None:
    bare = report(ride()).select(REPORT.names())
    answer = accept(bare, partner="bikes", programme="lake", received_us=RECEIVED_US, enrol=True)
    assert answer.counts["accepted"] == 1


@pytest.mark.parametrize(
    ("partner", "programme", "code"),
    [
        ("nobody", "lake", "partners.partner_unknown"),
        ("bikes", "sea", "catalogue.programme_unknown"),
    ],
)
def test_an_unknown_sender_or_programme_is_refused(partner: str, programme: str, code: str) -> None:
    with pytest.raises(Problem) as refusal:
        accept(report(ride()), partner=partner, programme=programme, received_us=RECEIVED_US)
    assert refusal.value.code == code
