"""Arriving: what a guest is shown, and what happens when she goes on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from tanzhang.apps.activities.api import heading
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.partners.api import partner_lines
from tanzhang.apps.people.api import (
    AccountEntry,
    Way,
    account_by_ref,
    current_wording,
    hidden_from,
    take_number,
    vault,
)
from tanzhang.problems import Problem
from tanzhang.surfaces.citizen.applying import Application, application_of
from tanzhang.surfaces.citizen.features import refuse_entry
from tanzhang.surfaces.citizen.guest import phone_of
from tanzhang.surfaces.citizen.pressing import new_press
from tanzhang.surfaces.citizen.sign_up_form import SignUpForm
from tanzhang.surfaces.citizen.sources import sources
from tanzhang.surfaces.citizen.views.linking import remember_other
from tanzhang.surfaces.citizen.visitor import GUEST, account_of, log_in, stay
from tanzhang.surfaces.citizen.vouching import note_vouched
from tanzhang.surfaces.look import moments


def known(guest: dict[str, Any]) -> AccountEntry | None:
    """The account that the host's reference means already."""
    return account_by_ref(guest["host"], bytes.fromhex(guest["refs"][str(guest["host"])]))


def show(request: HttpRequest, guest: dict[str, Any], link: Mapping[str, str]) -> HttpResponse:
    """Say whom a link names, and what she would do with it; nothing is done yet."""
    account = known(guest)
    refuse_entry(guest["programme"], account, "link")
    if account is None:
        return _show_new(request, guest, link)
    context = {"account": account, "link": link} | _named(request, guest)
    return render(request, "citizen/continue.html", context)


def _show_new(request: HttpRequest, guest: dict[str, Any], link: Mapping[str, str]) -> HttpResponse:
    case = application_of(guest)
    if case.waits is not None or case.may_join is False:
        return not_admitted(request, case)
    if case.needs_phone or case.may_join is None:
        title = case.file.title[moments.language()]
        context = _named(request, guest) | {"link": link, "programme": title}
        return render(request, "citizen/arrive.html", context)
    return consent_page(request, guest, case, SignUpForm(case, None), link=link)


def may_add(request: HttpRequest, guest: dict[str, Any]) -> bool:
    """Whether this browser has an account of the programme open, that the host could open too."""
    account, rules = account_of(request), rulebook_in_force()
    number = rules.programme_ids[guest["programme"]]
    return guest["host"] is not None and account is not None and account.programme_id == number


def add_button(request: HttpRequest, guest: dict[str, Any]) -> str:
    """What the button says by which the host may open the account that she is logged in to."""
    account = account_of(request)
    assert account is not None  # whoever may add is logged in
    named = {"handle": account.handle, "host": _host_title(guest)}
    return gettext("Keep %(handle)s, and let %(host)s open it") % named


def second_door(request: HttpRequest, guest: dict[str, Any]) -> HttpResponse:
    """Ask whether the host shall open the account that she is logged in to."""
    wording, spoken = current_wording(), moments.language()
    context = _named(request, guest) | {
        "wording": wording,
        "press": new_press,
        "paragraphs": wording.paragraphs(spoken),
    }
    return render(request, "citizen/second_door.html", context)


def not_admitted(request: HttpRequest, case: Application) -> HttpResponse:
    """The page that says which rule keeps her out, and what she can do."""
    spoken = moments.language()
    told = None if case.waits else case.refusal()
    context = {
        "programme": case.file.title[spoken],
        "problem": case.waits,
        "any_helps": told is not None and told.any_helps,
        "unmet": [(one.title[spoken], one.if_not[spoken]) for one in told.unmet] if told else [],
    }
    return render(request, "citizen/not_admitted.html", context, status=403)


def take_in(
    request: HttpRequest, guest: dict[str, Any], entry: str = "link"
) -> HttpResponse | None:
    """Log in whoever has an account; who has none becomes a guest, and None is returned.

    ``entry`` is the way by which she comes. Raises ``joining.entry_not_open`` and what ``log_in``
    raises.
    """
    account = known(guest)
    refuse_entry(guest["programme"], account, entry)
    if account is None:
        request.session[GUEST] = guest
        return None
    current = account_of(request)
    if request.POST.get("wish") == "link" and current is not None and current.id != account.id:
        # She stays where she is: the other account is shown to be hers by its own host.
        note_vouched(request, guest, account)
        remember_other(request, account.id)
        return HttpResponseRedirect(reverse("citizen:link_confirm"))
    log_in(request, account.id, Way.HOST, host_id=guest["host"])
    phone = phone_of(guest)
    if phone and take_number(account, phone, guest["host"]):
        stay(request)
    note_vouched(request, guest, account)
    return HttpResponseRedirect(reverse("citizen:home"))


def consent_page(
    request: HttpRequest,
    guest: dict[str, Any],
    case: Application,
    form: Form,
    *,
    link: Mapping[str, str] | None = None,
    problem: Problem | None = None,
) -> HttpResponse:
    """The form and what she would agree to, with the link that brought her while it is unused."""
    spoken = moments.language()
    wording = current_wording()
    first = gettext("Your phone") if guest["host"] is None else gettext("Your bank")
    context = _named(request, guest) | {
        "programme": case.file.title[spoken],
        "operator": case.file.operator[spoken],
        "paragraphs": wording.paragraphs(spoken),
        "wording": wording,
        "form": form,
        "press": new_press,
        "vouched": _vouched(case, spoken),
        "link": link,
        "problem": problem,
        "steps": [first, gettext("Consent"), gettext("Carbon account")],
    }
    status = 200
    if problem is not None:
        status = 422 if problem.code == "joining.form_incomplete" else 409
    return render(request, "citizen/join.html", context, status=status)


def _vouched(case: Application, spoken: str) -> list[tuple[str, str, str]]:
    """Fields that nobody types: what each is called, what it holds, and what it is for."""
    asked = case.joining.form.fields
    return [
        (vault.field_named(name).title[spoken], value, asked[name].purpose[spoken])
        for name, value in case.vouched.items()
        if value
    ]


def refused(request: HttpRequest, problem: Problem, status: int = 403) -> HttpResponse:
    """The page that says why nobody enters."""
    return render(request, "citizen/refused.html", {"problem": problem}, status=status)


def _host_title(guest: dict[str, Any]) -> str:
    host = next((line for line in partner_lines() if line.id == guest["host"]), None)
    return heading(host.title(moments.language())) if host else ""


def _named(request: HttpRequest, guest: dict[str, Any]) -> dict[str, Any]:
    """Who vouches for her, which sources know her, and the account that this browser has open."""
    numbers, spoken = {int(number) for number in guest["refs"]}, moments.language()
    rules = rulebook_in_force()
    programme = guest["programme"]
    number, joining = rules.programme_ids[programme], rules.programme_file(programme).joining
    hidden = hidden_from(number, joining, None).scenes
    return {
        "sources": sources(programme, rules, spoken, numbers, hidden),
        "host": _host_title(guest),
        "current": account_of(request),
        "may_add": may_add(request, guest),
    }
