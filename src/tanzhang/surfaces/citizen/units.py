"""What an account's points are called, where its programme calls them something of their own."""

from __future__ import annotations

from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.apps.people.api import AccountEntry
from tanzhang.engine.packs.accounts import PERSON, PERSONS_ALONE
from tanzhang.surfaces.look import moments


def name_of_points(account: AccountEntry, rules: RulesInForce) -> str:
    """绿币, 蓝币, …; empty where they are plain points, which every page can say by itself."""
    programme = rules.programme_code(account.programme_id)
    title = rules.points_title(programme, account.points_unit)
    return "" if title == PERSONS_ALONE[PERSON].points else title[moments.language()]
