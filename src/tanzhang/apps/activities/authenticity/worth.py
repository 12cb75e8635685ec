"""What an act would be worth if it counted."""

from __future__ import annotations

import uuid
from typing import Final

from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.apps.database import bulk_transaction

_ACT: Final = """
select pack_id, day, grade, q1, q2, q3, q4 from activity
where subject_id = %s and event_key = %s order by outcome_no desc limit 1
"""


def worth_mg(key: uuid.UUID, subject_id: int, rules: RulesInForce) -> int:
    """Milligrams by the formula of the act's pack, before any limit; 0 until it is settled."""
    with bulk_transaction() as cursor:
        cursor.execute(_ACT, [subject_id, key])
        row = cursor.fetchone()
    if row is None:
        return 0
    pack_id, day, grade, *values = row
    code = next(code for code, number in rules.pack_ids.items() if number == pack_id)
    edition = rules.library.on(code, day)
    if edition is None:
        return 0
    named = dict(zip(rules.input_names(code), values, strict=False))
    columns = {
        entry.name: entry.default if named.get(entry.name) is None else named[entry.name]
        for entry in edition.definition.inputs
    }
    if any(name not in columns for name in edition.formula.columns if name != "evidence_grade"):
        return 0  # a look-back has a value of its own, which is known when the act is settled
    return edition.milligrams({**columns, "evidence_grade": grade}) or 0
