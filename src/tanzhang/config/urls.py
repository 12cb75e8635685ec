"""Every address of the site; a surface owns all addresses under its own.

``/healthz`` and ``/readyz`` are answered before any of these (``tanzhang.config.health``).
"""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("host/", include("tanzhang.surfaces.host.urls")),
    path("console/", include("tanzhang.surfaces.console.urls")),
    path("portal/", include("tanzhang.surfaces.portal.urls")),
    path("", include("tanzhang.surfaces.look.urls")),
    path("", include("tanzhang.surfaces.partner_api.urls")),
    path("", include("tanzhang.surfaces.citizen.urls")),
]

_errors = "tanzhang.surfaces.citizen.views.errors"
handler403, handler404 = f"{_errors}.forbidden", f"{_errors}.not_found"
handler500 = f"{_errors}.broken"
