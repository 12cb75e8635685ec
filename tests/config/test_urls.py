"""Each surface has its addresses, and one that nobody has is nobody's page."""

from __future__ import annotations

import pytest
from django.urls import Resolver404, resolve


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/", "citizen:welcome"),
        ("/host/", "host:home"),
        ("/console/", "console:index"),
        ("/portal/", "portal:overview"),
    ],
)
def test_a_surface_owns_the_addresses_under_its_own(path: str, name: str) -> None:
    assert resolve(path).view_name == name


def test_an_address_of_nobody_is_none() -> None:
    with pytest.raises(Resolver404):
        resolve("/nobody/")
