"""Two partners, each with a past and with people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from surfaces.portal.histories import History
    from surfaces.portal.people import Person


@pytest.fixture
def manager(river: None) -> Person:
    """Somebody of ``bikes`` who may change things."""
    from surfaces.portal.people import somebody

    return somebody("bikes")


@pytest.fixture
def history(river: None, fresh_addresses: None) -> History:
    """The past of ``bikes``."""
    from surfaces.portal.histories import history_of

    return history_of("bikes")


@pytest.fixture
def fresh_addresses(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No failure of another test counts against this one's network address."""
    from tanzhang.surfaces.partner_api.gate import order
    from tanzhang.surfaces.partner_api.gate.addresses import AddressLimit

    monkeypatch.setattr(order, "limit", AddressLimit())
    yield
