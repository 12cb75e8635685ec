"""Requests are of bounded size, and nobody's are parted."""

from __future__ import annotations

import polars as pl

from tanzhang.apps.activities.posting.unsettled import REFERENCE, person_by_person


def named(*subjects: int) -> pl.DataFrame:
    rows = [(0, place, subject, 202506, None) for place, subject in enumerate(subjects)]
    return pl.DataFrame(rows, REFERENCE, orient="row")


def test_a_part_ends_with_the_person_with_whom_it_is_full() -> None:
    parts = person_by_person(named(*[1] * 3, *[2] * 2, *[5] * 6, 7), 4)
    assert [part["subject_id"].to_list() for part in parts] == [[1, 1, 1, 2, 2], [5] * 6, [7]]
    assert all(part.schema == REFERENCE for part in parts)


def test_everything_is_in_one_part_where_there_is_room() -> None:
    assert [len(part) for part in person_by_person(named(1, 2, 3), 3)] == [3]
    assert [len(part) for part in person_by_person(named(1, 2, 3, 4), 3)] == [3, 1]
