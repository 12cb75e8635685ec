"""Django's name of this surface."""

from __future__ import annotations

from django.apps import AppConfig


class LookConfig(AppConfig):
    name = "tanzhang.surfaces.look"
    label = "look"
