"""Stored values as JSON has them."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from tanzhang.apps.people.exporting.sections import day_text, instant_text, plain


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (
            datetime(2026, 5, 1, 8, tzinfo=timezone(timedelta(hours=8))),
            "2026-05-01T00:00:00.000000+00:00",
        ),
        (date(2026, 5, 1), "2026-05-01"),
        (uuid.UUID(int=10), "0" * 31 + "a"),
        (b"\x01\xff", "01ff"),
        (["a", date(2026, 5, 1)], ["a", "2026-05-01"]),
        ({1: None}, {"1": None}),
        (True, True),
        (7, 7),
    ],
)
def test_a_value_is_told_plainly(value: object, told: object) -> None:
    assert plain(value) == told


def test_what_json_cannot_say_exactly_is_refused() -> None:
    with pytest.raises(TypeError, match="float"):
        plain(1.5)


def test_instants_and_days_are_written_out() -> None:
    assert instant_text(1) == "1970-01-01T00:00:00.000001+00:00"
    assert datetime.fromisoformat(str(instant_text(0))) == datetime(1970, 1, 1, tzinfo=UTC)
    assert day_text(19_875) == "2024-06-01"
    assert (instant_text(None), day_text(None)) == (None, None)
