"""Every address of the site; a surface owns all addresses under its own."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("host/", include("tanzhang.surfaces.host.urls")),
    path("console/", include("tanzhang.surfaces.console.urls")),
    path("", include("tanzhang.surfaces.citizen.urls")),
]
