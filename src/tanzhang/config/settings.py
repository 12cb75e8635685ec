"""Django's settings: rooms and surfaces, the database twice (as app and as owner), UTC, quiet logs.

What differs between installations comes from the environment; see ``tanzhang.config.database`` and
``tanzhang.config.web``.
"""

from __future__ import annotations

from pathlib import Path

from tanzhang.config import console, embedding, static_files, web
from tanzhang.config.database import database_settings
from tanzhang.config.logs import logging_settings

ROOMS = [
    "tanzhang.apps.people",
    "tanzhang.apps.partners",
    "tanzhang.apps.catalogue",
    "tanzhang.apps.ledger",
    "tanzhang.apps.activities",
]
SURFACES = [
    "tanzhang.surfaces.citizen",
    "tanzhang.surfaces.console",
    "tanzhang.surfaces.host",
    "tanzhang.surfaces.look",
    "tanzhang.surfaces.partner_api",
    "tanzhang.surfaces.portal",
]
INSTALLED_APPS = [
    *ROOMS,
    *SURFACES,
    "unfold",
    # Without looking for admin modules: the console names its own pages, when it is asked for.
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
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

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "lang"
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
LOCALE_PATHS = [Path(__file__).parents[1] / "locale"]

#: Who opens the key store for the rooms, which know nothing of where it is.
KEY_STORE = "tanzhang.config.own_keys.key_store"

LOGGING = logging_settings()
LOGGING_CONFIG = "logging.config.dictConfig"

ROOT_URLCONF = "tanzhang.config.urls"
WSGI_APPLICATION = "tanzhang.config.wsgi.application"
DEBUG = False
globals().update(web.protection())
SECRET_KEY = web.secret_key()
ALLOWED_HOSTS = web.allowed_hosts()
CSRF_TRUSTED_ORIGINS = web.trusted_origins()
CSRF_FAILURE_VIEW = "tanzhang.surfaces.citizen.views.errors.form_expired"
MIDDLEWARE = web.MIDDLEWARE
TEMPLATES = web.TEMPLATES
STATIC_URL = "/static/"
STATIC_ROOT = str(web.static_root())
STORAGES = web.storages()
WHITENOISE_ALLOW_ALL_ORIGINS = False
#: Plain static files are read from their sources at every request.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = not static_files.is_hashed()
CONTENT_SECURITY_POLICY = web.CONTENT_SECURITY_POLICY
EMBED_ORIGINS = embedding.embed_origins()

UNFOLD = console.UNFOLD
AUTHENTICATION_BACKENDS = console.AUTHENTICATION_BACKENDS
AUTH_PASSWORD_VALIDATORS = console.AUTH_PASSWORD_VALIDATORS
LOGIN_URL = "console:login"
LOGIN_REDIRECT_URL = "console:index"
globals().update(console.AXES)
