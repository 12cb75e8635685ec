"""Surveys of testers: answers are counted, and nobody can tell whose they were.

Of an account is kept only that it answered. A count below ten is not told, and where exactly one
would be hidden a second one is, so that nobody works it out from the sum. Answers are told ten
testers at a time: who looks before and after one of them sees no difference (R-031).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.selectors import AccountEntry
from tanzhang.engine.packs.joining.section import Question, Survey
from tanzhang.problems import Problem

#: A cell with fewer people than this is not told.
FEWEST: Final = 10

_COUNT: Final = """
insert into survey_count (programme_id, survey, question, answer, chosen, waiting)
values (%s, %s, %s, %s, 0, 1)
on conflict (programme_id, survey, question, answer)
do update set waiting = survey_count.waiting + 1
"""

#: Every tester answers every question, so that as many wait in each of them.
_TELL: Final = """
update survey_count set chosen = chosen + waiting, waiting = 0
where programme_id = %(programme)s and survey = %(survey)s and question in (
    select question from survey_count where programme_id = %(programme)s and survey = %(survey)s
    group by question having sum(waiting) >= %(fewest)s)
"""

#: Whoever answers holds this advisory lock till the transaction ends: "surv".
_LOCK: Final = 0x73757276


@dataclass(frozen=True, slots=True)
class AnswerCount:
    """An answer and how many chose it; None if that is not told."""

    answer: str
    chosen: int | None


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """The answers to one question; ``replies`` is None if the sum would give a cell away."""

    question: str
    answers: tuple[AnswerCount, ...]
    replies: int | None


def answer_survey(account: AccountEntry, survey: Survey, chosen: Mapping[str, str]) -> None:
    """Count one tester's answers, by question. She answers once, and every question.

    Raises ``joining.survey_incomplete`` and ``joining.survey_answered``.
    """
    for question in survey.questions:
        if chosen.get(question.id) not in question.answers:
            raise Problem("joining.survey_incomplete")
    with bulk_transaction() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(
            "insert into survey_reply (account_id, subject_id, survey) values (%s, %s, %s)"
            " on conflict do nothing returning survey",
            [account.id, account.subject_id, survey.id],
        )
        if cursor.fetchone() is None:
            raise Problem("joining.survey_answered")
        for question in sorted(survey.questions, key=lambda question: question.id):
            cursor.execute(
                _COUNT, [account.programme_id, survey.id, question.id, chosen[question.id]]
            )
        place = {"programme": account.programme_id, "survey": survey.id, "fewest": FEWEST}
        cursor.execute(_TELL, place)


def has_answered(account_id: int, survey: str) -> bool:
    """Whether an account answered a survey."""
    with bulk_transaction() as cursor:
        cursor.execute(
            "select from survey_reply where account_id = %s and survey = %s", [account_id, survey]
        )
        return cursor.fetchone() is not None


def survey_results(programme_id: int, survey: Survey) -> list[QuestionResult]:
    """How often each answer was chosen, question by question."""
    with bulk_transaction() as cursor:
        cursor.execute(
            "select question, answer, chosen from survey_count"
            " where programme_id = %s and survey = %s",
            [programme_id, survey.id],
        )
        counts = {(question, answer): chosen for question, answer, chosen in cursor.fetchall()}
    return [_result(question, counts) for question in survey.questions]


def _result(question: Question, counts: Mapping[tuple[str, str], int]) -> QuestionResult:
    chosen = [counts.get((question.id, answer), 0) for answer in question.answers]
    told = suppressed(chosen)
    answers = (
        AnswerCount(answer, count) for answer, count in zip(question.answers, told, strict=True)
    )
    everything = None not in told
    return QuestionResult(question.id, tuple(answers), sum(chosen) if everything else None)


def suppressed(counts: list[int]) -> list[int | None]:
    """The counts that may be told. Zero is a small cell too: it says what nobody thinks."""
    hidden = {place for place, count in enumerate(counts) if count < FEWEST}
    if len(hidden) == 1:
        rest = [place for place in range(len(counts)) if place not in hidden]
        hidden |= {min(rest, key=lambda place: counts[place])}
    return [None if place in hidden else count for place, count in enumerate(counts)]
