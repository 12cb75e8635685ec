"""What an address asks for: a number to go on from, a day."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.http import HttpRequest

_LARGEST = 2**63 - 1


def number_of(request: HttpRequest, name: str) -> int | None:
    """A whole number from the address; None if it is absent or no such number."""
    given = request.GET.get(name, "")
    if given.isascii() and given.isdecimal() and len(given) < 20 and int(given) <= _LARGEST:
        return int(given)
    return None


def day_of(request: HttpRequest) -> date | None:
    """The day that the address names; None if it names none, or one that no calendar has."""
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return None


def begin_of(day: date, zone: str) -> datetime:
    """The first instant of a local day."""
    return datetime.combine(day, time(), ZoneInfo(zone))
