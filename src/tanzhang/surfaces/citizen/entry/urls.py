"""Addresses of the ways in, below ``/enter/``."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path

from tanzhang.surfaces.citizen.entry.link import by_link
from tanzhang.surfaces.citizen.entry.mini_program import by_mini_program, code, phone, unlink
from tanzhang.surfaces.citizen.entry.oidc import begin, come_back

urlpatterns: list[URLPattern | URLResolver] = [
    path("", by_link, name="enter"),
    path("oidc/<str:partner>/", begin, name="oidc"),
    path("oidc/<str:partner>/callback/", come_back, name="oidc_callback"),
    re_path(r"^(?P<channel>wechat|alipay)/$", by_mini_program, name="mini_program"),
    path("phone/", phone, name="channel_phone"),
    path("phone/code/", code, name="channel_code"),
    path("unlink/", unlink, name="channel_unlink"),
]
