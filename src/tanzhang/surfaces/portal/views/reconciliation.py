"""The file of each day, and the partner's own count beside it."""

from __future__ import annotations

import json
import re
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from tanzhang.apps.activities import api as activities
from tanzhang.problems import Problem
from tanzhang.surfaces.portal.forms import COUNTS, MOST_IDS_BYTES, CountForm
from tanzhang.surfaces.portal.journal import record
from tanzhang.surfaces.portal.models import Verb
from tanzhang.surfaces.portal.pages import page
from tanzhang.surfaces.portal.visitor import Visit, for_members

UNPROCESSABLE = 422


@for_members()
def reconciliation(request: HttpRequest, visit: Visit) -> HttpResponse:
    """All days with a file, each with its latest comparison."""
    compared = {each["day"]: each for each in activities.last_comparisons(visit.partner_id)}
    files = activities.reconciliation_files(visit.partner_id)
    rows = [(file, compared.get(file.day)) for file in files]
    return page(request, visit, "reconciliation", "reconciliation", rows=rows)


@for_members()
def day(request: HttpRequest, visit: Visit, day: str) -> HttpResponse:
    """One day: our totals, the files, the partner's own count."""
    return _day(request, visit, day, CountForm())


@for_members(posts=True)
def compare(request: HttpRequest, visit: Visit, day: str) -> HttpResponse:
    """Compare the partner's own count with ours, and keep it."""
    form = CountForm(request.POST, request.FILES)
    if not form.is_valid():
        return _day(request, visit, day, form, UNPROCESSABLE)
    body = json.dumps(_count(form)).encode()
    with transaction.atomic():
        found = activities.compare(visit.partner_id, day, body)
        member = visit.member
        record(
            visit.partner_id,
            Verb.COUNT_COMPARED,
            day,
            member_id=member.id,
            name=member.name,
        )
    said = _("Your count and ours are the same.") if not found.breaks else _("The counts differ.")
    (messages.warning if found.breaks else messages.success)(request, said)
    return HttpResponseRedirect(reverse("portal:day", args=[day]))


@for_members()
def statement(request: HttpRequest, visit: Visit, day: str) -> HttpResponse:
    """The signed totals as a file."""
    body = activities.reconciliation_statement(visit.partner_id, day)
    return _file(body, "application/json", f"{visit.code}-{day}.json")


@for_members()
def detail(request: HttpRequest, visit: Visit, day: str) -> HttpResponse:
    """A part of the lines as a file."""
    part = request.GET.get("part", "1")
    if not re.fullmatch("[1-9][0-9]{0,5}", part, re.ASCII):
        raise Problem("intake.file_unknown", day=day)
    body = activities.reconciliation_detail(visit.partner_id, day, int(part))
    return _file(body, "text/csv; charset=utf-8", f"{visit.code}-{day}-{part}.csv")


def _day(
    request: HttpRequest, visit: Visit, day: str, form: CountForm, status: int = 200
) -> HttpResponse:
    totals: dict[str, Any] = json.loads(activities.reconciliation_statement(visit.partner_id, day))
    compared = [
        each for each in activities.last_comparisons(visit.partner_id) if each["day"] == day
    ]
    return page(
        request,
        visit,
        "day",
        "reconciliation",
        status=status,
        totals=totals,
        counts=[(name, totals[name]) for name in COUNTS],
        compared=compared[0] if compared else None,
        form=form,
    )


def _count(form: CountForm) -> dict[str, Any]:
    """The count in the form of the API. Raises ``portal.form_incomplete``."""
    given = form.cleaned_data
    told: dict[str, Any] = {
        "counts": {name: given[name] for name in COUNTS if given[name] is not None}
    }
    file = given["ids"]
    if file:
        if file.size > MOST_IDS_BYTES:
            raise Problem("portal.form_incomplete")
        try:
            text = file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise Problem("portal.form_incomplete") from None
        told["ids"] = [line.strip() for line in text.splitlines() if line.strip()]
    if not told["counts"] and "ids" not in told:
        raise Problem("portal.form_incomplete")
    return told


def _file(body: bytes, content_type: str, name: str) -> HttpResponse:
    answer = HttpResponse(body, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
