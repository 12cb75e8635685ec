"""What people ask for by right is answered at the console, within its clock."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from surfaces.console.desk import sit_down
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people
from tanzhang.apps.people.api import RequestKind, RequestState
from tanzhang.surfaces.console.models import Action

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]


def asked(at: datetime | None = None) -> int:
    bo = people.account("river-bo")
    assert bo is not None
    with bulk_transaction() as cursor:
        return people.make_request(cursor, bo, RequestKind.EXPLAIN, "为什么？", at=at)


def test_a_request_is_answered_and_written_down() -> None:
    number, wang = asked(), sit_down("wang", "operator")
    assert "为什么？" not in wang.reads("requests/").text
    assert "为什么？" in wang.reads(f"requests/{number}/").text
    answer = {"state": "done", "words": "因为当日限额已满。"}
    assert wang.sends(f"requests/{number}/answer/", answer).location
    with bulk_transaction() as cursor:
        found = people.request_numbered(cursor, number)
        assert [step.words for step in people.steps_of(cursor, found)] == ["因为当日限额已满。"]
    assert found.state is RequestState.DONE
    assert Action.objects.get(kind="request").note == "done"


def test_a_request_whose_clock_has_run_out_is_in_everybodys_face() -> None:
    asked(datetime(2025, 1, 1, tzinfo=UTC))
    wang = sit_down("wang", "operator")
    assert "The term to answer is over: 1." in wang.reads("").text
    assert "past" in wang.reads("requests/").text


@pytest.mark.parametrize("state", ["", "done", "nonsense", "withdrawn"])
def test_an_end_needs_words_and_a_state_has_to_be_one(state: str) -> None:
    number, wang = asked(), sit_down("wang", "operator")
    answer = wang.sends(f"requests/{number}/answer/", {"state": state, "words": " "})
    assert answer.status in (404, 409)
    with bulk_transaction() as cursor:
        assert people.request_numbered(cursor, number).is_open


def test_a_reader_answers_nothing() -> None:
    number, reader = asked(), sit_down("somebody", "reader")
    assert "Write down" not in reader.reads(f"requests/{number}/").text
    assert reader.sends(f"requests/{number}/answer/", {"state": "done"}).status == 403
