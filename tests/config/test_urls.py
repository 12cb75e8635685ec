"""The fictitious host app is there in a demonstration, and nowhere else."""

from __future__ import annotations

from importlib import reload

from django.test import override_settings

from tanzhang.config import urls


def prefixes() -> list[str]:
    return [str(pattern.pattern) for pattern in reload(urls).urlpatterns]


def test_the_host_app_has_addresses_in_a_demonstration_alone() -> None:
    with override_settings(DEMO=False):
        assert "host/" not in prefixes()
    with override_settings(DEMO=True):
        assert "host/" in prefixes()
