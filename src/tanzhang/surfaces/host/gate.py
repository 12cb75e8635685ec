"""The sample bank exists where nobody is real; elsewhere its addresses lead nowhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse

from tanzhang.apps.people.api import installation

View = Callable[[HttpRequest], HttpResponse]


def where_nobody_is_real(view: View) -> View:
    """The view in a demonstration or a sandbox; in a live installation there is no such page."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not installation().is_fictitious:
            raise Http404
        return view(request)

    return guarded
