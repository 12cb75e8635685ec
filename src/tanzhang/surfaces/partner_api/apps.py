"""Django's name of this surface."""

from __future__ import annotations

from django.apps import AppConfig


class PartnerApiConfig(AppConfig):
    name = "tanzhang.surfaces.partner_api"
    label = "partner_api"
