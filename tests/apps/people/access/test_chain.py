"""The chain of the access log breaks wherever somebody tampered with it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from clean_database import Database
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.access.chain import Chain, follow_accesses
from tanzhang.apps.people.access.noting import note_access
from tanzhang.apps.people.models import Subject
from tanzhang.config.database import connect

pytestmark = pytest.mark.database


def chain() -> Chain:
    with bulk_transaction() as cursor:
        return follow_accesses(cursor)


@pytest.fixture
def five_readings(database: Database) -> int:
    """Five readings of one person; gives her number."""
    she = Subject.objects.create(key=bytes(32)).pk
    now = datetime.now(UTC)
    for number in range(5):
        with bulk_transaction() as cursor:
            note_access(
                cursor,
                she,
                reader_kind="staff",
                reader=f"operator:{number}",
                purpose="support",
                fields=["phone", "name"],
                reason="为她查询",
                # Two of them are as old as may be, and older.
                at=now - timedelta(days=[1200, 1100, 9, 8, 7][number]),
            )
    return she


def tamper(*statements: str) -> None:
    """Do it with the rights of who owns the tables, and no trigger in the way."""
    with connect("owner", autocommit=True) as owner:
        owner.execute("alter table access_log disable trigger access_log_only_blanks")
        for statement in statements:
            owner.execute(statement)
        owner.execute("alter table access_log enable trigger access_log_only_blanks")


def test_what_nobody_touched_holds(five_readings: int) -> None:
    found = chain()
    assert (found.rows, found.position, found.broken_at) == (5, 5, None)


def test_an_empty_log_holds() -> None:
    assert chain().holds


@pytest.mark.parametrize(
    ("statement", "broken_at"),
    [
        ("delete from access_log where position = 3", 4),
        ("delete from access_log where position = 1", 2),
        ("update access_log set reader = 'operator:9' where position = 2", 2),
        ("update access_log set at = at + interval '1 microsecond' where position = 4", 4),
        ("update access_log set fields = '{phone}' where position = 5", 5),
        ("update access_log set reason = 'for fun' where position = 2", 2),
        ("update access_log set previous = decode(repeat('00', 32), 'hex') where position = 3", 3),
    ],
)
def test_a_row_that_was_removed_or_changed_is_found(
    five_readings: int, statement: str, broken_at: int
) -> None:
    tamper(statement)
    assert chain().broken_at == broken_at


def test_rows_that_changed_places_are_found(five_readings: int) -> None:
    tamper(
        "update access_log set position = 99 where position = 2",
        "update access_log set position = 2 where position = 3",
        "update access_log set position = 3 where position = 99",
    )
    assert chain().broken_at == 2


def test_old_readings_go_and_the_rest_continues_from_them(five_readings: int) -> None:
    with bulk_transaction() as cursor:
        cursor.execute("select forget_accesses()")
        assert cursor.fetchone() == (2,)
        found = follow_accesses(cursor)
        assert (found.rows, found.position, found.holds) == (3, 5, True)
        cursor.execute("select forget_accesses()")
        assert cursor.fetchone() == (0,)


def test_a_beginning_that_was_cut_off_by_hand_is_found(five_readings: int) -> None:
    tamper("delete from access_log where position <= 2")
    assert chain().broken_at == 3
