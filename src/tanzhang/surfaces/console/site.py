"""The console's own site in Django's admin, on unfold's frame: our pages, staff, and nothing else.

No table of the rooms is registered: what is read-only has no page that could change it.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _
from unfold.sites import UnfoldAdminSite

from tanzhang.apps.people.api import Kind, installation


class ConsoleSite(UnfoldAdminSite):  # type: ignore[misc]  # unfold is untyped
    """What operators look at, under ``/console/``."""

    index_template = "console/start.html"

    def extra_urls(self) -> list[URLPattern]:
        """The pages of the console, each behind its log-in."""
        from tanzhang.surfaces.console.addresses import pages

        return pages(self)

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The start page."""
        from tanzhang.surfaces.console.views.start import start

        return start(request)


def ribbon(request: HttpRequest) -> list[str]:
    """Which installation this is, on every page: text and colour."""
    return {
        Kind.LIVE: [_("Production"), "danger"],
        Kind.SANDBOX: [_("Sandbox"), "warn"],
        Kind.DEMONSTRATION: [_("Demo"), "info"],
    }[installation().kind]


site = ConsoleSite(name="console")
