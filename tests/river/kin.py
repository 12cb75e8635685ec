"""Linking people of the river who are one person, and parting them again."""

from __future__ import annotations

from datetime import date

from tanzhang.apps.activities.api import link_people, unlink_people
from tanzhang.apps.people.api import AccountEntry, account


def account_of(name: str) -> AccountEntry:
    """Somebody's account, by handle (``coast-ada``) or by her name at the river."""
    found = account(name if "-" in name and name.split("-")[0] == "coast" else f"river-{name}")
    assert found is not None
    return found


def day(text: str) -> int:
    """A local day like ``05-30`` of 2025, as days since 1970."""
    return (date.fromisoformat(f"2025-{text}") - date(1970, 1, 1)).days


def link(one: str, other: str, since: str) -> int:
    """Count the acts of two people as one person's from a day on."""
    return link_people(account_of(one), account_of(other), from_day=day(since), factor="test")


def part(one: str, other: str, since: str | None = None) -> int:
    """End their link from a day on; without one it was a mistake from the beginning."""
    to_day = None if since is None else day(since)
    return unlink_people(account_of(one), account_of(other), to_day=to_day, why="test")
