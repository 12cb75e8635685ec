"""Somebody whom the bank at the lake hands over."""

from __future__ import annotations

from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.partners.api import partner
from tanzhang.apps.people import api as people

NOW_US = 1_717_200_000_000_000  #: 2024-06-01 00:00 UTC


def bank() -> int:
    return partner("bank").id


def bikes() -> int:
    return partner("bikes").id


def opening(person: str) -> people.Opening:
    """All that opening this person's account needs; both partners know her by one name."""
    secret = people.installation_secret()
    return people.Opening(
        programme="lake",
        programme_id=rulebook_in_force().programme_ids["lake"],
        host_id=bank(),
        refs={
            partner(code).id: people.person_refs(secret, code, [person])[0]
            for code in ("bank", "bikes")
        },
        text_id=people.current_wording().id,
        at_us=NOW_US,
        joined_day=19_875,
    )
