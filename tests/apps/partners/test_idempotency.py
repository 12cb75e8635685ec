"""One Idempotency-Key is one request: one does the work, all get one answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import psycopg
import pytest
from django.db import connection
from partners_world import DAY, NOW, SECOND

from clean_database import Database
from tanzhang.apps.partners.api import idempotency
from tanzhang.apps.partners.idempotency import TAKEN_OVER_AFTER, Answer, Turn
from tanzhang.problems import Problem

pytestmark = pytest.mark.database

ASKED, OTHER = b"\1" * 32, b"\2" * 32
ANSWER = Answer(200, "application/json", b'{"counts": {}}')
THREADS = 16


def refusal(partner_id: int, digest: bytes = ASKED, at: object = NOW) -> str:
    with pytest.raises(Problem) as refused:
        idempotency.begin(partner_id, "k1", digest, at)  # type: ignore[arg-type]
    return refused.value.code


def turn(partner_id: int, digest: bytes = ASKED, at: datetime = NOW) -> Turn:
    """The key begun; fails if it is answered already."""
    begun = idempotency.begin(partner_id, "k1", digest, at)
    assert isinstance(begun, Turn)
    return begun


def test_of_sixteen_that_begin_one_key_at_once_exactly_one_does_the_work(bikes: int) -> None:
    start = Barrier(THREADS)

    def begin(_: int) -> str:
        try:
            connection.ensure_connection()
            start.wait(timeout=20)
            found = idempotency.begin(bikes, "k1", ASKED)
        except Problem as problem:
            return problem.code
        finally:
            connection.close()
        return "works" if isinstance(found, Turn) else "answered"

    with ThreadPoolExecutor(THREADS) as pool:
        said = list(pool.map(begin, range(THREADS)))
    assert said.count("works") == 1
    assert said.count("partners.idempotency_in_progress") == THREADS - 1


def test_the_stored_answer_is_given_again(bikes: int, bank: int) -> None:
    mine = turn(bikes)
    assert refusal(bikes) == "partners.idempotency_in_progress"
    assert idempotency.finish(mine, ANSWER, NOW) == ANSWER
    assert idempotency.begin(bikes, "k1", ASKED, NOW + 6 * DAY) == ANSWER
    turn(bank, OTHER)


def test_another_request_under_the_same_key_is_refused_before_and_after_the_answer(
    bikes: int,
) -> None:
    mine = turn(bikes)
    assert refusal(bikes, OTHER) == "partners.idempotency_mismatch"
    assert refusal(bikes, OTHER, NOW + DAY) == "partners.idempotency_mismatch"
    idempotency.finish(mine, ANSWER, NOW)
    assert refusal(bikes, OTHER) == "partners.idempotency_mismatch"


def test_work_that_died_is_taken_over_after_its_time_and_not_before(bikes: int) -> None:
    turn(bikes)
    late = NOW + TAKEN_OVER_AFTER
    assert refusal(bikes, at=late) == "partners.idempotency_in_progress"
    turn(bikes, at=late + SECOND)
    assert refusal(bikes, at=late + SECOND) == "partners.idempotency_in_progress"


def test_a_slow_worker_and_who_took_over_give_one_answer(bikes: int) -> None:
    slow, second = turn(bikes), turn(bikes, at=NOW + DAY)
    answer = Answer(200, "application/json", b'{"counts": {"duplicate": 1}}')
    assert idempotency.finish(second, answer, NOW + DAY) == answer
    assert idempotency.finish(slow, ANSWER, NOW + DAY) == answer
    assert idempotency.begin(bikes, "k1", ASKED, NOW + DAY) == answer


def test_a_slow_worker_can_neither_answer_nor_give_up_for_who_took_over(bikes: int) -> None:
    slow, second = turn(bikes), turn(bikes, at=NOW + DAY)
    with pytest.raises(Problem, match=r"partners\.idempotency_in_progress"):
        idempotency.finish(slow, ANSWER, NOW + DAY)
    idempotency.give_up(slow)
    assert refusal(bikes, OTHER, NOW + DAY) == "partners.idempotency_mismatch"
    answer = Answer(200, "application/json", b'{"counts": {"accepted": 1}}')
    assert idempotency.finish(second, answer, NOW + DAY) == answer


def test_a_slow_worker_gets_no_answer_of_another_request(bikes: int) -> None:
    slow, second = turn(bikes), turn(bikes, at=NOW + DAY)
    idempotency.give_up(second)
    idempotency.finish(turn(bikes, OTHER, NOW + 2 * DAY), ANSWER, NOW + 2 * DAY)
    with pytest.raises(Problem, match=r"partners\.idempotency_in_progress"):
        idempotency.finish(slow, ANSWER, NOW + 2 * DAY)


def test_work_that_was_given_up_may_be_tried_again_at_once_and_an_answer_stays(
    bikes: int,
) -> None:
    idempotency.give_up(turn(bikes))
    mine = turn(bikes)
    idempotency.finish(mine, ANSWER, NOW)
    idempotency.give_up(mine)
    assert idempotency.begin(bikes, "k1", ASKED, NOW) == ANSWER


def test_the_database_takes_no_half_an_answer(bikes: int, database: Database) -> None:
    idempotency.begin(bikes, "k1", ASKED, NOW)
    with database.connect("app") as app, pytest.raises(psycopg.errors.CheckViolation):
        app.execute("update idempotency set finished_at = now(), status = 200")
