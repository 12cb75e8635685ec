"""Carrying: take one's acts to another place, and bring them from one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from tanzhang.apps.activities import api as activities
from tanzhang.apps.activities.api import Evidence
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.people.api import AccountEntry
from tanzhang.config.own_keys import key_store
from tanzhang.problems import Problem
from tanzhang.proofs import canonical
from tanzhang.surfaces.citizen.tabs import tabs
from tanzhang.surfaces.citizen.visitor import for_citizens
from tanzhang.surfaces.look import moments

#: A statement of some thousand acts; larger ones are taken by the operator's command.
MOST_BYTES: Final = 4 * 2**20


class OutForm(forms.Form):
    """Where to."""

    code = forms.CharField(label=gettext_lazy("Carrying code of your other account"), max_length=80)


class InForm(forms.Form):
    """What was brought."""

    statement = forms.FileField(label=gettext_lazy("The file that you were given there"))


@dataclass(frozen=True, slots=True)
class Line:
    """An act as the lists show it; ``note`` is why it does not count, if it doesn't."""

    title: str
    started_us: int
    total_mg: int
    note: str


@require_safe
@for_citizens
def carrying(request: HttpRequest, account: AccountEntry) -> HttpResponse:
    """The page: one's code, what is carried, and both forms."""
    return _page(request, account)


@require_POST
@for_citizens
def carry_out(request: HttpRequest, account: AccountEntry) -> HttpResponse:
    """The statement as a file."""
    form = OutForm(request.POST)
    if not form.is_valid():
        return _page(request, account, out_form=form)
    try:
        audience = activities.read_code(form.cleaned_data["code"])
        made = activities.carry(account, audience, Evidence(rulebook_in_force(), key_store()))
    except Problem as problem:
        if not problem.code.startswith("carrying."):
            raise
        return _page(request, account, out_form=form, problem=problem)
    answer = HttpResponse(canonical(made.document), content_type="application/json")
    answer["Content-Disposition"] = 'attachment; filename="statement.json"'
    return answer


@require_POST
@for_citizens
def carry_in(request: HttpRequest, account: AccountEntry) -> HttpResponse:
    """Both lists: what is carried now, and what is refused, each with its reason."""
    form = InForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, account, in_form=form)
    upload = form.cleaned_data["statement"]
    try:
        if upload.size > MOST_BYTES:
            raise Problem("proofs.too_long", bytes=upload.size, most=MOST_BYTES)
        taken = activities.take_statement(upload.read(), account)
    except Problem as problem:
        if not problem.code.startswith(("carrying.", "proofs.")):
            raise
        return _page(request, account, in_form=form, problem=problem)
    return _page(request, account, taken=taken)


def _page(
    request: HttpRequest,
    account: AccountEntry,
    *,
    out_form: OutForm | None = None,
    in_form: InForm | None = None,
    problem: Problem | None = None,
    taken: activities.Taken | None = None,
) -> HttpResponse:
    rules, spoken = rulebook_in_force(), moments.language()
    programme = rules.programme_code(account.programme_id)
    found = activities.luggage(account, rules)
    here = gettext("the same act is counted here, and therefore not once more")
    context: dict[str, Any] = {
        "tabs": tabs(),
        "zone": rules.programme(programme).time_zone,
        "code": activities.carrying_code(account.id),
        "total_mg": found.total_mg,
        "lines": [
            Line(
                _title(line.pack, spoken),
                line.started_us,
                line.total_mg,
                "" if line.counts else here,
            )
            for line in found.lines
        ],
        "known": [known.title(spoken) for known in activities.known_installations()],
        "out_form": out_form or OutForm(),
        "in_form": in_form or InForm(),
        "problem": problem,
        "taken": taken,
        "accepted": _lines(taken.accepted if taken else [], spoken),
        "refused": _lines(taken.refused if taken else [], spoken),
    }
    return render(request, "citizen/carrying.html", context, status=400 if problem else 200)


def _lines(answers: Sequence[activities.Answer], lang: str) -> list[Line]:
    reasons = {
        "": "",
        "already_carried": gettext("it was brought here before"),
        "nothing_credited": gettext("it is worth no grams where it comes from"),
        "method_unknown": gettext("no methodology here has its name"),
        "counted_here": gettext("the same act is counted here, and therefore not once more"),
        "carried_from_another": gettext("the same act was brought here from a third place"),
    }
    return [
        Line(_title(answer.pack, lang), answer.started_us, answer.total_mg, reasons[answer.reason])
        for answer in answers
    ]


def _title(pack: str, lang: str) -> str:
    """A methodology's title, or its id where it is not known here."""
    versions = rulebook_in_force().library.packs.get(pack)
    return versions[-1].definition.title[lang] if versions else pack
