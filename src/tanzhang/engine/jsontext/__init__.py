"""Reading strict JSON (RFC 8259) by columns: no object is made for a list, a record or a value.

``tokens`` finds the tokens of a whole text at once and holds them to the grammar; ``members`` names
what stands where, with repeated names reported; ``values`` takes one field of all records as one
column. Unlike common readers nothing is coerced: 1.5 does not become 1, nor ``true``.
"""

from __future__ import annotations

from tanzhang.engine.jsontext.members import Members, Records, records
from tanzhang.engine.jsontext.tokens import Kind, Tokens, tokens
from tanzhang.engine.jsontext.values import Integers, integers, is_null, texts, unusable_strings

__all__ = [
    "Integers",
    "Kind",
    "Members",
    "Records",
    "Tokens",
    "integers",
    "is_null",
    "records",
    "texts",
    "tokens",
    "unusable_strings",
]
