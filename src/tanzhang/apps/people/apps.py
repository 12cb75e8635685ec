"""Django's name of this room."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "tanzhang.apps.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the register what this room keeps of people."""
        from tanzhang.apps.people.erasure.listed import register_lists
        from tanzhang.apps.people.erasure.words import register_words
        from tanzhang.apps.people.exporting.own import register_own
        from tanzhang.apps.people.identity.kept import register_identity
        from tanzhang.apps.people.joining.kept import register_joining
        from tanzhang.apps.people.subjects.kept import register_belonging
        from tanzhang.apps.people.vault.kept import register_vault

        register_own()
        register_lists()
        register_words()
        register_vault()
        register_joining()
        register_belonging()
        register_identity()
