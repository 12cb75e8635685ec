"""Whose pages may show ours in a frame: the origins of ``TANZHANG_EMBED_ORIGINS``, citizens' pages.

Nobody may frame the console, the partners' pages or the sample bank, and without the variable
nobody frames anything. A frame shows our pages; it does not weaken them: cookies stay
``SameSite=Lax``, so that within a frame only pages of our own site (the same registrable domain)
find their session. Elsewhere partners open our pages in their app's own browser or by a link.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tanzhang.config import environment
from tanzhang.problems import Problem

#: The surface whose pages may be framed.
CITIZEN: Final = "citizen"

_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(?::[0-9]{1,5})?", re.ASCII)


def embed_origins() -> list[str]:
    """The origins that may frame citizens' pages. Raises ``configuration.origin_invalid``."""
    origins = environment.listed("TANZHANG_EMBED_ORIGINS")
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise Problem(
                "configuration.origin_invalid", variable="TANZHANG_EMBED_ORIGINS", given=origin
            )
    return origins


class Embedding:
    """Middleware: names the origins on citizens' pages, in place of nobody.

    It stands inside the ones that write the policy and ``X-Frame-Options``, which knows no origins
    and therefore is left out where some may frame a page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        match, origins = request.resolver_match, settings.EMBED_ORIGINS
        if origins and match is not None and match.app_names[:1] == [CITIZEN]:
            vars(response)["_csp_replace"] = {"frame-ancestors": ["'self'", *origins]}
            vars(response)["xframe_options_exempt"] = True
        return response
