"""Addresses of this surface."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from tanzhang.surfaces.host.gate import where_nobody_is_real
from tanzhang.surfaces.host.views import choose, home, join, play, serve

app_name = "host"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", where_nobody_is_real(home), name="home"),
    path("customer/", where_nobody_is_real(choose), name="choose"),
    path("join/", where_nobody_is_real(join), name="join"),
    path("play/", where_nobody_is_real(play), name="play"),
    path("serve/", where_nobody_is_real(serve), name="serve"),
]
