"""The kind of an account: whose acts it holds."""

from __future__ import annotations

from django.db import models

from tanzhang.engine.packs.accounts import ACCOUNT_KINDS


class AccountKind(models.IntegerChoices):
    """The numbers are stored; the words stand in programmes' files."""

    PERSON = 0
    HOUSEHOLD = 1
    UNIT = 2  #: a public body
    SMALL_ENTERPRISE = 3
    ENTERPRISE = 4
    TEAM = 5
    COMMUNITY = 6

    @property
    def word(self) -> str:
        """As programmes' files write it."""
        return ACCOUNT_KINDS[self.value]

    @property
    def is_group(self) -> bool:
        """Whether others can belong to it by more than being the same person."""
        return self is not AccountKind.PERSON


def kind_of(word: str) -> AccountKind:
    """The kind that files write so."""
    return AccountKind(ACCOUNT_KINDS.index(word))


#: What a citizen may make herself; the others are the operator's to open.
MADE_BY_CITIZENS = frozenset({AccountKind.HOUSEHOLD, AccountKind.TEAM})
