"""What forms may ask is declared by the vault; what features may show is there."""

from __future__ import annotations

from tanzhang.apps.people.api import AccountKind, Channel, vault
from tanzhang.engine.packs.accounts import ACCOUNT_KINDS
from tanzhang.engine.packs.joining.words import (
    CLAIMS,
    EMPLOYING,
    ENTRIES,
    FIELDS,
    KIND_FIELDS,
)


def test_every_field_of_a_form_is_declared_by_the_vault() -> None:
    assert sorted(set(FIELDS) - set(vault.declared())) == []
    assert {word.claim for word in FIELDS.values()} - {""} <= set(CLAIMS)


def test_kinds_and_channels_are_those_that_there_are() -> None:
    assert {*KIND_FIELDS, *EMPLOYING} <= set(ACCOUNT_KINDS)
    assert [kind.word for kind in AccountKind] == [*ACCOUNT_KINDS]
    assert {*Channel} <= set(ENTRIES)
