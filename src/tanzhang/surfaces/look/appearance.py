"""How a reader wants her pages: light or dark, size of text. Two cookies, read on the server."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

THEMES = ("auto", "light", "dark")
TEXTS = ("normal", "large")
YEAR_S = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Appearance:
    """What the two cookies say; anything unknown is as if nothing were said."""

    theme: str
    text: str


def appearance_of(request: HttpRequest | None) -> Appearance:
    """The reader's choice; an error page may have no request."""
    cookies = request.COOKIES if request else {}
    theme, text = cookies.get("theme", "auto"), cookies.get("text", "normal")
    return Appearance(
        theme if theme in THEMES else "auto",
        text if text in TEXTS else "normal",
    )


@require_POST
def choose(request: HttpRequest) -> HttpResponseRedirect:
    """Keep a choice of ``theme`` or ``text`` for a year and lead back to the page."""
    back = request.POST.get("next", "/")
    own = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    answer = HttpResponseRedirect(back if own else "/")
    for name, known in (("theme", THEMES), ("text", TEXTS)):
        chosen = request.POST.get(name, "")
        if chosen in known:
            answer.set_cookie(
                name, chosen, YEAR_S, secure=request.is_secure(), httponly=True, samesite="Lax"
            )
    return answer
