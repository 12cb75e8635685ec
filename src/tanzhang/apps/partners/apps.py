"""Django's name of this room."""

from __future__ import annotations

from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "tanzhang.apps.partners"
    label = "partners"
    default_auto_field = "django.db.models.BigAutoField"
