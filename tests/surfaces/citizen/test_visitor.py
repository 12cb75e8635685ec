"""Whoever asks is known by her address, which a stranger in front of our proxy cannot choose."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import RequestFactory

from tanzhang.surfaces.citizen.visitor import address_of

PROXIED = ("HTTP_X_FORWARDED_PROTO", "https")


@pytest.mark.parametrize(
    ("proxy", "forwarded", "address"),
    [
        (None, "203.0.113.9", "192.0.2.1"),
        (PROXIED, "203.0.113.9", "203.0.113.9"),
        (PROXIED, "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        (PROXIED, "", "192.0.2.1"),
    ],
)
def test_only_a_proxy_of_ours_is_believed(
    monkeypatch: pytest.MonkeyPatch, proxy: object, forwarded: str, address: str
) -> None:
    monkeypatch.setattr(settings, "SECURE_PROXY_SSL_HEADER", proxy)
    request = RequestFactory().get(
        "/", REMOTE_ADDR="192.0.2.1", headers={"X-Forwarded-For": forwarded}
    )
    assert address_of(request) == address
