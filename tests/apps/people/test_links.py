"""Links between subjects: written once, ended, withdrawn, and never two of a pair at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from clean_database import Database
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people, links
from tanzhang.problems import Problem

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("four")]

AT = datetime(2025, 5, 1, tzinfo=UTC)


@pytest.fixture
def four(database: Database) -> None:
    """Subjects 1 to 4."""
    with bulk_transaction() as cursor:
        cursor.execute(
            "insert into subject (key) select %s from generate_series(1, 4)", [bytes(32)]
        )


def write(do: Callable[[psycopg.Cursor[Any]], Any]) -> Any:
    with bulk_transaction() as cursor:
        return do(cursor)


def link(one: int, other: int, since: int = 10) -> int:
    made: int = write(lambda c: people.link_subjects(c, (one, other), since, factor="f", at=AT))
    return made


def of(*subjects: int) -> list[tuple[tuple[int, int], int, int | None]]:
    entries = write(lambda c: people.links_of(c, subjects))
    return [(entry.subject_ids, entry.from_day, entry.to_day) for entry in entries]


def refusal(do: Callable[[], object]) -> str:
    with pytest.raises(Problem) as refused:
        do()
    return refused.value.code


def test_a_link_is_found_from_both_its_subjects_with_how_it_was_proved() -> None:
    number = link(2, 1)
    (entry,) = write(lambda c: people.links_of(c, [2]))
    assert (entry.id, entry.subject_ids, entry.factor, entry.made_at) == (number, (1, 2), "f", AT)
    assert of(1) == of(2) == [((1, 2), 10, None)]
    assert of(3) == []


def test_whom_links_connect_is_found_from_any_of_them() -> None:
    link(1, 2)
    link(3, 4, 20)
    link(2, 3, 30)
    assert len(of(1)) == len(of(4)) == 3
    found = write(lambda c: people.person_of(c, [4]))
    assert [window.subject for window in found] == [1, 2, 3, 4]
    assert len({window.party for window in found}) == 1


def test_a_link_that_ends_stays_and_one_that_is_withdrawn_is_gone() -> None:
    number = link(1, 2)
    assert write(lambda c: people.end_link(c, number, 20, why="w")).to_day is None
    assert of(1) == [((1, 2), 10, 20)]
    write(lambda c: people.withdraw_link(c, number, why="w"))
    assert of(1) == []
    assert write(people.every_link) == []
    assert refusal(lambda: write(lambda c: people.end_link(c, number, 20, why="w"))) == (
        "people.link_unknown"
    )


def test_a_link_that_would_hold_for_no_day_is_withdrawn() -> None:
    number = link(1, 2)
    write(lambda c: people.end_link(c, number, 10, why="w"))
    assert of(1) == []


def test_a_pair_is_linked_again_after_its_end_or_withdrawal() -> None:
    write(lambda c: people.end_link(c, link(1, 2), 20, why="w"))
    assert refusal(lambda: link(1, 2, 19)) == "people.already_linked"
    write(lambda c: people.withdraw_link(c, link(1, 2, 20), why="w"))
    link(2, 1, 25)
    assert of(1) == [((1, 2), 10, 20), ((1, 2), 25, None)]


def test_nobody_is_linked_to_herself_nor_to_more_than_people_have(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert refusal(lambda: link(1, 1)) == "people.link_to_itself"
    monkeypatch.setattr(links, "MOST_SUBJECTS", 3)
    link(1, 2)
    link(2, 3)
    link(1, 3)
    assert refusal(lambda: link(3, 4)) == "people.too_many_linked"


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("insert into subject_link (one_subject_id, other_subject_id, from_day, factor, made_at)"
         " values (1, 2, 5, 'f', now())", "subject_link_holds_once"),
        ("insert into subject_link (one_subject_id, other_subject_id, from_day, factor, made_at)"
         " values (4, 3, 5, 'f', now())", "subject_link_names_the_lesser_first"),
        ("insert into subject_link (one_subject_id, other_subject_id, from_day, factor, made_at)"
         " values (3, 4, 5, '', now())", "subject_link_says_how_it_was_proved"),
        ("update subject_link set to_day = 10, undone_why = 'w'",
         "subject_link_ends_after_it_begins"),
        ("update subject_link set to_day = 11", "subject_link_says_why_it_was_undone"),
    ],
)  # fmt: skip
def test_the_database_itself_refuses_what_no_link_may_be(statement: str, constraint: str) -> None:
    link(1, 2)
    with pytest.raises(psycopg.errors.IntegrityError) as refused:
        write(lambda c: c.execute(statement))
    assert refused.value.diag.constraint_name == constraint


def test_the_app_changes_nothing_of_a_link_but_its_end(database: Database) -> None:
    link(1, 2)
    with (
        database.connect("app") as app,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        app.execute("update subject_link set from_day = 0")
