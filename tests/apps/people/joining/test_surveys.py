"""Answers are counted, nobody can tell whose they were, and small counts are not told."""

from __future__ import annotations

import pytest
from joining_world import SURVEY, opened, programme

from clean_database import Database
from tanzhang.apps.people.api import AccountEntry
from tanzhang.apps.people.joining.surveys import (
    answer_survey,
    has_answered,
    suppressed,
    survey_results,
)
from tanzhang.problems import Problem


def answered(number: int, useful: str = "yes", clear: str = "yes") -> AccountEntry:
    account = opened(f"p{number}")
    answer_survey(account, SURVEY, {"useful": useful, "clear": clear})
    return account


def told() -> dict[str, dict[str, int | None]]:
    results = survey_results(programme(), SURVEY)
    return {one.question: {a.answer: a.chosen for a in one.answers} for one in results}


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([30, 25, 12], [30, 25, 12]),
        ([30, 25, 9], [30, None, None]),  # one hidden cell could be worked out from the sum
        ([30, 9, 0], [30, None, None]),
        ([9, 9, 9], [None, None, None]),
        ([10, 3], [None, None]),
    ],
)
def test_a_cell_under_ten_is_hidden_and_never_alone(
    counts: list[int], expected: list[int | None]
) -> None:
    assert suppressed(counts) == expected


@pytest.mark.database
@pytest.mark.usefixtures("lake")
def test_answers_are_told_ten_testers_at_a_time() -> None:
    for number in range(9):
        answered(number)
    assert told()["clear"] == {"yes": None, "no": None}
    for number in range(9, 20):
        answered(number, clear="no" if number % 2 else "yes")
    assert survey_results(programme(), SURVEY)[0].replies is None
    before = told()
    answered(20, useful="no", clear="no")  # who looks before and after learns nothing of her
    assert told() == before
    for number in range(21, 40):
        answered(number, clear="no")
    assert told()["clear"] == {"yes": 14, "no": 26}
    result = survey_results(programme(), SURVEY)[1]
    assert (result.question, result.replies) == ("clear", 40)


@pytest.mark.database
@pytest.mark.usefixtures("lake")
def test_everybody_answers_once_and_every_question(database: Database) -> None:
    account = opened("ada")
    with pytest.raises(Problem, match=r"joining\.survey_incomplete"):
        answer_survey(account, SURVEY, {"useful": "yes"})
    with pytest.raises(Problem, match=r"joining\.survey_incomplete"):
        answer_survey(account, SURVEY, {"useful": "yes", "clear": "perhaps"})
    assert not has_answered(account.id, "first")
    answer_survey(account, SURVEY, {"useful": "yes", "clear": "no"})
    assert has_answered(account.id, "first")
    with pytest.raises(Problem, match=r"joining\.survey_answered"):
        answer_survey(account, SURVEY, {"useful": "no", "clear": "no"})
    with database.connect() as connection:
        rows = connection.execute("select sum(chosen + waiting) from survey_count").fetchall()
    assert rows == [(2,)]
