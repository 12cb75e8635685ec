"""What the site needs from the environment, and what it is made of.

============================  =================================================================
``TANZHANG_SECRET_KEY``       signs sessions and links; default: made once, in ``TANZHANG_HOME``
``TANZHANG_HOSTS``            names under which the site answers, separated by commas
``TANZHANG_ORIGINS``          origins of pages whose forms are accepted (``https://…``)
============================  =================================================================
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from tanzhang.config.database import home

LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
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

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

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
    return _listed("TANZHANG_HOSTS") or LOCAL_HOSTS


def trusted_origins() -> list[str]:
    """Origins from which forms are accepted besides our own."""
    return _listed("TANZHANG_ORIGINS")


def static_root() -> Path:
    """Where static files are collected for serving."""
    return home() / "static"


def _listed(variable: str) -> list[str]:
    return [part.strip() for part in os.environ.get(variable, "").split(",") if part.strip()]


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
