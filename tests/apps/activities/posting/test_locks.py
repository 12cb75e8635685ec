"""What two settling transactions must not hold at once."""

from __future__ import annotations

import pytest
from psycopg.errors import LockNotAvailable

from clean_database import Database
from tanzhang.apps.activities.posting import locks
from tanzhang.apps.database import bulk_transaction

pytestmark = pytest.mark.database


def test_a_shard_is_one_transactions_and_free_when_it_ends(database: Database) -> None:
    with database.connect("app") as one, database.connect("app") as other:
        assert locks.try_shard(one.cursor(), 5)
        assert locks.try_shard(one.cursor(), 5)
        assert not locks.try_shard(other.cursor(), 5)
        assert locks.try_shard(other.cursor(), 6)
        one.rollback()
        assert locks.try_shard(other.cursor(), 5)


def test_shards_are_waited_for_and_not_for_ever(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "LOCK_TIMEOUT_SECONDS", 1)
    with database.connect("app") as other:
        assert locks.try_shard(other.cursor(), 6)
        with pytest.raises(LockNotAvailable), bulk_transaction() as cursor:
            locks.lock_shards(cursor, [7, 6, 5])
        with bulk_transaction() as cursor:
            locks.lock_shards(cursor, [7, 5])
            assert not locks.try_shard(other.cursor(), 7)


def test_only_the_wait_for_shards_is_bounded(database: Database) -> None:
    with bulk_transaction() as cursor:
        locks.lock_shards(cursor, [1, 2])
        cursor.execute("show lock_timeout")
        assert cursor.fetchone() == ("0",)


def test_rules_are_shared_by_whoever_settles_and_changed_by_one(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "LOCK_TIMEOUT_SECONDS", 1)
    with database.connect("app") as one, database.connect("app") as other:
        locks.share_rules(one.cursor())
        locks.share_rules(other.cursor())
        with pytest.raises(LockNotAvailable), bulk_transaction() as cursor:
            locks.lock_rules(cursor)
        one.rollback()
        other.rollback()
        with bulk_transaction() as cursor:
            locks.lock_rules(cursor)
