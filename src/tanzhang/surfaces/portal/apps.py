"""Django's name of this surface."""

from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "tanzhang.surfaces.portal"
    label = "portal"
