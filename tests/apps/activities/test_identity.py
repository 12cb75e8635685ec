"""The columns' answer is that of reading rows one by one, however they are split into reports."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from apps_world import RECEIVED_US, report, ride
from hypothesis import HealthCheck, given, settings, strategies as st

from clean_database import Database
from tanzhang.apps.activities.api import accept, drain, verify

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake", "library")]

ROWS = st.lists(
    st.builds(
        lambda event, revision, person, metres: ride(
            f"{event}", revision=revision, person=person, in_distance_m=metres
        ),
        event=st.sampled_from("xyz"),
        revision=st.integers(0, 2),
        person=st.sampled_from(["ada", "bo"]),
        metres=st.sampled_from([1000, 2000]),
    ),
    max_size=14,
)


class OneByOne:
    """The door as a person would keep it with a card for each event."""

    def __init__(self) -> None:
        self.person: dict[str, str] = {}
        self.content: dict[tuple[str, int], Any] = {}

    def read(self, rows: list[dict[str, Any]]) -> list[tuple[str, str | None]]:
        """The answers to one report."""
        answers = [self._read(row) for row in rows]
        top: dict[str, int] = {}
        for event, revision in self.content:
            top[event] = max(revision, top.get(event, revision))
        return [
            ("accepted", "superseded")
            if answer == ("accepted", None) and row["revision"] < top[row["external_id"]]
            else answer
            for row, answer in zip(rows, answers, strict=True)
        ]

    def _read(self, row: dict[str, Any]) -> tuple[str, str | None]:
        event, revision = row["external_id"], row["revision"]
        if self.person.setdefault(event, row["person"]) != row["person"]:
            return "conflict", "subject_differs"
        known = self.content.get((event, revision))
        if known is None:
            self.content[event, revision] = row["in_distance_m"]
            return "accepted", None
        if known != row["in_distance_m"]:
            return "conflict", "content_differs"
        return "duplicate", "same_content"


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rows=ROWS, cuts=st.lists(st.integers(0, 14), max_size=3))
def test_the_door_answers_as_if_it_read_row_by_row(
    rows: list[dict[str, Any]], cuts: list[int], database: Database
) -> None:
    forget_events(database)
    plain = OneByOne()
    places = sorted({0, *cuts, len(rows)})
    for start, end in pairwise(places):
        part = rows[start:end]
        answer = accept(
            report(*part), partner="bikes", programme="lake", received_us=RECEIVED_US, enrol=True
        )
        found = [*answer.verdicts.select("verdict", "code").iter_rows()]
        assert found == plain.read(part)
    assert verify().ok


def test_what_the_door_accepted_is_settled_once(database: Database) -> None:
    rows = [ride(f"{number % 5}", revision=number // 5) for number in range(15)]
    accept(report(*rows), partner="bikes", programme="lake", received_us=RECEIVED_US, enrol=True)
    drain()
    found = verify()
    assert found.ok
    assert found.events == found.outcomes == 5


def forget_events(database: Database) -> None:
    """Between examples the owner empties what they wrote."""
    with database.connect("owner") as owner:
        owner.execute(
            "truncate event_identity, piece, piece_queue, piece_settlement, log_entry cascade"
        )
