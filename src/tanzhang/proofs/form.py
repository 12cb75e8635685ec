"""The one form of a document: strict JSON in, canonical bytes out.

Canonical bytes are those of RFC 8785 (members sorted, no blanks, UTF-8) for what documents consist
of: objects, lists, texts, booleans, null and integers of at most 64 bits, written in full. A file
may be laid out otherwise; what is signed and digested are always the canonical bytes.

Reading refuses what two readers could understand differently: a repeated member, a number that is
not such an integer, and what no document needs: deep nesting, great length.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final, Never

from tanzhang.problems import Problem

#: Longest text and deepest nesting that are looked at.
MOST_BYTES: Final = 64 * 2**20
MOST_DEEP: Final = 12

_INTEGER_DIGITS: Final = 20
_STRING_OR_BRACKET: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"|[\[\]{}]', re.DOTALL)

Document = dict[str, Any]


def canonical(value: object) -> bytes:
    """The canonical bytes. Raises ``proofs.text_broken`` for half a surrogate pair."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise Problem("proofs.text_broken") from None


def parse(data: bytes) -> Document:
    """The document that a text holds.

    Raises ``proofs.not_json`` for what is no JSON object at all, and for JSON that no document
    consists of: ``proofs.too_long``, ``.nested_deep``, ``.member_repeated``, ``.number_refused``,
    ``.text_broken``.
    """
    if len(data) > MOST_BYTES:
        raise Problem("proofs.too_long", bytes=len(data), most=MOST_BYTES)
    try:
        text = data.decode()
        _refuse_depth(text)
        found = json.loads(
            text,
            object_pairs_hook=_without_repetition,
            parse_int=_integer,
            parse_float=_refuse_number,
            parse_constant=_refuse_number,
        )
    except ValueError:  # of JSON and of UTF-8
        raise Problem("proofs.not_json") from None
    if not isinstance(found, dict):
        raise Problem("proofs.not_json")
    canonical(found)
    return found


def _refuse_depth(text: str) -> None:
    """Count before parsing, so that no nesting is ever descended into."""
    depth = 0
    for match in _STRING_OR_BRACKET.finditer(text):
        sign = match[0]
        if sign in "[{":
            depth += 1
            if depth > MOST_DEEP:
                raise Problem("proofs.nested_deep", most=MOST_DEEP)
        elif sign in "]}":
            depth -= 1


def _without_repetition(pairs: list[tuple[str, Any]]) -> Document:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise Problem("proofs.member_repeated", member=repeated[:40])
    return found


def _integer(digits: str) -> int:
    if len(digits) > _INTEGER_DIGITS or not -(2**63) <= int(digits) < 2**63:
        _refuse_number(digits)
    return int(digits)


def _refuse_number(digits: str) -> Never:
    raise Problem("proofs.number_refused", number=digits[:24])
