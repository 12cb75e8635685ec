"""Addresses of this surface."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from tanzhang.surfaces.partner_api.api import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/", api.urls),
]
