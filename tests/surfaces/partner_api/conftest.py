"""Two partners of the river with keys, and what we published of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from surfaces.partner_api.signing import Partner
from tanzhang.crypto import PublicKey


@pytest.fixture
def bikes(river: None) -> Partner:
    """A partner that reports rides."""
    return _with_key("bikes")


@pytest.fixture
def bank(river: None) -> Partner:
    """Another partner."""
    return _with_key("bank")


@pytest.fixture
def platform_keys(river: None) -> dict[str, PublicKey]:
    """Our published keys by their ids."""
    from tanzhang.config.own_keys import key_store
    from tanzhang.crypto import Algorithm, Purpose

    for algorithm in Algorithm:
        key_store().current(Purpose.SIGN, algorithm)
    return {key.key_id: key.public for key in key_store().published()}


def _with_key(code: str) -> Partner:
    from tanzhang.apps.partners.api import add_key, partner

    made = Partner(code)
    add_key(partner(code).id, made.key.public)
    return made


@pytest.fixture(autouse=True)
def fresh_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """No failure of another test counts against this one's network address."""
    from tanzhang.surfaces.partner_api.gate import order
    from tanzhang.surfaces.partner_api.gate.addresses import AddressLimit

    monkeypatch.setattr(order, "limit", AddressLimit())
    monkeypatch.setattr(order, "noted", AddressLimit(burst=20, per_second=1 / 600))


@pytest.fixture(autouse=True)
def long_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    """No minute and no day of a quota ends while a test runs."""
    from tanzhang.apps.partners import quotas

    monkeypatch.setattr(quotas, "MINUTE_S", 10**12)
    monkeypatch.setattr(quotas, "DAY_S", 10**12)


@pytest.fixture
def kind(database: object) -> Iterator[Callable[[str], None]]:
    """Makes this installation one of another kind, although somebody has an account here."""
    from tanzhang.config.database import connect

    def become(kind: str) -> None:
        with connect("owner", autocommit=True) as owner:
            owner.execute("alter table installation disable trigger user")
            owner.execute("update installation set kind = %s", [kind])
            owner.execute("alter table installation enable trigger user")

    with connect("owner") as owner:
        (usual,) = owner.execute("select kind from installation").fetchall()[0]
    yield become
    become(usual)
