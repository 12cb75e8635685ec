"""What is kept of a delivery's body for disputes: each event as it was understood, and no more.

Of the body itself the digest is kept, which the partner's signature covers: whoever disputes shows
the body, and the digest says whether it is the one. An event that was refused leaves its id, its
digest and the code; nothing of what it said was collected.
"""

from __future__ import annotations

import json
from operator import itemgetter
from typing import Any

import polars as pl

from tanzhang.apps.activities import keys
from tanzhang.apps.activities.scenes import SLOTS
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.apps.people.api import person_refs

#: Of each event, beside the named inputs of its methodology; persons and things as keyed hashes.
_COLUMNS = (
    *("row", "external_id", "revision", "withdrawn", "person", "scene"),
    *("started_us", "ended_us", "grade", "item_key"),
)


def kept_body(kept: pl.DataFrame, rules: RulesInForce, secret: bytes, partner: str) -> bytes:
    """A JSON list with an object for each event that was taken, held, repeated or contradicted.

    ``kept`` is what the door kept (``Acceptance.kept``).
    """
    named = {number: code for code, number in rules.pack_ids.items()}
    persons = person_refs(secret, partner, kept["person"])
    item_hi, item_lo = keys.item_keys(secret, kept["item_key"])
    coded = kept.with_columns(
        person=pl.Series([ref.hex() for ref in persons], dtype=pl.String),
        item_key=pl.Series(
            [
                f"{hi:016x}{lo:016x}" if hi or lo else None
                for hi, lo in zip(item_hi.tolist(), item_lo.tolist(), strict=True)
            ],
            dtype=pl.String,
        ),
    )
    told: list[dict[str, Any]] = []
    for (pack_id,), part in coded.partition_by("pack_id", as_dict=True).items():
        inputs = rules.input_names(named[int(pack_id)])
        for event in part.select(*_COLUMNS, *SLOTS).iter_rows(named=True):
            values = {name: event.pop(slot) for slot, name in zip(SLOTS, inputs, strict=False)}
            rest = {name: value for name, value in event.items() if name not in SLOTS}
            given = {name: value for name, value in values.items() if value is not None}
            told.append(rest | {"inputs": given})
    told.sort(key=itemgetter("row"))
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
