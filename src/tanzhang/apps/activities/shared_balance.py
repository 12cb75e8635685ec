"""One person's balance, the same for every partner that she lets read it.

A government platform and an enterprise platform that know the same person by references of their
own read one total and the same rows: sums over what is posted for her subject, by programme,
partner and scene. Neither keeps a copy that could drift.
"""

from __future__ import annotations

from typing import Any, Final

from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners.api import PartnerEntry, partner_codes
from tanzhang.apps.people import api as people
from tanzhang.problems import Problem

#: What is noted of a reading.
BALANCE: Final = "balance"

_ROWS: Final = """
select programme_id, partner_id, scene_id, sum(credited_mg)::bigint, sum(points)::bigint
from activity where subject_id = %s group by programme_id, partner_id, scene_id
"""


def shared_balance(reader: PartnerEntry, person: str) -> dict[str, Any]:
    """What ``reader`` may read of the person whom it calls ``person``; the reading is noted.

    ``reduction_mg`` is over all her accounts here; points stand by programme, for those of two
    programmes are not the same. ``rows`` say what each source brought. Raises
    ``people.person_unknown``, ``people.not_shared``.
    """
    [ref] = people.person_refs(people.installation_secret(), reader.code, [person])
    account = people.account_by_ref(reader.id, ref)
    if account is None:
        raise Problem("people.person_unknown")
    rules = rulebook_in_force()
    partners = partner_codes()
    scenes = {number: code for (_, code), number in rules.scene_ids.items()}
    with bulk_transaction() as cursor:
        people.note_reading(cursor, account, reader.id, BALANCE)
        cursor.execute(_ROWS, [account.subject_id])
        rows = [
            {
                "programme": rules.programme_code(programme_id),
                "source": partners[partner_id],
                "scene": scenes[scene_id],
                "reduction_mg": mg,
                "points": points,
            }
            for programme_id, partner_id, scene_id, mg, points in cursor.fetchall()
        ]
    rows.sort(key=lambda row: (row["programme"], row["source"], row["scene"]))
    points: dict[str, int] = {}
    for row in rows:
        points[row["programme"]] = points.get(row["programme"], 0) + row["points"]
    return {
        "reduction_mg": sum(row["reduction_mg"] for row in rows),
        "points": points,
        "rows": rows,
    }
