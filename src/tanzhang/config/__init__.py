"""How the house is wired: which database, which settings, who may do what.

Programs call ``setup()`` once and then use Django as usual, with the rights of the app role.
"""

from __future__ import annotations

import os


def setup() -> None:
    """Start the embedded database if none is named, and load Django.

    Cheap when repeated. Raises a ``Problem`` of room ``embedded`` or ``database``.
    """
    import django
    from django.apps import apps

    from tanzhang.config import database

    database.ensure_available()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tanzhang.config.settings")
    if not apps.ready:
        django.setup()
