"""A sanction, as the person reads it: who took it, until when it holds, and where she appeals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tanzhang.apps.activities.api import sanction_until
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.api import AccountEntry, account_state
from tanzhang.stored_time import microseconds
from tanzhang.surfaces.look import moments

#: Pages that stay open to whoever is sanctioned: what is kept of her, and appealing.
STAY_OPEN: Final = ("rights", "ask", "take_back", "copy", "decisions", "readers")


@dataclass(frozen=True, slots=True)
class SanctionLine:
    """That an account is frozen by a sanction.

    ``until_us`` in microseconds since 1970, None if for good.
    """

    operator: str
    until_us: int | None


def sanction_of(account: AccountEntry) -> SanctionLine | None:
    """The sanction that an account is frozen by."""
    with bulk_transaction() as cursor:
        standing = account_state(cursor, [account.id])[account.id]
    if not standing.is_sanctioned:
        return None
    until = sanction_until(account.id)
    until_us = None if until is None else microseconds(until)
    rules = rulebook_in_force()
    file = rules.programme_file(rules.programme_code(account.programme_id))
    return SanctionLine(file.operator[moments.language()], until_us)
