"""Django's name of this surface."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ConsoleConfig(AppConfig):
    name = "tanzhang.surfaces.console"
    label = "console"

    def ready(self) -> None:
        """Bring the roles to their stated permissions after every migration."""
        from tanzhang.surfaces.console.roles import apply_roles

        post_migrate.connect(apply_roles, sender=self, dispatch_uid="tanzhang.console.roles")
