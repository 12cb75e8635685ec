"""How the house is wired: which database, which settings, who may do what.

Programs call ``setup()`` once and then use Django as usual, with the rights of the app role.
"""

from __future__ import annotations

import os


def setup(*, opens: bool = True) -> None:
    """Start the embedded database if none is named, load Django, and open the installation.

    Cheap when repeated. ``opens`` is false for whoever first brings the database to its shape.
    Raises a ``Problem`` of room ``embedded`` or ``database``, and what ``open_installation`` does.
    """
    import django
    from django.apps import apps

    from tanzhang.config import database, environment, logs

    database.ensure_available()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tanzhang.config.settings")
    if not apps.ready:
        django.setup()
        if environment.text("TANZHANG_PROCESS"):  # a server's, whose words are a log
            logs.tell_what_ends_us()
        from tanzhang.config import forgetting, retaining

        forgetting.register()
        retaining.register()
    if opens:
        from tanzhang.config.opening import open_installation

        open_installation()
