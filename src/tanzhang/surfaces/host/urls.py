"""Addresses of this surface."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from tanzhang.surfaces.host.views import choose, home, join, play

app_name = "host"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("customer/", choose, name="choose"),
    path("join/", join, name="join"),
    path("play/", play, name="play"),
]
