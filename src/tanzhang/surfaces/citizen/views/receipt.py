"""The receipt of an act, to keep; and what a receipt proves, in plain words."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tanzhang.apps.activities.api import Evidence, act_receipt
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.people.api import AccountEntry
from tanzhang.config.own_keys import key_store
from tanzhang.problems import Problem
from tanzhang.proofs import canonical
from tanzhang.surfaces.citizen.tabs import tabs
from tanzhang.surfaces.citizen.visitor import account_of, for_citizens


@require_safe
@for_citizens
def receipt(request: HttpRequest, account: AccountEntry, event: str) -> HttpResponse:
    """The receipt as a file; another citizen's event is as if it did not exist."""
    try:
        made = act_receipt(account, event, Evidence(rulebook_in_force(), key_store()))
    except Problem as problem:
        if problem.code == "ledger.event_waiting":
            return render(request, "citizen/why_waiting.html", {"tabs": tabs()})
        if problem.code == "ledger.event_unknown":
            raise Http404 from None
        raise
    answer = HttpResponse(canonical(made), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="receipt-{event[:8]}.json"'
    return answer


@require_safe
def about_receipts(request: HttpRequest) -> HttpResponse:
    """What a receipt proves and what it doesn't, for anybody who holds one."""
    known = account_of(request) is not None
    return render(request, "citizen/receipts.html", {"tabs": tabs() if known else None})
