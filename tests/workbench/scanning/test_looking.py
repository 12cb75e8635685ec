"""Every column of every table is looked into, sealed fields and sessions too."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest
from django.contrib.sessions.backends.db import SessionStore

from clean_database import Database
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people
from tanzhang.config.forgetting import end_sessions
from tanzhang.workbench.scanning import scan
from tanzhang.workbench.scanning.tables import columns

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

NAME, PHONE = "林晓雨样", "13800138000"


def places(text: str, *folders: Path) -> dict[str, int]:
    return {found.place: found.count for found in scan(text, folders)}


def test_every_table_is_among_those_that_are_read() -> None:
    with bulk_transaction() as cursor:
        named = {(column.table, column.name) for column in columns(cursor)}
        cursor.execute(
            "select relname from pg_class where relnamespace = 'public'::regnamespace"
            " and relkind in ('r', 'p') and not relispartition"
        )
        tables = {row[0] for row in cursor.fetchall()}
    assert {table for table, _ in named} == tables
    assert {("activity", "event_key"), ("django_session", "session_data")} <= named


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("insert into consent_text (code, version, zh, en, digest) values ('x', '1', %(t)s, '',"
         " decode(repeat('00', 32), 'hex'))", "table consent_text.zh"),
        ("insert into account_state (account_id, state, reason)"
         " select min(id), 'open', 'x ' || %(t)s || ' y' from account",
         "table account_state.reason"),
        ("insert into webhook_message (partner_id, message_id, kind, about, sequence, body)"
         " select min(id), 'm', 'k', 'a', 1, convert_to(%(t)s, 'UTF8') from partner",
         "table webhook_message.body"),
    ],
)  # fmt: skip
def test_text_and_bytes_are_found_where_they_lie(
    statement: str, place: str, database: Database
) -> None:
    with database.connect("owner") as owner:
        owner.execute(statement.encode(), {"t": NAME})
    assert places(NAME) == {place: 1}


def test_compressed_bytes_are_found(database: Database) -> None:
    with database.connect("owner") as owner:
        owner.execute(
            "insert into own_count (partner_id, day, breaks, comparison)"
            " select min(id), 1, 1, %s from partner",
            [zlib.compress(f"a,{NAME},b".encode())],
        )
    assert places(NAME) == {"table own_count.comparison (opened)": 1}


def test_numbers_are_found_in_columns_of_numbers(database: Database) -> None:
    with database.connect("owner") as owner:
        owner.execute("update account set joined_day = 1")
        owner.execute(
            "insert into quota_use (partner_id, name, period, used)"
            " select min(id), 'x', 1, %s from partner",
            [int(PHONE)],
        )
    assert places(PHONE) == {"table quota_use.used": 1}


def test_sealed_fields_are_found_as_long_as_they_can_be_opened(tmp_path: Path) -> None:
    who = people.account("river-ada")
    assert who is not None
    with bulk_transaction() as cursor:
        people.vault.store(cursor, who.subject_id, {"name": NAME})
    assert places(NAME) == {"table personal_field.sealed (opened)": 1}
    people.erase(who.subject_id, people.Journal(tmp_path, people.installation().id_text))
    assert places(NAME) == {}


def test_sessions_are_opened_and_those_of_a_person_end() -> None:
    who = people.account("river-ada")
    assert who is not None
    hers, others = SessionStore(), SessionStore()
    hers["account"], hers["note"] = who.id, NAME
    others["account"] = 999_999
    hers.save()
    others.save()
    assert places(NAME) == {"table django_session.session_data (opened)": 1}
    with bulk_transaction() as cursor:
        assert end_sessions(cursor, who.subject_id) == 1
    assert places(NAME) == {}
    assert SessionStore(others.session_key).load() == {"account": 999_999}
