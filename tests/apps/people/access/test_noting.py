"""Whoever reads what belongs to a person is written down, and stays written down."""

from __future__ import annotations

from datetime import UTC, datetime

import psycopg
import pytest
from django.db import IntegrityError

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.access.chain import follow_accesses
from tanzhang.apps.people.access.noting import MOST_REASON_LETTERS, blank_reasons, note_access
from tanzhang.apps.people.models import Subject
from tanzhang.problems import Problem

pytestmark = pytest.mark.database

AT = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)


def somebody() -> int:
    return Subject.objects.create(key=bytes(32)).pk


def note(subject_id: int, reason: str = "she called about it", **other: object) -> int:
    told = {"reader_kind": "staff", "reader": "operator:wang", "purpose": "support"} | other
    with bulk_transaction() as cursor:
        return note_access(
            cursor,
            subject_id,
            fields=["phone"],
            reason=reason,
            at=AT,
            **told,  # type: ignore[arg-type]
        )


def test_readings_get_places_without_gaps() -> None:
    she = somebody()
    assert [note(she), note(she), note(she)] == [1, 2, 3]


def test_a_reading_that_fails_leaves_no_gap() -> None:
    she = somebody()
    note(she)
    with pytest.raises(IntegrityError):
        note(she + 1)
    assert note(she) == 2


@pytest.mark.parametrize("purpose", ["", "Support", "for her", "支持"])
def test_a_purpose_that_is_no_code_is_refused(purpose: str) -> None:
    with pytest.raises(Problem, match=r"access\.purpose_misspelt"):
        note(somebody(), purpose=purpose)


def test_a_reason_has_an_end() -> None:
    with pytest.raises(Problem, match=r"access\.reason_too_long"):
        note(somebody(), reason="x" * (MOST_REASON_LETTERS + 1))


def test_a_reader_of_no_known_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="passer-by"):
        note(somebody(), reader_kind="passer-by")


def test_blanked_reasons_leave_the_readings_and_the_chain() -> None:
    she, he = somebody(), somebody()
    for one in (she, he, she):
        note(one, reason="Ada Lovelace called")
    with bulk_transaction() as cursor:
        assert blank_reasons(cursor, she) == 2
        assert blank_reasons(cursor, she) == 0
        found = follow_accesses(cursor)
    assert (found.rows, found.blanked, found.holds) == (3, 2, True)


@pytest.mark.parametrize(
    "change", ["reason = 'something else'", "reader = 'nobody'", "reason = null, reader = 'nobody'"]
)
def test_the_app_can_change_nothing_of_a_reading(change: str) -> None:
    note(somebody())
    with pytest.raises(psycopg.Error), bulk_transaction() as cursor:
        cursor.execute(f"update access_log set {change}")
