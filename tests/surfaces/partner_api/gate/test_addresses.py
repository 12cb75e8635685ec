"""Whoever fails too often waits; whoever signs well never does."""

from __future__ import annotations

import pytest

from tanzhang.problems import Problem
from tanzhang.surfaces.partner_api.gate import addresses
from tanzhang.surfaces.partner_api.gate.addresses import AddressLimit, network_of


class Clock:
    now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def refusal(limit: AddressLimit, address: str) -> Problem | None:
    try:
        limit.take(address)
    except Problem as problem:
        return problem
    return None


def test_failures_are_stopped_after_the_burst_and_come_back_with_time() -> None:
    clock = Clock()
    limit = AddressLimit(burst=3, per_second=2, clock=clock)
    assert [refusal(limit, "192.0.2.1") for _ in range(3)] == [None] * 3
    stopped = refusal(limit, "192.0.2.1")
    assert stopped and stopped.code == "gate.address_limited"
    assert stopped.details["retry_after_s"] == 1
    assert refusal(limit, "192.0.2.2") is None  # somebody else
    clock.now_s += 1
    assert [refusal(limit, "192.0.2.1") is None for _ in range(3)] == [True, True, False]
    clock.now_s += 3600
    assert [refusal(limit, "192.0.2.1") is None for _ in range(4)] == [True, True, True, False]


def test_good_signatures_cost_nothing() -> None:
    limit = AddressLimit(burst=1, clock=Clock())
    for _ in range(100):
        limit.take("192.0.2.1")
        limit.give_back("192.0.2.1")
    limit.give_back("192.0.2.1")
    limit.take("192.0.2.1")
    assert refusal(limit, "192.0.2.1")  # what was given back too often is not kept


def test_an_ipv6_customer_is_one_network() -> None:
    assert network_of("2001:db8:1:2:3::4") == network_of("2001:db8:1:2::1")
    assert network_of("2001:db8:1:3::1") != network_of("2001:db8:1:2::1")
    assert network_of("192.0.2.1") != network_of("192.0.2.2")
    assert network_of("no address") == network_of("")


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "MOST_ADDRESSES", 2)
    limit = AddressLimit(burst=1, clock=Clock())
    for address in ("192.0.2.1", "192.0.2.2", "192.0.2.3"):
        limit.take(address)
    assert refusal(limit, "192.0.2.3")
    assert refusal(limit, "192.0.2.1") is None  # long silent, and forgotten
