"""Addresses of this surface."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from tanzhang.surfaces.partner_api.api import api
from tanzhang.surfaces.partner_api.developers.views import addresses, page

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/", api.urls),
    path("developers/", page, name="developers"),
    path("developers/api/", addresses, name="developers-api"),
    path("developers/<slug:name>/", page, name="developers-page"),
]
