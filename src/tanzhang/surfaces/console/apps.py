"""Django's name of this surface."""

from __future__ import annotations

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "tanzhang.surfaces.console"
    label = "console"
