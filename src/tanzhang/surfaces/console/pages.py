"""What every page of the console has: its frame, who may see it, and how a refusal looks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext as _

from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.problems import Problem
from tanzhang.surfaces.console.trail import Crumb

Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponse]

#: Rows of a list that is read page by page.
PAGE_ROWS = 50


def spoken() -> str:
    """The language of the rooms' own sentences: ``zh`` or ``en``."""
    return "zh" if (get_language() or "").startswith("zh") else "en"


def page(
    request: HttpRequest,
    template: str,
    title: str,
    *,
    crumbs: Sequence[Crumb] = (),
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """One page in the console's frame; ``crumbs`` lead to it from the left."""
    from tanzhang.surfaces.console.site import site

    frame = site.each_context(request) | {
        "title": title,
        "crumbs": crumbs,
        "lang": spoken(),
        "zone": timezone.get_current_timezone_name(),
    }
    return TemplateResponse(request, f"console/{template}.html", frame | context, status=status)


def allowed(
    permission: str, *, posts: bool = False
) -> Callable[[View[Arguments]], View[Arguments]]:
    """Let in who has the permission; what cannot be done is told in the problem's sentences.

    A page that only reads answers GET alone; one that ``posts`` answers POST alone.
    """

    def guard(view: View[Arguments]) -> View[Arguments]:
        @wraps(view)
        def guarded(
            request: HttpRequest, *args: Arguments.args, **kwargs: Arguments.kwargs
        ) -> HttpResponse:
            if request.method not in (("POST",) if posts else ("GET", "HEAD")):
                return refuse(request, Problem("console.method_refused"), 405)
            if not may(request, permission):
                return refuse(request, Problem("console.permission_missing"), 403)
            with timezone.override(clock_zone()):
                try:
                    response = view(request, *args, **kwargs)
                except Problem as problem:
                    response = refuse(request, problem, 404 if _is_missing(problem) else 409)
                return _written(response)

        return cast("View[Arguments]", guarded)

    return guard


def may(request: HttpRequest, permission: str) -> bool:
    """Whether whoever asks has one of the console's permissions (``models.Action``)."""
    return isinstance(request.user, User) and request.user.has_perm(f"console.{permission}")


def refuse(request: HttpRequest, problem: Problem, status: int) -> HttpResponse:
    """A page that says what happened, why, and what to do now."""
    lang = spoken()
    parts = {part: problem.part(part, lang) for part in ("what", "why", "now")}
    title = _("This cannot be done") if status == 409 else _("There is nothing to see")
    return page(request, "refused", title, status=status, problem=problem, parts=parts)


def go(name: str, *args: object) -> HttpResponse:
    """On to another page of the console."""
    return HttpResponseRedirect(reverse(f"console:{name}", args=args))


def clock_zone() -> ZoneInfo:
    """The zone of the console's clocks: the programmes' own if they agree, else UTC."""
    try:
        programmes = rulebook_in_force().rulebook.programmes.values()
    except Problem:  # nothing is loaded yet
        return ZoneInfo("UTC")
    zones = {programme.time_zone for programme in programmes}
    return ZoneInfo(zones.pop() if len(zones) == 1 else "UTC")


def _written(response: HttpResponse) -> HttpResponse:
    """Fill the template now, while the console's clock is set."""
    return response.render() if isinstance(response, TemplateResponse) else response


def _is_missing(problem: Problem) -> bool:
    return problem.code.endswith(("_unknown", ".nothing_loaded", "not_found"))
