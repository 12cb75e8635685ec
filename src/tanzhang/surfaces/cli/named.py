"""What a command names or signs with, found in the installation. Call ``config.setup`` before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanzhang.problems import Problem

if TYPE_CHECKING:
    from tanzhang.apps.activities.api import Evidence
    from tanzhang.apps.people.api import AccountEntry


def account_named(name: str, *, even_restricted: bool = False) -> AccountEntry:
    """The account with this handle or number.

    ``even_restricted``: for commands that store, protect or erase. Raises ``cli.account_unknown``
    and ``people.account_restricted``.
    """
    from tanzhang.apps.people.api import account

    found = account(name, even_restricted=even_restricted)
    if found is None:
        raise Problem("cli.account_unknown", account=name)
    return found


def evidence_in_force() -> Evidence:
    """The rules in force and the keys of this installation, as documents need them."""
    from tanzhang.apps.activities.api import Evidence
    from tanzhang.apps.catalogue.api import rulebook_in_force
    from tanzhang.config.own_keys import key_store

    return Evidence(rulebook_in_force(), key_store())
