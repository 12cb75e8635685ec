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


def asked(at: datetime | None = None, kind: RequestKind = RequestKind.EXPLAIN) -> int:
    bo = people.account("river-bo")
    assert bo is not None
    with bulk_transaction() as cursor:
        return people.make_request(cursor, bo, kind, "为什么？", at=at)


def standing() -> people.State:
    bo = people.account("river-bo", even_restricted=True)
    assert bo is not None
    with bulk_transaction() as cursor:
        return people.account_state(cursor, [bo.id])[bo.id].state


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


CHECKED = {"state": "working", "words": ""}
TOLD = {"words": "Your account is kept, and nobody reads it."}


def test_what_one_person_checked_another_carries_out_by_one_press() -> None:
    number = asked(kind=RequestKind.RESTRICT)
    wang, zhao = sit_down("wang", "operator"), sit_down("zhao", "approver")
    carry = f"requests/{number}/carry-out/"
    assert carry not in zhao.reads(f"requests/{number}/").source
    assert zhao.sends(carry, TOLD).status == 409  # nobody has checked it
    wang.sends(f"requests/{number}/answer/", CHECKED)
    assert carry not in wang.reads(f"requests/{number}/").source
    assert wang.sends(carry, TOLD).status == 403
    assert carry in zhao.reads(f"requests/{number}/").source
    assert zhao.sends(carry, {"words": " "}).status == 409  # she has to be told
    assert standing() is people.State.OPEN
    assert zhao.sends(carry, TOLD).location
    assert standing() is people.State.RESTRICTED
    with bulk_transaction() as cursor:
        found = people.request_numbered(cursor, number)
        assert people.steps_of(cursor, found)[-1].words == TOLD["words"]
    assert found.state is RequestState.DONE
    assert Action.objects.get(kind="request", verb="approved").note == "restrict"
    assert zhao.sends(carry, TOLD).status == 409  # once


def test_nobody_carries_out_what_she_checked_herself() -> None:
    number, both = asked(kind=RequestKind.RESTRICT), sit_down("wang", "operator", "approver")
    both.sends(f"requests/{number}/answer/", CHECKED)
    assert "carry-out" not in both.reads(f"requests/{number}/").source
    refused = both.sends(f"requests/{number}/carry-out/", TOLD)
    assert (refused.status, "yourself" in refused.text) == (409, True)
    assert standing() is people.State.OPEN


@pytest.mark.parametrize("kind", sorted(set(RequestKind) - {RequestKind.RESTRICT}))
def test_nothing_but_a_restriction_is_carried_out_here(kind: RequestKind) -> None:
    number, wang, zhao = (
        asked(kind=kind),
        sit_down("wang", "operator"),
        sit_down("zhao", "approver"),
    )
    wang.sends(f"requests/{number}/answer/", CHECKED)
    assert "carry-out" not in zhao.reads(f"requests/{number}/").source
    assert zhao.sends(f"requests/{number}/carry-out/", TOLD).status == 409
    assert standing() is people.State.OPEN


def test_an_erasure_is_told_as_the_command_that_does_it() -> None:
    number, zhao = asked(kind=RequestKind.DELETE), sit_down("zhao", "approver")
    page = zhao.reads(f"requests/{number}/")
    assert "tanzhang privacy erase river-bo" in page.text
    assert "Two persons should do it together: the command itself asks for one alone." in page.text
    assert "carry-out" not in page.source
    assert zhao.sends(f"requests/{number}/carry-out/", TOLD).status == 409


def test_a_request_ends_though_its_person_is_erased_and_keeps_no_word() -> None:
    number, wang = asked(kind=RequestKind.DELETE), sit_down("wang", "operator")
    bo = people.account("river-bo")
    assert bo is not None
    with bulk_transaction() as cursor:
        people.vault.destroy_key(cursor, bo.subject_id)
    assert wang.sends(f"requests/{number}/answer/", {"state": "done", "words": "Done."}).location
    with bulk_transaction() as cursor:
        found = people.request_numbered(cursor, number)
        assert [step.words for step in people.steps_of(cursor, found)] == [None]
    assert found.state is RequestState.DONE
