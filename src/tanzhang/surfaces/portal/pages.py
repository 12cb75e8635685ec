"""What every page of the portal has: its frame and tabs, and how a refusal looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from tanzhang.apps.people.api import Kind, installation
from tanzhang.problems import Problem

if TYPE_CHECKING:
    from tanzhang.surfaces.portal.visitor import Visit

#: Rows of a list that is read page by page.
PAGE_ROWS: Final = 50

NOT_FOUND, CONFLICT = 404, 409


@dataclass(frozen=True, slots=True)
class Tab:
    """One entry of the bar of tabs."""

    name: str
    label: str
    href: str
    icon: str


def page(
    request: HttpRequest, visit: Visit, name: str, tab: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """One page in the portal's frame."""
    frame = {
        "visit": visit,
        "zone": visit.zone,
        "tab": tab,
        "tabs": tabs(),
        "kind": kind(),
        "can_change": visit.member.is_manager,
    }
    return render(request, f"portal/{name}.html", frame | context, status=status)


def refuse(
    request: HttpRequest, visit: Visit, problem: Problem, status: int | None = None
) -> HttpResponse:
    """A page that says what happened, why, and what to do now."""
    is_missing = problem.code.endswith(("_unknown", "day_malformed"))
    found = status or (NOT_FOUND if is_missing else CONFLICT)
    return page(request, visit, "refused", "", status=found, problem=problem)


def done(request: HttpRequest, said: str, name: str) -> HttpResponse:
    """On to a page, which says first what was done."""
    messages.success(request, said)
    return HttpResponseRedirect(reverse(f"portal:{name}"))


def kind() -> str:
    """Which installation this is, in the words of the pages; nothing where it is live."""
    return {
        Kind.LIVE: "",
        Kind.SANDBOX: _("Sandbox"),
        Kind.DEMONSTRATION: _("Demonstration"),
    }[installation().kind]


def tabs() -> list[Tab]:
    """The bar of tabs."""
    titles = (
        ("overview", _("Overview"), "home"),
        ("keys", _("Keys"), "shield"),
        ("batches", _("Reports"), "records"),
        ("webhooks", _("Messages"), "external"),
        ("reconciliation", _("Daily files"), "paper"),
    )
    return [Tab(name, label, reverse(f"portal:{name}"), icon) for name, label, icon in titles]
