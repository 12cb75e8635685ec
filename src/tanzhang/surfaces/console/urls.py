"""Addresses of this surface: all of them belong to the console's site, named ``console:…``."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path
from django.views.i18n import set_language

from tanzhang.surfaces.console import staff
from tanzhang.surfaces.console.site import site

staff.register(site)

urlpatterns: list[URLPattern | URLResolver] = [
    path("language/", set_language, name="console-language"),
    path("", site.urls),
]
