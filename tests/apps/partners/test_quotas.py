"""A quota is one partner's own: it is used up, it comes back, and nobody else notices."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from clean_database import Database
from tanzhang.apps.partners import api as partners, quotas
from tanzhang.problems import Problem

pytestmark = pytest.mark.database

THREADS = 8


@pytest.fixture(autouse=True)
def _a_long_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """No minute ends while a test runs."""
    monkeypatch.setattr(quotas, "MINUTE_S", 10**12)
    monkeypatch.setattr(quotas, "DAY_S", 10**12)


def test_calls_are_counted_down_and_then_refused_with_the_time_to_wait(bikes: int) -> None:
    states = [partners.allow(bikes, "events:batch", 3) for _ in range(3)]
    assert [(state.limit, state.remaining) for state in states] == [(3, 2), (3, 1), (3, 0)]
    with pytest.raises(Problem) as refused:
        partners.allow(bikes, "events:batch", 3)
    assert refused.value.code == "partners.rate_limited"
    assert refused.value.details["limit"] == 3
    assert 0 < refused.value.details["reset_s"] <= 10**12


def test_one_partners_calls_are_not_anothers_nor_another_endpoints(bikes: int, bank: int) -> None:
    partners.allow(bikes, "events:batch", 1)
    assert partners.allow(bank, "events:batch", 1).remaining == 0
    assert partners.allow(bikes, "batches", 1).remaining == 0


def test_one_partners_open_call_does_not_hold_up_another(
    bikes: int, bank: int, database: Database
) -> None:
    partners.allow(bikes, "events:batch", 9)
    partners.allow(bank, "events:batch", 9)
    with database.connect("app") as elsewhere:
        elsewhere.execute("update quota_use set used = used where partner_id = %s", [bikes])
        with connection.cursor() as cursor:
            cursor.execute("set lock_timeout = '2s'")
        assert partners.allow(bank, "events:batch", 9).remaining == 7


def test_a_new_minute_begins_anew(bikes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    partners.allow(bikes, "events:batch", 1)
    monkeypatch.setattr(quotas, "MINUTE_S", 10**11)  # another number of the present period
    with connection.cursor() as cursor:
        cursor.execute("update quota_use set period = period - 1")
    assert partners.allow(bikes, "events:batch", 1).remaining == 0
    with pytest.raises(Problem):
        partners.allow(bikes, "events:batch", 1)


def test_of_many_at_once_no_more_are_allowed_than_the_quota(bikes: int) -> None:
    start = Barrier(THREADS)

    def ask(_: int) -> bool:
        try:
            connection.ensure_connection()
            start.wait(timeout=20)
            partners.allow(bikes, "events:batch", 3)
        except Problem as problem:
            assert problem.code == "partners.rate_limited"
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(THREADS) as pool:
        allowed = list(pool.map(ask, range(THREADS)))
    assert allowed.count(True) == 3


def test_the_items_of_a_batch_are_taken_all_or_none(bikes: int) -> None:
    assert partners.allow_items(bikes, 7, 10).remaining == 3
    with pytest.raises(Problem) as refused:
        partners.allow_items(bikes, 4, 10)
    assert refused.value.code == "partners.items_over_quota"
    assert partners.allow_items(bikes, 3, 10).remaining == 0


def test_a_batch_larger_than_the_quota_is_refused_on_the_first_day_too(bikes: int) -> None:
    with pytest.raises(Problem) as refused:
        partners.allow_items(bikes, 11, 10)
    assert refused.value.code == "partners.items_over_quota"
