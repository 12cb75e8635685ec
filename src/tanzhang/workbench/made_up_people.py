"""A few made-up people whom one partner knows, so that it has somebody to report for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners.api import partner
from tanzhang.apps.people import api as people
from tanzhang.engine.localtime import day_starts_us


def make_up_people(partner_code: str, count: int) -> Sequence[str]:
    """The partner's references to ``count`` made-up people: ``citizen-1`` and so on.

    Who is there already stays as she is. Raises ``people.installation_live`` where people may be
    real, and ``partners.partner_unknown``.
    """
    entry = partner(partner_code)
    rules = rulebook_in_force()
    programme = rules.programme(rules.programme_code(entry.programme_id))
    names = [f"citizen-{number}" for number in range(1, count + 1)]
    refs = people.person_refs(people.installation_secret(), entry.code, names)
    first_day = programme.versions[0].valid_from
    with bulk_transaction() as cursor:
        known = set(people.linked_accounts(cursor, entry.id, refs)["ref"])
        new = [place for place, ref in enumerate(refs) if ref not in known]
        people.enrol(
            cursor,
            partner_id=entry.id,
            programme_id=entry.programme_id,
            refs=[refs[place] for place in new],
            account_handles=people.handles(
                programme.id, entry.code, [names[place] for place in new]
            ),
            joined_day=first_day,
            consent_from_us=int(
                day_starts_us(np.array([first_day], np.int64), programme.time_zone)[0]
            ),
        )
    return names
