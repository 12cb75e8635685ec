"""From where somebody asks, as far as it can be counted against her."""

from __future__ import annotations

from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Final

#: What one household or machine has to itself: counting single addresses of it would count nothing.
IPV6_BITS: Final = 64


def network_of(address: str) -> str:
    """The IPv4 address, or of an IPv6 address the /64; what is no address stays as it is."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(IPv6Network((int(found), IPV6_BITS), strict=False))
