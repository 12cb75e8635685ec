"""Where a delivery may go: to public addresses alone, and to the one that was looked at.

A partner chooses the URL, so it could name a machine of ours. The host's name is resolved here,
every answer must be a public address, and the connection is then made to that very address: a name
that answers otherwise a moment later gains nothing (R-085).
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from tanzhang.problems import Problem

LONGEST_URL_CHARACTERS = 2048

#: Forms of IPv6 that carry an IPv4 address inside, or meant one site: no partner's server has one.
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(network)
    for network in ("::/96", "64:ff9b::/32", "2001::/32", "2002::/16", "fec0::/10")
)


@dataclass(frozen=True, slots=True)
class Destination:
    """A checked address: connect to ``url``, say ``host``, and expect a certificate of ``name``."""

    url: str
    host: str
    name: str


def check_url(url: str, *, may_be_private: bool) -> SplitResult:
    """Raise ``partners.webhook_url_refused`` unless the URL has a form that we would call.

    ``https`` with a host, without user, password or fragment; an installation with fictitious
    people may also call ``http`` and private addresses.
    """
    try:
        parts = urlsplit(url)
        sound = (
            len(url) <= LONGEST_URL_CHARACTERS
            and url.isascii()
            and url.isprintable()
            and parts.hostname is not None
            and parts.port != 0
            and parts.username is None
            and parts.password is None
            and not parts.fragment
        )
    except ValueError:
        sound = False
    allowed = ("https", "http") if may_be_private else ("https",)
    if not sound or parts.scheme not in allowed:
        raise Problem("partners.webhook_url_refused", url=url[:LONGEST_URL_CHARACTERS])
    return parts


def destination(url: str, *, may_be_private: bool) -> Destination:
    """Resolve a URL's host now. Raises ``partners.webhook_url_refused``, ``OSError``."""
    parts = check_url(url, may_be_private=may_be_private)
    name = str(parts.hostname)
    port = parts.port or {"https": 443, "http": 80}[parts.scheme]
    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    addresses = [ipaddress.ip_address(entry[4][0]) for entry in found]
    if not may_be_private and not all(_is_public(address) for address in addresses):
        raise Problem("partners.webhook_url_refused", url=url)
    address = addresses[0]
    literal = f"[{address}]" if address.version == 6 else str(address)
    target = parts._replace(netloc=f"{literal}:{port}").geturl()
    return Destination(target, parts.netloc, name)


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        return _is_public(address.ipv4_mapped)
    if any(address in network for network in _NOT_PUBLIC if network.version == address.version):
        return False
    return address.is_global and not address.is_multicast
