"""The app works without owning anything, and nothing that is append-only can be changed by it."""

from __future__ import annotations

import psycopg
import pytest

from clean_database import Database
from tanzhang.config.database import Role, role_name

pytestmark = pytest.mark.database

#: Books that only grow: what was accepted and posted is never updated or deleted (I2, I3).
APPEND_ONLY = ("activity", "event_identity", "cut")


def test_tests_and_django_work_as_the_app(database: Database) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_database()")
        assert cursor.fetchone() == ("tanzhang_app", database.name)


def test_the_app_owns_nothing(database: Database) -> None:
    with database.connect() as connection:
        owned = connection.execute(
            "SELECT relname FROM pg_class WHERE relowner = 'tanzhang_app'::regrole"
            " UNION ALL SELECT proname FROM pg_proc WHERE proowner = 'tanzhang_app'::regrole"
            " UNION ALL SELECT nspname FROM pg_namespace WHERE nspowner = 'tanzhang_app'::regrole"
            " UNION ALL SELECT datname FROM pg_database WHERE datdba = 'tanzhang_app'::regrole"
        ).fetchall()
    assert owned == []


@pytest.mark.parametrize("role", ["app", "auditor"])
def test_a_role_is_no_superuser_and_belongs_to_no_other_role(
    database: Database, role: Role
) -> None:
    with database.connect() as connection:
        row = connection.execute(
            "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls,"
            " (SELECT count(*) FROM pg_auth_members WHERE member = pg_roles.oid)"
            " FROM pg_roles WHERE rolname = %s",
            [role_name(role)],
        ).fetchone()
    assert row == (False, 0)


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "TRUNCATE {}"])
def test_the_app_may_not_remove_from_an_append_only_table(
    database: Database, table: str, statement: str
) -> None:
    with database.connect() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement.format(table).encode())


def test_the_app_may_not_change_any_column_of_an_append_only_table(database: Database) -> None:
    with database.connect() as connection:
        changeable = connection.execute(
            "SELECT attrelid::regclass::text, attname FROM pg_attribute"
            " WHERE attnum > 0 AND NOT attisdropped"
            " AND (attrelid = ANY(%(tables)s::regclass[]) OR attrelid IN (SELECT inhrelid"
            "      FROM pg_inherits WHERE inhparent = ANY(%(tables)s::regclass[])))"
            " AND has_column_privilege(attrelid, attnum, 'UPDATE')",
            {"tables": list(APPEND_ONLY)},
        ).fetchall()
    assert changeable == []


def test_the_auditor_reads_and_cannot_write(database: Database) -> None:
    with database.connect("auditor") as connection:
        assert connection.execute("SELECT count(*) FROM activity").fetchone() == (0,)
        connection.rollback()
        connection.execute("SET default_transaction_read_only = off")
        connection.commit()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM activity")


def test_what_one_test_commits_the_next_does_not_see(database: Database) -> None:
    with database.connect("owner") as connection:
        counted = connection.execute("SELECT count(*) FROM subject").fetchone()
        connection.execute("INSERT INTO subject (key) VALUES (sha256('one'))")
    assert counted == (0,)


def test_what_another_test_committed_is_gone(database: Database) -> None:
    with database.connect("owner") as connection:
        counted = connection.execute("SELECT count(*) FROM subject").fetchone()
        connection.execute("INSERT INTO subject (key) VALUES (sha256('two'))")
    assert counted == (0,)


def test_a_row_from_a_migration_comes_back_after_a_test_changed_it(database: Database) -> None:
    with database.connect("owner") as connection:
        assert connection.execute("SELECT count(*) FROM installation").fetchone() == (1,)
        connection.execute("DELETE FROM installation")


def test_a_row_from_a_migration_is_there_after_a_test_removed_it(database: Database) -> None:
    with database.connect("owner") as connection:
        assert connection.execute("SELECT count(*) FROM installation").fetchone() == (1,)
        connection.execute("DELETE FROM installation")
