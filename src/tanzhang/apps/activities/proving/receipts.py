"""A receipt for one act, from the books."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, Final

from tanzhang.apps.activities.log import append_positions
from tanzhang.apps.activities.models import Cause
from tanzhang.apps.activities.proving.evidence import Evidence, RowName
from tanzhang.apps.activities.why import Why, why
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.api import AccountEntry
from tanzhang.engine.packs import Explanation
from tanzhang.problems import LANGUAGES
from tanzhang.proofs import Document, make_receipt

# An event that moves is closed in the old month before it begins in the new one.
_ROWS: Final = """
select outcome_no, month, pack_version_id, piece_id, position
from activity join log_entry using (piece_id)
where subject_id = %s and month = any(%s) and event_key = %s
order by position, (cause = %s) desc, outcome_no
"""


def act_receipt(account: AccountEntry, event: str, evidence: Evidence) -> Document:
    """The signed receipt of one of the account's acts, under the latest root.

    A root is made if none covers the act yet. Raises ``ledger.event_unknown``,
    ``ledger.event_waiting`` and, if the books are damaged, ``ledger.leaves_differ``.
    """
    told = {lang: why(account, event, evidence.rules, lang) for lang in LANGUAGES}
    rows = _rows(account.subject_id, told["en"])
    root = evidence.root_over(rows)
    return make_receipt(
        installation=evidence.installation,
        outcomes=evidence.proven(rows, root.size),
        methods=evidence.methods(rows),
        reading=_reading(account, told, evidence),
        root=root.parsed(),
        seal=evidence.seal,
    )


def _rows(subject_id: int, told: Why) -> Sequence[RowName]:
    """Every outcome of an event, in the order in which they were posted."""
    months = {line.month for line in told.told.history}
    key = uuid.UUID(told.told.event)
    append_positions()
    with bulk_transaction() as cursor:
        cursor.execute(_ROWS, [subject_id, [*months], key, int(Cause.MOVED)])
        return [RowName(key.bytes, *row) for row in cursor.fetchall()]


def _reading(account: AccountEntry, told: dict[str, Why], evidence: Evidence) -> dict[str, Any]:
    """What people read: codes once, and each language's words."""
    story = told["en"].told
    programme = evidence.rules.programme_code(account.programme_id)
    titles = evidence.rules.programme_file(programme).title
    return {
        "programme": programme,
        "partner": story.partner,
        "scene": story.scene,
        "started_us": story.started_us,
        "ended_us": story.ended_us,
        "time_zone": told["en"].zone,
        **{
            lang: {
                "programme": titles[lang],
                "partner": found.record.partner_title,
                "scene": found.record.scene_title,
                "day": found.record.day.isoformat(),
                "outcome": list(found.sentences),
                "method": found.methodology.title if found.methodology else None,
                "document": found.methodology.document if found.methodology else None,
                "explanation": _explanation(found.told.explanation),
                "taken": [{"mg": taken.mg, "limit": taken.limit} for taken in found.taken],
            }
            for lang, found in told.items()
        },
    }


def _explanation(found: Explanation | None) -> dict[str, Any] | None:
    """How the gross came about: the sentence, the steps and the factors with their sources."""
    return None if found is None else found.as_json()
