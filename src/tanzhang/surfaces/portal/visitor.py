"""Who is looking: every view is handed the member, and asks the rooms in her partner's name alone.

No address of the portal names a partner, so that there is none to change; what an address does
name (a key, a batch, a message) the rooms look up within the partner.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Final
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.partners import api as partners
from tanzhang.problems import Problem
from tanzhang.surfaces.look import moments
from tanzhang.surfaces.portal.members import Member, member_of
from tanzhang.surfaces.portal.pages import refuse


@dataclass(frozen=True, slots=True)
class Visit:
    """A member at a page, with what every page shows of her partner."""

    member: Member
    code: str
    title: str
    programme: str
    zone: str

    @property
    def partner_id(self) -> int:
        """The one partner whose things she may see."""
        return self.member.partner_id


View = Callable[..., HttpResponse]

FORBIDDEN: Final = 403


def for_members(*, posts: bool = False, temporary: bool = False) -> Callable[[View], View]:
    """Give the view the visit; who is no member is shown the way to log in.

    A page that ``posts`` answers POST alone and managers alone, all others change nothing.
    ``temporary`` lets in who has not chosen a password of her own yet.
    """
    methods = ("POST",) if posts else ("GET", "HEAD")

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **named: object) -> HttpResponse:
            member = member_of(request.user)
            if member is None:
                return HttpResponseRedirect(reverse("portal:log_in"))
            if member.password_is_temporary and not temporary:
                return HttpResponseRedirect(reverse("portal:password"))
            if not temporary and request.method not in methods:
                return HttpResponseNotAllowed(methods)
            visit = _visit(member)
            if posts and not member.is_manager:
                answer = refuse(request, visit, Problem("portal.manager_needed"), FORBIDDEN)
            else:
                try:
                    # What she types as a time of day means her programme's.
                    with timezone.override(ZoneInfo(visit.zone)):
                        answer = view(request, visit, *args, **named)
                except Problem as problem:
                    answer = refuse(request, visit, problem)
            answer["Cache-Control"] = "no-store"  # the next person at this desk sees nothing
            return answer

        return guarded

    return guard


def _visit(member: Member) -> Visit:
    line = next(line for line in partners.partner_lines() if line.id == member.partner_id)
    rules, spoken = rulebook_in_force(), moments.language()
    programme = rules.programme_code(line.programme_id)
    return Visit(
        member,
        line.code,
        line.title(spoken),
        rules.programme_file(programme).title[spoken],
        rules.programme(programme).time_zone,
    )
