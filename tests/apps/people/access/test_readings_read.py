"""A person reads who read what of her, without having to count clicks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.access.noting import note_access
from tanzhang.apps.people.access.reading import ReaderPage, readers_of
from tanzhang.apps.people.models import Subject

pytestmark = pytest.mark.database

AT = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)


def somebody() -> int:
    return Subject.objects.create(key=bytes(32)).pk


def note(subject_id: int, seconds: int, *fields: str, reader: str = "operator:wang") -> None:
    with bulk_transaction() as cursor:
        note_access(
            cursor,
            subject_id,
            reader_kind="staff",
            reader=reader,
            purpose="support",
            fields=fields,
            reason="",
            at=AT + timedelta(seconds=seconds),
        )


def readers(subject_id: int, before: datetime | None = None, lines: int = 10) -> ReaderPage:
    with bulk_transaction() as cursor:
        latest = before or AT + timedelta(days=1)
        return readers_of(cursor, subject_id, {}, before=latest, lines=lines)


def test_a_minute_of_clicking_is_one_line_with_all_that_was_seen() -> None:
    she = somebody()
    for second, field in ((0, "account"), (20, "phone"), (50, "account"), (61, "name")):
        note(she, second, field)
    lines = readers(she).lines
    assert [(line.rows, set(line.fields)) for line in lines] == [
        (3, {"account", "phone", "name"}),
        (1, {"account"}),
    ]


def test_another_reader_is_another_line() -> None:
    she = somebody()
    note(she, 0, "phone")
    note(she, 1, "phone", reader="operator:li")
    assert [line.reader for line in readers(she).lines] == ["operator:li", "operator:wang"]


def test_nobody_sees_who_read_of_somebody_else() -> None:
    she, he = somebody(), somebody()
    note(she, 0, "phone")
    assert readers(he).lines == []


def test_pages_follow_one_another_without_loss() -> None:
    she = somebody()
    for number in range(7):
        note(she, 120 * number, "phone")
    seen, before = [], None
    while True:
        found = readers(she, before, lines=3)
        seen += [line.at for line in found.lines]
        if found.before is None:
            break
        before = found.before
    assert seen == [AT + timedelta(seconds=120 * number) for number in reversed(range(7))]
