"""Whoever is locked out is told so in the look of the place where she tried."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from tanzhang.config.lockout import locked_out


@pytest.mark.database
@pytest.mark.parametrize(
    ("path", "look"),
    [("/portal/log-in/", "portal/portal.css"), ("/console/login/", "console/console.css")],
)
def test_the_page_is_the_place_s_own(path: str, look: str) -> None:
    answer = locked_out(RequestFactory().post(path), None, {})
    assert answer.status_code == 429
    assert look in answer.content.decode()
