"""The vault's door, for this room and, as ``people.api.vault``, for those above.

::

    with bulk_transaction() as cursor:
        vault.store(cursor, subject_id, {"name": "王小明", "phone": "13800000000"})
        vault.masked(cursor, [subject_id], ["name"])        # {7: {"name": "王**"}}
        vault.own(cursor, subject_id)                       # for the person herself
        vault.reveal(cursor, subject_id, ["phone"], reader="operator:wang", reason="…")
        vault.find(cursor, "phone", "138 0000 0000")        # [7]

    box = vault.seal(cursor, subject_id, "appeal|17", words.encode())   # a column elsewhere
    vault.unseal(cursor, subject_id, "appeal|17", box)
"""

from __future__ import annotations

from tanzhang.apps.people.vault.aside import put_aside, take_aside
from tanzhang.apps.people.vault.declared import Field, declared, field_named
from tanzhang.apps.people.vault.indexes import BlindIndex, blind_index, find
from tanzhang.apps.people.vault.keeping import masked, own, reveal, seal, store, unseal
from tanzhang.apps.people.vault.person_keys import destroy_key
from tanzhang.apps.people.vault.secret import refuse_locked
from tanzhang.apps.people.vault.turning import Turned, keys_left, turn_keys

__all__ = [
    "BlindIndex",
    "Field",
    "Turned",
    "blind_index",
    "declared",
    "destroy_key",
    "field_named",
    "find",
    "keys_left",
    "masked",
    "own",
    "put_aside",
    "refuse_locked",
    "reveal",
    "seal",
    "store",
    "take_aside",
    "turn_keys",
    "unseal",
]
