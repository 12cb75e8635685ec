"""What the site needs from the environment, and what it is made of.

============================  =================================================================
``TANZHANG_SECRET_KEY``       signs sessions and links; default: made once, in ``TANZHANG_HOME``
``TANZHANG_HOSTS``            names under which the site answers, separated by commas
``TANZHANG_ORIGINS``          the site's own addresses as browsers see them (``https://…``); https
                              makes cookies secure and promises https for a year
``TANZHANG_EMBED_ORIGINS``    origins whose pages may show citizens' pages in a frame
``TANZHANG_BEHIND_PROXY``     1: a proxy in front sets ``X-Forwarded-Proto``, ``X-Request-ID``
                              and, at its end, ``X-Forwarded-For``
``TANZHANG_SESSION_HOURS``    how long a citizen's log-in lasts; default 168
``TANZHANG_STATIC``           ``plain`` serves static files from their sources; for development
============================  =================================================================
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from tanzhang.config import environment, static_files
from tanzhang.config.database import home

LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

MIDDLEWARE = [
    "tanzhang.config.health.Health",
    "tanzhang.config.requests.RequestNotes",
    "tanzhang.surfaces.partner_api.gate.middleware.Gate",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "tanzhang.config.opening.Opening",
    "tanzhang.config.sessions.Sessions",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tanzhang.config.embedding.Embedding",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ],
        },
    },
]

#: Nothing comes from elsewhere; nothing runs that is not a file of ours.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}


def storages() -> dict[str, Any]:
    """Where files are; static ones under names that change with their content."""
    hashed = "whitenoise.storage.CompressedManifestStaticFilesStorage"
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    return {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": hashed if static_files.is_hashed() else plain},
    }


def protection() -> dict[str, Any]:
    """Settings that depend on how browsers reach the site.

    Without https (a demonstration on this machine) browsers would not send secure cookies back.
    The proxy's word is taken only where the operator says that there is one: anybody may send the
    header.
    """
    secure = any(origin.startswith("https://") for origin in trusted_origins())
    proxied = environment.switched_on("TANZHANG_BEHIND_PROXY")
    # Browsers send cookies to a host whatever the port: a sandbox on the same host has its own.
    prefix = "sandbox_" if environment.is_sandbox() else ""
    return {
        "SESSION_COOKIE_NAME": f"{prefix}sessionid",
        "CSRF_COOKIE_NAME": f"{prefix}csrftoken",
        "SESSION_COOKIE_SECURE": secure,
        "CSRF_COOKIE_SECURE": secure,
        "CSRF_COOKIE_HTTPONLY": True,
        "LANGUAGE_COOKIE_SECURE": secure,
        "SESSION_COOKIE_AGE": 3600
        * environment.number("TANZHANG_SESSION_HOURS", 168, least=1, most=8760),
        "SECURE_HSTS_SECONDS": 365 * 86_400 if secure else 0,
        "SECURE_SSL_REDIRECT": secure and proxied,
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https") if proxied else None,
    }


def secret_key() -> str:
    """The signing key: from the environment, or made once and kept readable by its owner alone."""
    given = os.environ.get("TANZHANG_SECRET_KEY")
    if given:
        return given
    file = home() / "secret-key"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        _write_once(file, secrets.token_urlsafe(50))
    return file.read_text(encoding="ascii")


def allowed_hosts() -> list[str]:
    """Names under which the site answers; by default this machine's own."""
    return environment.listed("TANZHANG_HOSTS") or LOCAL_HOSTS


def trusted_origins() -> list[str]:
    """Origins from which forms are accepted besides our own."""
    return environment.listed("TANZHANG_ORIGINS")


def static_root() -> Path:
    """Where static files are collected for serving."""
    return home() / "static"


def _write_once(file: Path, text: str) -> None:
    """Write a file as a whole or leave the one that another process wrote first."""
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(text, encoding="ascii")
    try:
        file.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
