"""Django's name of this room."""

from __future__ import annotations

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "tanzhang.apps.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the register what this room keeps of people."""
        from tanzhang.apps.ledger.kept import register_kept

        register_kept()
