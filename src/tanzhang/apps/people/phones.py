"""Phone numbers. A phone is a way to log in, not an identity."""

from __future__ import annotations

import hmac
import re
import unicodedata

from tanzhang.problems import Problem

#: Numbers without a country are taken for Chinese ones: eleven digits that begin with 1.
_CHINESE = re.compile(r"(?:(?:\+|00)86)?(1[0-9]{10})")
_FOREIGN = re.compile(r"\+[1-9][0-9]{7,14}")


def normalised(number: str) -> str:
    """``+86`` and eleven digits, however they were typed; other countries with their own code.

    Raises ``people.phone_malformed``, which does not repeat the number.
    """
    plain = unicodedata.normalize("NFKC", number)
    digits = re.sub(r"[\s().\-–]", "", plain)
    if found := _CHINESE.fullmatch(digits):
        return f"+86{found[1]}"
    if _FOREIGN.fullmatch(digits) and not digits.startswith("+86"):
        return digits
    raise Problem("people.phone_malformed")


def phone_index(secret: bytes, number: str) -> bytes:
    """32 bytes by which a number is found that was linked before there were index keys."""
    return hmac.digest(secret, b"phone\0" + normalised(number).encode("ascii"), "sm3")
