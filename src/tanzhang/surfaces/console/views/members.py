"""Partners' people: administrators give them log-ins to the portal, and take them back."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tanzhang.apps.partners import api as partners
from tanzhang.config.staff import DEMO_PREFIX, is_demo
from tanzhang.problems import Problem
from tanzhang.surfaces.console.journal import record
from tanzhang.surfaces.console.models import Kind, Verb
from tanzhang.surfaces.console.pages import allowed, go, page
from tanzhang.surfaces.console.trail import trail
from tanzhang.surfaces.portal import members
from tanzhang.surfaces.portal.models import Role


@allowed("administer", posts=True)
def add(request: HttpRequest, code: str) -> HttpResponse:
    """Give somebody of a partner a log-in; the answer shows her one-time password."""
    name = _name(request)
    role = Role.MANAGER if request.POST.get("manager") else Role.VIEWER
    number = partners.partner(code).id
    with transaction.atomic():
        password = members.add_member(number, name, role, by=request.user.get_username())
        record(request, Verb.ADDED, Kind.PARTNER, code, name)
    return _shown(request, code, name, password)


@allowed("administer", posts=True)
def renew(request: HttpRequest, code: str) -> HttpResponse:
    """Give her a new one-time password."""
    name = _name(request)
    number = partners.partner(code).id
    with transaction.atomic():
        password = members.renew_password(number, name, by=request.user.get_username())
        record(request, Verb.ADDED, Kind.PARTNER, code, name)
    return _shown(request, code, name, password)


@allowed("administer", posts=True)
def close(request: HttpRequest, code: str) -> HttpResponse:
    """Take her log-in back."""
    name = _name(request)
    number = partners.partner(code).id
    with transaction.atomic():
        members.close_member(number, name, by=request.user.get_username())
        record(request, Verb.CHANGED, Kind.PARTNER, code, name)
    messages.success(request, _("The log-in is closed."))
    return go("partner", code)


def _shown(request: HttpRequest, code: str, name: str, password: str) -> HttpResponse:
    answer = page(
        request,
        "member",
        _("A log-in to the portal"),
        crumbs=trail("partners"),
        code=code,
        name=name,
        password=password,
    )
    answer["Cache-Control"] = "no-store"
    return answer


def _name(request: HttpRequest) -> str:
    """The log-in that is meant; a demonstration's log-in touches only others of its kind."""
    name = request.POST.get("name", "").strip()
    if is_demo(request.user) and not name.startswith(DEMO_PREFIX):
        raise Problem("portal.name_unfit", name=name[:150])
    return name
