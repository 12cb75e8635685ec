"""Numbers of the two partners of the little world."""

from __future__ import annotations

import pytest


@pytest.fixture
def bikes(lake: None) -> int:
    """A partner that reports rides."""
    from tanzhang.apps.partners.api import partner

    return partner("bikes").id


@pytest.fixture
def bank(lake: None) -> int:
    """A partner that reports bills."""
    from tanzhang.apps.partners.api import partner

    return partner("bank").id
