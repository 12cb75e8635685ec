"""Django's name of this surface."""

from __future__ import annotations

from django.apps import AppConfig


class HostConfig(AppConfig):
    name = "tanzhang.surfaces.host"
    label = "host"
