"""The citizens of a city as account holders: each with one account that all partners know.

Without this every partner's citizen would be another person, and two partners who report one ride
would never meet.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners.api import partner as partner_by_code
from tanzhang.apps.people import api as people
from tanzhang.config.kind import admit_fictitious_people
from tanzhang.engine.localtime import day_starts_us
from tanzhang.workbench.city.arrivals import City
from tanzhang.workbench.city.frames import PARTNERS, person_names


def persons_of(city: City) -> pl.Series:
    """How the city's partners name its citizens."""
    return person_names(city.name, np.arange(city.citizens, dtype=np.int64))


def handles(city: City, programme: str) -> list[str]:
    """The handle of each citizen's account: ``<programme>-<person>``."""
    return [f"{programme}-{person}" for person in persons_of(city)]


def enrol_residents(city: City, programme: str) -> int:
    """Open an account for each citizen who has none; how many were opened.

    Consent begins with the programme. Raises ``catalogue.programme_unknown``,
    ``partners.partner_unknown`` and what ``admit_fictitious_people`` raises.
    """
    admit_fictitious_people()
    rules = rulebook_in_force()
    first_day = rules.programme(programme).versions[0].valid_from
    time_zone = rules.programme(programme).time_zone
    persons = pl.DataFrame({"person": persons_of(city), "handle": handles(city, programme)})
    partner_ids = {code: partner_by_code(code).id for code in PARTNERS}
    secret = people.installation_secret()
    first_partner = partner_ids[PARTNERS[0]]
    with bulk_transaction() as cursor:
        refs = people.person_refs(secret, PARTNERS[0], persons["person"])
        known = people.linked_accounts(cursor, first_partner, refs)
        strangers = persons.with_columns(ref=pl.Series(refs, dtype=pl.Binary)).join(
            known, on="ref", how="anti", maintain_order="left"
        )
        if strangers.is_empty():
            return 0
        names = {
            partner_ids[code]: people.person_refs(secret, code, strangers["person"])
            for code in PARTNERS
        }
        people.enrol(
            cursor,
            partner_id=first_partner,
            programme_id=rules.programme_ids[programme],
            refs=names.pop(first_partner),
            also_known=names,
            account_handles=strangers["handle"].to_list(),
            joined_day=first_day,
            consent_from_us=int(day_starts_us(np.array([first_day]), time_zone)[0]),
        )
    return len(strangers)
