"""Cohorts and features: who tries what first, and the two persons who open it to others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.people import api as people
from tanzhang.apps.people.api import QuestionResult, StageEntry, Stages
from tanzhang.engine.packs.joining.section import Cohort, Feature, Joining, Survey
from tanzhang.engine.packs.joining.words import EVERYONE
from tanzhang.problems import Problem
from tanzhang.surfaces.console.journal import record
from tanzhang.surfaces.console.models import Kind, Verb
from tanzhang.surfaces.console.pages import allowed, go, may, page, spoken


@dataclass(frozen=True, slots=True)
class CohortRow:
    """A cohort, where it stands, where it may go, and how many are in it."""

    cohort: Cohort
    title: str
    stage: str
    next: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class FeatureRow:
    """A feature, who sees it, and who could."""

    feature: Feature
    title: str
    audience: tuple[str, ...]
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """An answer in the reader's language with its count, None where that is not told."""

    text: str
    chosen: int | None


@allowed("look")
def cohorts(request: HttpRequest) -> HttpResponse:
    """The programmes that have cohorts or features."""
    rules = rulebook_in_force()
    files = {code: rules.programme_file(code) for code in rules.rulebook.programmes}
    rows = [
        (code, file.title[spoken()], len(file.joining.cohorts), len(file.joining.features))
        for code, file in files.items()
        if file.joining.cohorts or file.joining.features
    ]
    return page(request, "cohorts", _("Cohorts and features"), rows=rows)


@allowed("look")
def programme(request: HttpRequest, code: str) -> HttpResponse:
    """One programme: its cohorts, its features, its changes and its surveys."""
    number, joining = _joining(code)
    now, counts = people.stages(number), people.member_counts(number)
    changes = people.stage_changes(number)
    waiting = [entry for entry in changes if not entry.decision]
    own = request.user.get_username().lower()
    return page(
        request,
        "cohort_programme",
        rulebook_in_force().programme_file(code).title[spoken()],
        code=code,
        cohorts=[_cohort_row(one, now, counts) for one in joining.cohorts.values()],
        features=[_feature_row(one, now, joining) for one in joining.features.values()],
        changes=changes,
        waiting=[(entry, entry.proposed_by.lower() == own) for entry in waiting],
        surveys=[_survey(number, one) for one in joining.surveys.values()],
        may_change=may(request, "switch"),
        may_decide=may(request, "approve"),
    )


@allowed("switch", posts=True)
def move(request: HttpRequest, code: str) -> HttpResponse:
    """Bring a cohort to another stage."""
    number, joining = _joining(code)
    name, stage = request.POST.get("cohort", ""), request.POST.get("stage", "")
    return _change(
        request,
        code,
        lambda by, note: people.move_cohort(number, joining, name, stage, by=by, note=note),
    )


@allowed("switch", posts=True)
def show(request: HttpRequest, code: str) -> HttpResponse:
    """Show a feature to other people."""
    number, joining = _joining(code)
    name, audience = request.POST.get("feature", ""), tuple(request.POST.getlist("audience"))
    return _change(
        request,
        code,
        lambda by, note: people.show_feature(number, joining, name, audience, by=by, note=note),
    )


@allowed("approve", posts=True)
def approve(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Put a change of somebody else into force."""
    return _decide(request, code, number, Verb.APPROVED, people.approve_change)


@allowed("approve", posts=True)
def decline(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Decline a change of somebody else for good."""
    return _decide(request, code, number, Verb.DECLINED, people.refuse_change)


@allowed("switch", posts=True)
def withdraw(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Take one's own change back."""
    return _decide(request, code, number, Verb.WITHDRAWN, people.withdraw_change)


def _change(
    request: HttpRequest, code: str, make: Callable[[str, str], StageEntry]
) -> HttpResponse:
    """Make a change and write it down, both or neither."""
    note = _note(request)
    with transaction.atomic():
        made = make(request.user.get_username(), note)
        verb = Verb.CHANGED if made.decision else Verb.PROPOSED
        record(request, verb, Kind.STAGE, str(made.id), note)
    if made.decision:
        messages.success(request, _("It is in force, in every part of the site."))
    else:
        messages.success(request, _("The change waits for another person's approval."))
    return go("cohort_programme", code)


def _decide(
    request: HttpRequest,
    code: str,
    number: int,
    verb: Verb,
    decide: Callable[..., StageEntry],
) -> HttpResponse:
    """Decide a change and write it down, both or neither."""
    note = _note(request)
    with transaction.atomic():
        decide(number, by=request.user.get_username(), note=note)
        record(request, verb, Kind.STAGE, str(number), note)
    if verb is Verb.APPROVED:
        messages.success(request, _("It is in force, in every part of the site."))
    return go("cohort_programme", code)


def _joining(code: str) -> tuple[int, Joining]:
    rules = rulebook_in_force()
    file = rules.programme_file(code)
    return rules.programme_ids[code], file.joining


def _cohort_row(cohort: Cohort, now: Stages, counts: Mapping[str, int]) -> CohortRow:
    stage = now.of_cohort(cohort.id)
    following = people.NEXT_STAGES[stage]
    return CohortRow(cohort, cohort.title[spoken()], stage, following, counts.get(cohort.id, 0))


def _feature_row(feature: Feature, now: Stages, joining: Joining) -> FeatureRow:
    choices = (*joining.cohorts, EVERYONE)
    return FeatureRow(feature, feature.title[spoken()], now.audience(feature), choices)


def _survey(
    number: int, survey: Survey
) -> tuple[str, list[tuple[str, QuestionResult, list[AnswerRow]]]]:
    """A survey's title, and each question with its counted answers."""
    lang = spoken()
    results = people.survey_results(number, survey)
    told = [
        (
            question.text[lang],
            result,
            [AnswerRow(question.answers[a.answer][lang], a.chosen) for a in result.answers],
        )
        for question, result in zip(survey.questions, results, strict=True)
    ]
    return survey.title[lang], told


def _note(request: HttpRequest) -> str:
    note = request.POST.get("note", "").strip()
    if not note:
        raise Problem("console.note_missing")
    return note
