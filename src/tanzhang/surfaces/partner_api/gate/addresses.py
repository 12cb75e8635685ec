"""The limit before authentication: how often a network address may fail.

Each address has a bucket of tokens in this process. A request takes one and gets it back as soon as
its signature was found good, so that partners are limited by their quotas alone, and whoever floods
the site with bad signatures is stopped before signatures cost anything.
"""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from tanzhang.problems import Problem

#: Failures that an address may have at once, and how many come back in a second.
BURST = 120
PER_SECOND = 2

#: Addresses remembered; the one that was longest silent is forgotten first.
MOST_ADDRESSES = 10_000


class AddressLimit:
    """Buckets of tokens by network address; safe among threads."""

    def __init__(
        self,
        burst: int = BURST,
        per_second: float = PER_SECOND,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._burst = burst
        self._per_second = per_second
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, address: str) -> None:
        """Takes a token. Raises ``gate.address_limited`` with ``retry_after_s``."""
        where = network_of(address)
        with self._lock:
            tokens = self._tokens(where)
            if tokens < 1:
                wait_s = math.ceil((1 - tokens) / self._per_second)
                raise Problem("gate.address_limited", retry_after_s=max(wait_s, 1))
            self._keep(where, tokens - 1)

    def give_back(self, address: str) -> None:
        """Returns the token of a request whose signature is good."""
        where = network_of(address)
        with self._lock:
            self._keep(where, min(self._tokens(where) + 1, self._burst))

    def _tokens(self, where: str) -> float:
        tokens, since = self._buckets.get(where, (float(self._burst), self._clock()))
        return min(tokens + (self._clock() - since) * self._per_second, self._burst)

    def _keep(self, where: str, tokens: float) -> None:
        self._buckets[where] = tokens, self._clock()
        self._buckets.move_to_end(where)
        while len(self._buckets) > MOST_ADDRESSES:
            self._buckets.popitem(last=False)


def network_of(address: str) -> str:
    """An address, or for IPv6 the /64 network that one customer has to himself."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.IPv6Network((parsed, 64), strict=False))
    return str(parsed)
