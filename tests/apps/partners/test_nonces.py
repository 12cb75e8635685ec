"""A nonce is good once, whoever is faster, and for the time in which its request could come."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from partners_world import NOW

from clean_database import Database
from tanzhang.apps.partners import api as partners
from tanzhang.problems import Problem

pytestmark = pytest.mark.database

NONCE = "3f2b9c0d7e6a4b1f8c5d2e9a0b7c6d5e"
TS = int(NOW.timestamp())
THREADS = 16


def test_of_sixteen_that_send_one_nonce_at_once_exactly_one_is_served(bikes: int) -> None:
    start = Barrier(THREADS)

    def burn(_: int) -> bool:
        try:
            connection.ensure_connection()
            start.wait(timeout=20)
            partners.burn_nonce(bikes, NONCE, TS)
        except Problem as problem:
            assert problem.code == "partners.nonce_replayed"
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(THREADS) as pool:
        served = list(pool.map(burn, range(THREADS)))
    assert served.count(True) == 1


def test_a_nonce_is_a_matter_of_one_partner(bikes: int, bank: int) -> None:
    partners.burn_nonce(bikes, NONCE, TS)
    partners.burn_nonce(bank, NONCE, TS)
    with pytest.raises(Problem):
        partners.burn_nonce(bikes, NONCE, TS)


def test_a_burnt_nonce_is_there_for_every_other_connection(bikes: int, database: Database) -> None:
    partners.burn_nonce(bikes, NONCE, TS)
    with database.connect("auditor") as elsewhere:
        rows = elsewhere.execute("select partner_id, nonce from used_nonce").fetchall()
    assert rows == [(bikes, NONCE)]


def test_a_nonce_is_not_burnt_where_it_might_be_undone(bikes: int) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError):
        partners.burn_nonce(bikes, NONCE, TS)


def test_the_app_cannot_make_a_nonce_good_again(bikes: int, database: Database) -> None:
    partners.burn_nonce(bikes, NONCE, TS)
    for statement in (b"delete from used_nonce", b"update used_nonce set nonce = 'other'"):
        with database.connect("app") as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute(statement)


def test_without_the_store_of_nonces_nobody_is_served(bikes: int, database: Database) -> None:
    with database.connect("owner", autocommit=True) as owner:
        owner.execute("revoke insert on used_nonce from tanzhang_app")
        try:
            with pytest.raises(DatabaseError):
                partners.burn_nonce(bikes, NONCE, TS)
        finally:
            owner.execute("grant insert on used_nonce to tanzhang_app")
    partners.burn_nonce(bikes, NONCE, TS)


@pytest.mark.parametrize(
    ("seconds", "inside"), [(-301, False), (-300, True), (0, True), (60, True), (61, False)]
)
def test_the_window_is_five_minutes_back_and_one_ahead(seconds: int, inside: bool) -> None:
    assert partners.is_in_window(TS + seconds, NOW) is inside


@pytest.mark.parametrize("ts", [0, 999_999_999_999])
def test_an_instant_of_another_age_is_outside(ts: int) -> None:
    assert not partners.is_in_window(ts, NOW)


def test_a_nonce_is_kept_for_longer_than_its_request_could_come(
    bikes: int, database: Database
) -> None:
    partners.burn_nonce(bikes, NONCE, TS)
    with database.connect("auditor") as elsewhere:
        [(expires_at,)] = elsewhere.execute("select expires_at from used_nonce").fetchall()
    assert expires_at - NOW >= partners.OLDEST + timedelta(minutes=1)
