"""What somebody sees whose log-in is closed after too many wrong passwords."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tanzhang.config.sessions import PORTAL

TOO_MANY: Final = 429


def locked_out(request: HttpRequest, *_: Any) -> HttpResponse:
    """The page in the look of the place where the attempts were made."""
    place = "portal" if request.path_info.startswith(PORTAL) else "console"
    return render(request, f"{place}/locked_out.html", status=TOO_MANY)
