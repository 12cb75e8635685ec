"""Your rights: everything that a citizen can ask for, each in one press or two, and what became."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from tanzhang.apps.activities import api as activities
from tanzhang.apps.activities.api import AppealAbout, AppealEntry, Evidence
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people
from tanzhang.apps.people.api import AccountEntry, Cursor, RequestEntry, RequestKind, RequestState
from tanzhang.config.own_keys import key_store
from tanzhang.problems import Problem
from tanzhang.stored_time import microseconds
from tanzhang.surfaces.citizen.own_copy import own_copy, zipped
from tanzhang.surfaces.citizen.sanctions import sanction_of
from tanzhang.surfaces.citizen.tabs import tabs
from tanzhang.surfaces.citizen.visitor import for_citizens
from tanzhang.surfaces.citizen.words import appeal_state, request_state, request_title
from tanzhang.surfaces.look import moments


class WordsForm(forms.Form):
    """In one's own words."""

    words = forms.CharField(
        label=gettext_lazy("In your own words"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2_000,
    )


@dataclass(frozen=True, slots=True)
class Wish:
    """Something that can be asked for by writing; it is answered within its clock."""

    kind: str  #: of a request, or ``appeal``
    title: str | Promise
    text: str | Promise
    needs_words: bool


#: What a person writes for. What one press does at once (a copy, who read) is no wish.
WISHES: Final = (
    Wish(
        RequestKind.CORRECT,
        gettext_lazy("Correct something about me"),
        gettext_lazy(
            "If a record of yours is wrong, open it and dispute it there. Write here if anything"
            " else that is kept of you is wrong."
        ),
        needs_words=True,
    ),
    Wish(
        "appeal",
        gettext_lazy("Dispute a decision about my account"),
        gettext_lazy(
            "For example that it was frozen, that you may not join, or that a guardian is asked"
            " for. A person looks at it, and not a computer."
        ),
        needs_words=True,
    ),
    Wish(
        RequestKind.RESTRICT,
        gettext_lazy("Stop using what is kept of me"),
        gettext_lazy("It is kept and not used any more, for example while something is disputed."),
        needs_words=False,
    ),
    Wish(
        RequestKind.DELETE,
        gettext_lazy("Erase what is kept of me"),
        gettext_lazy(
            "Who you are is erased for ever. Amounts stay under a number that leads to nobody."
        ),
        needs_words=False,
    ),
    Wish(
        RequestKind.EXPLAIN,
        gettext_lazy("Have a decision explained to me"),
        gettext_lazy(
            "Each record already says why it counts as it does. If that leaves a question, ask."
        ),
        needs_words=True,
    ),
    Wish(
        RequestKind.GUARDIAN,
        gettext_lazy("Ask as a parent or guardian"),
        gettext_lazy("You may ask for a child under 14 what you may ask for yourself."),
        needs_words=True,
    ),
    Wish(
        RequestKind.NEXT_OF_KIN,
        gettext_lazy("Ask for somebody who has died"),
        gettext_lazy("Next of kin may see, copy, correct and erase what is kept of the person."),
        needs_words=True,
    ),
    Wish(
        RequestKind.OTHER,
        gettext_lazy("Ask something else"),
        gettext_lazy("Also if somebody looked at your data who had no business to."),
        needs_words=True,
    ),
)


@dataclass(frozen=True, slots=True)
class Case:
    """A request or an appeal as the list shows it."""

    number: int
    is_appeal: bool
    title: str
    state: str
    words: str
    answers: list[str]
    made_at_us: int
    due_on: date
    is_open: bool
    event: str


@require_safe
@for_citizens
def rights(request: HttpRequest, account: AccountEntry) -> HttpResponse:
    """The page."""
    return _page(request, account)


@require_POST
@for_citizens
def ask(request: HttpRequest, account: AccountEntry) -> HttpResponse:
    """Ask for something by writing."""
    wish = next((each for each in WISHES if each.kind == request.POST.get("kind")), None)
    form = WordsForm(request.POST)
    if wish is None or (wish.needs_words and not form.is_valid()):
        return _page(request, account, chosen=wish.kind if wish else "", form=form)
    words = request.POST.get("words", "")
    try:
        if wish.kind == "appeal":
            activities.appeal(account, None, AppealAbout.ACCOUNT, words)
        else:
            with bulk_transaction() as cursor:
                people.make_request(cursor, account, RequestKind(wish.kind), words)
    except Problem as problem:
        return _page(request, account, chosen=wish.kind, problem=problem)
    messages.success(
        request, gettext("Written down. You see below until when you will have an answer.")
    )
    return HttpResponseRedirect(reverse("citizen:rights") + "#cases")


@require_POST
@for_citizens
def take_back(request: HttpRequest, account: AccountEntry) -> HttpResponse:
    """Take a request or an appeal back."""
    given = request.POST.get("number", "")
    number = int(given) if given.isascii() and given.isdecimal() and len(given) < 18 else 0
    try:
        if request.POST.get("what") == "appeal":
            activities.withdraw_appeal(account, number)
        else:
            with bulk_transaction() as cursor:
                if people.request_numbered(cursor, number).subject_id != account.subject_id:
                    raise Problem("rights.request_unknown", number=number)
                people.take_step(cursor, number, RequestState.WITHDRAWN, by=people.HERSELF)
    except Problem as problem:
        return _page(request, account, problem=problem)
    messages.success(request, gettext("Taken back."))
    return HttpResponseRedirect(reverse("citizen:rights") + "#cases")


@require_POST
@for_citizens
def copy(request: HttpRequest, account: AccountEntry) -> HttpResponse:
    """Everything that is kept, as one archive; it is noted, and nothing of it stays here."""
    with bulk_transaction() as cursor:
        people.note_access(
            cursor,
            account.subject_id,
            reader_kind=people.ReaderKind.CITIZEN,
            reader=people.HERSELF,
            purpose="copy",
            fields=["everything"],
        )
    evidence = Evidence(rulebook_in_force(), key_store())
    made = own_copy(account, evidence, moments.language())
    answer = HttpResponse(zipped(made), content_type="application/zip")
    name = f"my-data-{datetime.now(UTC):%Y%m%d}.zip"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _page(
    request: HttpRequest,
    account: AccountEntry,
    *,
    chosen: str = "",
    form: WordsForm | None = None,
    problem: Problem | None = None,
) -> HttpResponse:
    rules = rulebook_in_force()
    programme = rules.programme_code(account.programme_id)
    with bulk_transaction() as cursor:
        cases = _cases(cursor, account)
    context: dict[str, Any] = {
        "wishes": [(wish, _form(wish, chosen, form)) for wish in WISHES],
        "chosen": chosen,
        "cases": cases,
        "sanction": sanction_of(account),
        "problem": problem,
        "zone": rules.programme(programme).time_zone,
        "tabs": tabs(),
    }
    return render(request, "citizen/rights.html", context, status=200 if problem is None else 409)


def _form(wish: Wish, chosen: str, form: WordsForm | None) -> WordsForm | None:
    """The form of a wish; what was typed comes back with what is wrong with it."""
    if not wish.needs_words:
        return None
    own = form if wish.kind == chosen else None
    return own or WordsForm(auto_id=f"{wish.kind}-%s")


def _cases(cursor: Cursor, account: AccountEntry) -> list[Case]:
    """Her requests and appeals, the latest first."""
    asked = [_request(cursor, each) for each in people.requests_of(cursor, account.subject_id)]
    appealed = [_appeal(each) for each in activities.appeals_of(cursor, account.subject_id)]
    return sorted((*asked, *appealed), key=lambda case: case.made_at_us, reverse=True)


def _request(cursor: Cursor, found: RequestEntry) -> Case:
    told = [step.words for step in people.steps_of(cursor, found) if step.words]
    return Case(
        number=found.id,
        is_appeal=False,
        title=request_title(found.kind),
        state=request_state(found.state),
        words=found.words or "",
        answers=told,
        made_at_us=microseconds(found.made_at),
        due_on=found.due_on,
        is_open=found.is_open,
        event="",
    )


def _appeal(found: AppealEntry) -> Case:
    is_act = found.about is AppealAbout.ACT
    decision = found.decision
    return Case(
        number=found.id,
        is_appeal=True,
        title=gettext("Appeal about a record") if is_act else gettext("Appeal about your account"),
        state=appeal_state(found),
        words=found.words or "",
        answers=[decision.words] if decision is not None and decision.words else [],
        made_at_us=microseconds(found.made_at),
        due_on=found.due_on,
        is_open=found.is_open,
        event=found.event or "",
    )
