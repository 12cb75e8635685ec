"""People ask for what is theirs by right, and see how far it has come."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from clean_database import Database
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.api import AccountEntry, account
from tanzhang.apps.people.requests.asking import (
    make_request,
    open_requests,
    request_numbered,
    requests_of,
    steps_of,
    take_step,
)
from tanzhang.apps.people.requests.models import RequestKind, RequestState
from tanzhang.apps.people.vault.api import destroy_key
from tanzhang.problems import Problem

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

FRIDAY = datetime(2026, 11, 6, 17, 0, tzinfo=UTC)  # already Saturday in China


def ada() -> AccountEntry:
    found = account("river-ada")
    assert found is not None
    return found


def asked(
    kind: RequestKind = RequestKind.CORRECT, words: str = "我的姓名有误", at: datetime = FRIDAY
) -> int:
    with bulk_transaction() as cursor:
        return make_request(cursor, ada(), kind, words, at=at)


def step(number: int, state: RequestState, words: str = "") -> None:
    with bulk_transaction() as cursor:
        take_step(cursor, number, state, by="operator:wang", words=words)


def test_a_request_says_by_when_it_is_answered() -> None:
    number = asked()
    with bulk_transaction() as cursor:
        found = request_numbered(cursor, number)
    assert found.due_on == date(2026, 12, 7)
    assert (found.words, found.state, found.made_by) == ("我的姓名有误", "open", "citizen")


def test_what_is_written_is_nowhere_in_plain_text(database: Database) -> None:
    step(asked(words="needle-in-a-request"), RequestState.DONE, "needle-in-an-answer")
    with database.connect("owner") as owner:
        rows = owner.execute(
            "select words from rights_request union all select words from rights_step"
        ).fetchall()
    assert len(rows) == 2
    assert all(b"needle" not in bytes(words) for (words,) in rows)


def test_the_steps_are_told_in_order() -> None:
    number = asked()
    step(number, RequestState.WORKING)
    step(number, RequestState.DONE, "已经更正。")
    with bulk_transaction() as cursor:
        (found,) = requests_of(cursor, ada().subject_id)
        told = [(one.state, one.words) for one in steps_of(cursor, found)]
        assert open_requests(cursor) == []
    assert told == [("working", None), ("done", "已经更正。")]
    assert not found.is_open


def test_an_end_needs_an_answer() -> None:
    number = asked()
    with pytest.raises(Problem, match=r"rights\.answer_missing"):
        step(number, RequestState.REFUSED, "  ")


def test_what_has_ended_stays_ended() -> None:
    number = asked()
    step(number, RequestState.WITHDRAWN)
    with pytest.raises(Problem, match=r"rights\.request_ended"):
        step(number, RequestState.WORKING)


def test_asking_twice_is_asking_once_until_it_has_ended() -> None:
    number = asked()
    with pytest.raises(Problem, match=r"rights\.asked_already"):
        asked()
    step(number, RequestState.DONE, "done")
    assert asked() > number


def test_the_most_urgent_is_listed_first() -> None:
    late = asked(RequestKind.CORRECT)
    early = asked(RequestKind.EXPLAIN, at=FRIDAY - timedelta(days=1))
    with bulk_transaction() as cursor:
        assert [one.id for one in open_requests(cursor)] == [early, late]


def test_words_go_with_the_persons_key_and_the_request_stays() -> None:
    number = asked()
    step(number, RequestState.DONE, "answered")
    with bulk_transaction() as cursor:
        destroy_key(cursor, ada().subject_id)
        found = request_numbered(cursor, number)
        assert found.words is None
        assert [one.words for one in steps_of(cursor, found)] == [None]


def test_too_much_is_refused() -> None:
    with pytest.raises(Problem, match=r"rights\.words_too_long"):
        asked(words="x" * 2_001)


def test_a_request_that_nobody_made_is_unknown() -> None:
    with bulk_transaction() as cursor, pytest.raises(Problem, match=r"rights\.request_unknown"):
        request_numbered(cursor, 4_711)
