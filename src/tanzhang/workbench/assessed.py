"""Fictitious impact assessments of a demonstration's partners, so that it shows how they work."""

from __future__ import annotations

from tanzhang.apps.activities.api import fields_of_partner
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.partners.api import AgreementKind, agreements, partner_lines
from tanzhang.apps.people import api as people


def assess_partners(programme: str) -> int:
    """Assess what each partner of a programme collects and reads, as fiction; how many were new.

    What is covered already is left as it is. Raises ``people.installation_live`` where people may
    be real, and ``catalogue.programme_unknown``.
    """
    rules, made = rulebook_in_force(), 0
    number = rules.programme_ids[rules.programme(programme).id]
    for line in partner_lines():
        if line.programme_id != number:
            continue
        agreed = agreements(line.id)
        scenes = {scene for each in agreed for scene in each.scenes or ()}
        wanted = fields_of_partner(rules, programme, line.code, scenes)
        if any(each.kind is AgreementKind.READ_BALANCE for each in agreed):
            wanted[people.SHARE] = frozenset(people.BALANCE_FIELDS)
        for purpose, fields in wanted.items():
            made += people.assess_fictitious(line.id, purpose, sorted(fields)) is not None
    return made
