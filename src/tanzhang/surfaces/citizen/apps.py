"""Django's name of this surface."""

from __future__ import annotations

from django.apps import AppConfig


class CitizenConfig(AppConfig):
    name = "tanzhang.surfaces.citizen"
    label = "citizen"
