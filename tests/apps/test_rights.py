"""Each role may do what the list of rights says, and nothing else."""

from __future__ import annotations

import psycopg
import pytest

from clean_database import Database
from tanzhang.apps.rights import APP, APPEND_ONLY, AUDITOR, EMPTIED, PARTLY_UPDATED, SITE, UPDATED

pytestmark = pytest.mark.database

PRIVILEGES = "select table_name from information_schema.role_table_grants where grantee = %s"


def granted(database: Database, role: str, privilege: str) -> set[str]:
    with database.connect("owner") as owner:
        rows = owner.execute(f"{PRIVILEGES} and privilege_type = %s", [role, privilege]).fetchall()
    return {table for (table,) in rows}


def test_the_app_updates_and_deletes_only_what_is_listed(database: Database) -> None:
    assert granted(database, APP, "UPDATE") == {*UPDATED, *SITE}
    assert granted(database, APP, "DELETE") == {*EMPTIED, *SITE}
    assert granted(database, APP, "INSERT") == {*APPEND_ONLY, *UPDATED, *PARTLY_UPDATED, *SITE}
    assert granted(database, APP, "TRUNCATE") == set()


def test_every_table_has_its_rights_decided(database: Database) -> None:
    with database.connect("owner") as owner:
        rows = owner.execute(
            "select relname from pg_class where relnamespace = 'public'::regnamespace"
            " and relkind in ('r', 'p') and not relispartition"
        ).fetchall()
    read_only = {
        *("access_cut", "installation"),
        *("auth_permission", "django_content_type", "django_migrations"),
    }
    assert {table for (table,) in rows} == {
        *(*APPEND_ONLY, *UPDATED, *PARTLY_UPDATED),
        *(*SITE, *read_only),
    }


def test_the_auditor_sees_no_log_in_and_no_session(database: Database) -> None:
    assert granted(database, AUDITOR, "SELECT") & set(SITE) == set()


@pytest.mark.parametrize(
    "statement",
    [
        "update activity set credited_mg = 0",
        "delete from activity",
        "truncate activity",
        "update cut set mg = 0",
        "delete from cut",
        "update event_identity set content = 0",
        "delete from event_identity",
        "update piece set shard = 0",
        "delete from piece",
        "update piece_settlement set outcome_count = 0",
        "delete from piece_settlement",
        "update log_entry set position = 1",
        "delete from log_entry",
        "delete from balance",
        "update installation_secret set made_at = now()",
        "delete from installation_secret",
        "update installation set kind = 'sandbox'",
        "update consent set from_us = 0",
        "update consent set partner_id = 1",
        "delete from consent",
        "update subject set key = sha256(key)",
        "create table own_table ()",
        "alter table activity add column more integer",
    ],
)
def test_the_app_is_refused(database: Database, statement: str) -> None:
    with (
        database.connect("app") as app,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        app.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "select sealed from installation_secret",
        "select * from installation_secret",
        "select key from subject",
        "select * from subject",
        "select ensure_months('{203001}')",
    ],
)
def test_the_auditor_sees_no_secret_and_makes_nothing(database: Database, statement: str) -> None:
    with database.connect("auditor") as auditor:
        auditor.execute("set transaction read write")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            auditor.execute(statement)


def test_the_auditor_reads_everything_else(database: Database) -> None:
    with database.connect("auditor") as auditor:
        for table in ("activity", "piece", "balance", "log_entry", "partner_link"):
            auditor.execute(f"select * from {table}")
        auditor.execute("select * from installation")
        auditor.execute("select id from subject")
