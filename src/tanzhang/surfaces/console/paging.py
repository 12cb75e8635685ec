"""Lists that are read page by page along a key: nothing is counted, nothing is skipped over."""

from __future__ import annotations

from django.http import HttpRequest


def number_of(request: HttpRequest, name: str, most: int = 2**63 - 1) -> int | None:
    """A whole number from the address; None if it is absent or no such number."""
    given = request.GET.get(name, "")
    if given.isascii() and given.isdecimal() and len(given) < 20 and int(given) <= most:
        return int(given)
    return None
