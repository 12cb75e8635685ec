"""Somebody whom the bank at the lake hands over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tanzhang.apps.activities.api import fields_of_partner
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.partners.api import partner
from tanzhang.apps.people import api as people

#: Assessments of these tests begin here: before every act of theirs.
ASSESSED_FROM = datetime(2024, 1, 1, tzinfo=UTC)

NOW_US = 1_717_200_000_000_000  #: 2024-06-01 00:00 UTC


def bank() -> int:
    return partner("bank").id


def bikes() -> int:
    return partner("bikes").id


def assess(partner_code: str, *, fields: Sequence[str] | None = None, **said: Any) -> list[int]:
    """Assess all that a partner collects (or these fields) for a year, by two persons."""
    rules = rulebook_in_force()
    found = fields_of_partner(rules, "lake", partner_code)
    if fields is not None:
        found = {people.COLLECT: frozenset(fields)}
    numbers = []
    for purpose, names in found.items():
        proposal = people.Proposal(
            partner_id=partner(partner_code).id,
            purpose=purpose,
            fields=sorted(names),
            valid_from=ASSESSED_FROM,
            valid_until=ASSESSED_FROM + timedelta(days=1000),
            necessity="only so can the scene be counted",
            impact="little: figures without places",
            measures="keyed references, nothing else kept",
            owner="lin",
        )
        numbers.append(people.propose_assessment(replace(proposal, **said), by="lin"))
        people.approve_assessment(numbers[-1], by="zhao", note="read")
    return numbers


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
