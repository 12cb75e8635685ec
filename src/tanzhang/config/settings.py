"""Django's settings: the rooms, the database twice (as app and as owner), UTC, quiet logs.

What differs between installations comes from the environment; see ``tanzhang.config.database``.
"""

from __future__ import annotations

from tanzhang.config.database import database_settings
from tanzhang.config.logs import logging_settings

INSTALLED_APPS = [
    "tanzhang.apps.people",
    "tanzhang.apps.partners",
    "tanzhang.apps.catalogue",
    "tanzhang.apps.ledger",
    "tanzhang.apps.activities",
]

#: Daily work has the rights of the app; only migrations use the owner.
DATABASES = {
    "default": database_settings("app"),
    "owner": database_settings("owner"),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

#: Instants are stored and computed in UTC; a programme's own zone is a matter of its rules.
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
USE_I18N = False

LOGGING = logging_settings()
LOGGING_CONFIG = "logging.config.dictConfig"
