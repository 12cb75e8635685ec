"""What is to be spread over machines one day can be, and shards never change."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from clean_database import Database
from tanzhang.apps.distribution import BY_MONTH, DISTRIBUTED, SHARDS, shards

ROOTS = [*DISTRIBUTED]


@pytest.mark.database
def test_a_distributed_table_has_no_triggers_and_no_foreign_keys(database: Database) -> None:
    with database.connect("auditor") as auditor:
        found = auditor.execute(
            "select conrelid::regclass::text, confrelid::regclass::text from pg_constraint"
            " where contype = 'f' and (conrelid::regclass::text = any(%s)"
            " or confrelid::regclass::text = any(%s))",
            [ROOTS, ROOTS],
        ).fetchall()
        assert found == []
        found = auditor.execute(
            "select tgname from pg_trigger where tgrelid::regclass::text = any(%s)", [ROOTS]
        ).fetchall()
        assert found == []


@pytest.mark.database
def test_every_unique_index_of_a_distributed_table_holds_its_column(database: Database) -> None:
    with database.connect("auditor") as auditor:
        rows = auditor.execute(
            "select indrelid::regclass::text, array_agg(attname::text)"
            " from pg_index join pg_attribute on attrelid = indrelid and attnum = any(indkey)"
            " where indisunique and indrelid::regclass::text = any(%s)"
            " group by indexrelid, indrelid",
            [ROOTS],
        ).fetchall()
    assert {table for table, _ in rows} == set(DISTRIBUTED)
    assert [table for table, columns in rows if DISTRIBUTED[table] not in columns] == []


@pytest.mark.database
def test_a_balance_has_no_index_but_its_key(database: Database) -> None:
    with database.connect("auditor") as auditor:
        found = auditor.execute(
            "select count(*) from pg_index where indrelid = 'balance'::regclass"
        ).fetchone()
    assert found == (1,)


@pytest.mark.database
def test_the_door_opens_months_without_owning_the_tables(database: Database) -> None:
    with database.connect("app") as app:
        app.execute("select ensure_months('{203001,203002}')")
        app.execute("select ensure_months('{203001}')")
        rows = app.execute(
            "select relname, pg_get_userbyid(relowner), pg_get_expr(relpartbound, oid)"
            " from pg_class where relname like '%_203001'"
        ).fetchall()
        app.rollback()
    expected = [
        (f"{table}_203001", "tanzhang_owner", "FOR VALUES IN (203001)") for table in BY_MONTH
    ]
    assert sorted(rows) == expected


@pytest.mark.database
def test_two_doors_that_open_a_month_at_once_open_it_once(database: Database) -> None:
    statement = "select ensure_months('{209912}')"
    with (
        database.connect("app") as first,
        database.connect("app", autocommit=True) as second,
        database.connect("owner", autocommit=True) as owner,
        ThreadPoolExecutor(1) as pool,
    ):
        first.execute(statement)
        other = pool.submit(second.execute, statement)
        waits = "select from pg_locks where not granted and pid = %s"
        while owner.execute(waits, [second.info.backend_pid]).fetchone() is None:
            assert not other.done()
        first.commit()
        other.result(timeout=20)
        made = owner.execute("select count(*) from pg_class where relname = 'cut_209912'")
        assert made.fetchone() == (1,)
        owner.execute("drop table activity_209912, cut_209912")


@pytest.mark.database
@pytest.mark.parametrize("month", [203000, 203013, 99, 0, -1])
def test_there_is_no_partition_for_what_is_no_month(database: Database, month: int) -> None:
    import psycopg

    with (
        database.connect("app") as app,
        pytest.raises(psycopg.errors.InvalidParameterValue),
    ):
        app.execute("select ensure_months(%s)", [[month]])


def test_a_subject_stays_in_its_shard_for_ever() -> None:
    subjects = np.array([0, 1, 2, 3, 1_000_000, 2**62], np.int64)
    assert shards(subjects).tolist() == [56, 36, 37, 7, 26, 0]


def test_subjects_spread_evenly_over_the_shards() -> None:
    counts = np.bincount(shards(np.arange(1, 64_001)), minlength=SHARDS)
    assert len(counts) == SHARDS
    assert 900 < counts.min() <= counts.max() < 1100
