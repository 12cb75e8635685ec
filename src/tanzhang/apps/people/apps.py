"""Django's name of this room."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "tanzhang.apps.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
