"""Django's name of this surface."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ConsoleConfig(AppConfig):
    name = "tanzhang.surfaces.console"
    label = "console"

    def ready(self) -> None:
        """Bring roles to their stated permissions after a migration; tell what is kept here."""
        from tanzhang.surfaces.console.forgetting import register_actions
        from tanzhang.surfaces.console.roles import apply_roles

        register_actions()
        post_migrate.connect(apply_roles, sender=self, dispatch_uid="tanzhang.console.roles")
