"""Disputing how a record was judged: what was decided, what she says to that, and the answer."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from tanzhang.apps.activities import api as activities
from tanzhang.apps.activities.api import AppealAbout
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.api import AccountEntry
from tanzhang.problems import Problem
from tanzhang.surfaces.citizen.tabs import tabs
from tanzhang.surfaces.citizen.views.rights import WordsForm
from tanzhang.surfaces.citizen.visitor import for_citizens
from tanzhang.surfaces.citizen.words import appeal_state
from tanzhang.surfaces.look import moments


@require_http_methods(["GET", "HEAD", "POST"])
@for_citizens
def appeal(request: HttpRequest, account: AccountEntry, event: str) -> HttpResponse:
    """The page with its form; another citizen's record is as if it did not exist."""
    try:
        found = activities.why(account, event, rulebook_in_force(), moments.language())
    except Problem as problem:
        if problem.code == "ledger.event_waiting":
            return render(request, "citizen/why_waiting.html", {"tabs": tabs()})
        if problem.code == "ledger.event_unknown":
            raise Http404 from None
        raise
    form, refusal = WordsForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["words"]
        try:
            activities.appeal(account, uuid.UUID(found.record.event), AppealAbout.ACT, words)
        except Problem as problem:
            refusal = problem
        else:
            messages.success(request, gettext("Your appeal is written down. A person will decide."))
            return HttpResponseRedirect(reverse("citizen:appeal", args=[found.record.event]))
    with bulk_transaction() as cursor:
        made = activities.appeals_of(cursor, account.subject_id, found.record.event)
    context = {
        "why": found,
        "form": form,
        "problem": refusal,
        "appeals": [(each, appeal_state(each)) for each in made],
        "is_open": any(each.is_open for each in made),
        "tabs": tabs(),
    }
    return render(request, "citizen/appeal.html", context, status=200 if refusal is None else 409)
