"""Django's name of this room."""

from __future__ import annotations

from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "tanzhang.apps.activities"
    label = "activities"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the register what this room keeps of people."""
        from tanzhang.apps.activities.appeals.kept import register_appeals
        from tanzhang.apps.activities.authenticity.kept import register_judged
        from tanzhang.apps.activities.kept import register_kept

        register_kept()
        register_appeals()
        register_judged()
        from tanzhang.apps.activities.erasing.person import erase_acts
        from tanzhang.apps.people.api import when_erased

        when_erased("acts", erase_acts)
