"""Groups and people at the lake."""

from __future__ import annotations

from people_world import opening

from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.people import api as people

DAY = 19_875  #: 2024-06-01


def account(person: str) -> people.AccountEntry:
    """An account of a person whom the bank hands over."""
    return people.open_account(opening(person))[0]


member = account


def new_group(kind: people.AccountKind) -> people.NewGroup:
    """What a group at the lake needs."""
    return people.NewGroup(kind, "lake", rulebook_in_force().programme_ids["lake"], 2, DAY)


def group(kind: people.AccountKind) -> people.AccountEntry:
    """A group that the operator opened."""
    return people.open_group(new_group(kind), by="test")
