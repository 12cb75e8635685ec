"""``/cohorts/``: what a citizen can try before others, and the questions to those who do."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners.api import partner
from tanzhang.apps.people.api import (
    AccountEntry,
    answer_survey,
    ask_to_enter,
    cohorts_of,
    has_answered,
    leave_cohort,
    stages,
)
from tanzhang.engine.packs.joining.section import Cohort, Joining, Survey
from tanzhang.engine.packs.joining.words import EVERYONE
from tanzhang.problems import Problem
from tanzhang.surfaces.citizen.tabs import tabs
from tanzhang.surfaces.citizen.visitor import for_citizens
from tanzhang.surfaces.look import moments

UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True)
class Row:
    """One cohort as she reads it; ``number`` is her place, 0 if she has none."""

    name: str
    title: str
    about: str
    stage: str
    number: int
    survey: str  #: the survey that waits for her answers, if there is one


@require_safe
@for_citizens
def cohorts(request: HttpRequest, account: AccountEntry) -> HttpResponse:
    """The page."""
    return _page(request, account)


@require_POST
@for_citizens
def take_part(request: HttpRequest, account: AccountEntry) -> HttpResponse:
    """Enter a cohort, or leave it."""
    joining, name = joining_of(account), request.POST.get("cohort", "")
    if request.POST.get("wish") == "leave":
        leave_cohort(account, name)
        messages.success(request, gettext("You take part no more. What was counted stays yours."))
        return HttpResponseRedirect(reverse("citizen:cohorts"))
    try:
        seat = ask_to_enter(account, joining, name, _keeper(joining, name))
    except Problem as problem:
        return _page(request, account, problem)
    text = gettext("You take part. Your number is %(number)s.") % {"number": seat.number}
    messages.success(request, text)
    return HttpResponseRedirect(reverse("citizen:cohorts"))


@for_citizens
def survey(request: HttpRequest, account: AccountEntry, name: str) -> HttpResponse:
    """The questions to a tester, and her answers."""
    asked = _survey(account, name)
    problem: Problem | None = None
    if request.method == "POST":
        chosen = {question.id: request.POST.get(question.id, "") for question in asked.questions}
        try:
            answer_survey(account, asked, chosen)
            messages.success(request, gettext("Thank you. Your answers are counted."))
            return HttpResponseRedirect(reverse("citizen:cohorts"))
        except Problem as refusal:
            problem = refusal
    spoken = moments.language()
    questions = [
        (
            question.id,
            question.text[spoken],
            [(key, text[spoken]) for key, text in question.answers.items()],
            request.POST.get(question.id, ""),
        )
        for question in asked.questions
    ]
    context = {
        "title": asked.title[spoken],
        "about": asked.about[spoken],
        "questions": questions,
        "problem": problem,
    }
    status = UNPROCESSABLE if problem else 200
    return render(request, "citizen/survey.html", context, status=status)


def joining_of(account: AccountEntry) -> Joining:
    """What the programme of an account says of joining."""
    rules = rulebook_in_force()
    return rules.programme_file(rules.programme_code(account.programme_id)).joining


def _page(
    request: HttpRequest, account: AccountEntry, problem: Problem | None = None
) -> HttpResponse:
    context = {"rows": _rows(account), "problem": problem, "tabs": tabs()}
    status = UNPROCESSABLE if problem else 200
    return render(request, "citizen/cohorts.html", context, status=status)


def _rows(account: AccountEntry) -> list[Row]:
    """The cohorts that are not over."""
    joining, spoken = joining_of(account), moments.language()
    now = stages(account.programme_id)
    with bulk_transaction() as cursor:
        own = cohorts_of(cursor, account.id)
    return [
        Row(
            cohort.id,
            cohort.title[spoken],
            cohort.about[spoken],
            now.of_cohort(cohort.id),
            own.get(cohort.id, 0),
            _waiting(account, cohort, own.get(cohort.id, 0)),
        )
        for cohort in joining.cohorts.values()
        if now.of_cohort(cohort.id) != EVERYONE
    ]


def _waiting(account: AccountEntry, cohort: Cohort, number: int) -> str:
    asked = bool(number and cohort.survey) and not has_answered(account.id, cohort.survey)
    return cohort.survey if asked else ""


def _keeper(joining: Joining, name: str) -> int | None:
    """The partner by whose references a cohort's list knows people, if it is such a list."""
    cohort = joining.cohorts.get(name)
    people = joining.lists.get(cohort.people_list) if cohort else None
    return partner(people.partner).id if people and people.partner else None


def _survey(account: AccountEntry, name: str) -> Survey:
    """A survey of a cohort that she is in; for anybody else there is none."""
    joining = joining_of(account)
    with bulk_transaction() as cursor:
        own = cohorts_of(cursor, account.id)
    if any(joining.cohorts[cohort].survey == name for cohort in own if cohort in joining.cohorts):
        return joining.surveys[name]
    raise Http404
