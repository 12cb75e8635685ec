"""Addresses of this surface: the reader's choices, and the style page."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path
from django.views.i18n import set_language

from tanzhang.surfaces.look.appearance import choose
from tanzhang.surfaces.look.views import style

app_name = "look"

urlpatterns: list[URLPattern | URLResolver] = [
    path("appearance/", choose, name="appearance"),
    path("language/", set_language, name="language"),
    path("style/", style, name="style"),
]
