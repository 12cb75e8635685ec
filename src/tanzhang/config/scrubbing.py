"""Takes out of log lines what looks like a person: a last net, below the rule to log no such thing.

A log line names nobody in the first place (``logs``). Should one ever do, by a mistake or in a
library's own words, then what has the shape of a phone, an identity number, a card or an address of
mail is masked, and so is whatever stands under a personal field's name. Names have no shape.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from django.apps import apps

MASKED: Final = "****"

#: Names of what is personal, besides the fields that are declared (``vault/fields.yaml``).
_PERSONAL: Final = frozenset(
    (
        *("full_name", "identity", "mobile", "person", "person_name", "phone_number", "real_name"),
        *("one_time_code", "otp", "passwd", "password", "pin", "secret", "token"),
        *("姓名", "手机", "手机号", "手机号码", "证件号码", "身份证号"),
    )
)

#: What we make ourselves, without meaning.
_OPAQUE_KEYS: Final = frozenset({"request_id"})

_ALONE: Final = r"(?<![0-9A-Za-z]){}(?![0-9A-Za-z])"
_SHAPES: Final = re.compile(
    "|".join(
        (
            # An identity card (GB 11643-1999): region, birthday, order, check sign.
            _ALONE.format(
                r"[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]"
            ),
            # A mobile number of China's: eleven digits that begin with 1, perhaps in groups.
            _ALONE.format(r"(?:\+?86[ -]?|0086[ -]?)?1\d{2}[ -]?\d{4}[ -]?\d{4}"),
            # A number with another country's code.
            r"\+[1-9]\d{7,14}(?!\d)",
            # Mail.
            r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}\.[A-Za-z]{2,24}",
        )
    ),
    re.ASCII,
)

#: What may be a card: 16 to 19 digits, perhaps in fours. The check digit decides (ISO/IEC 7812-1).
_CARD: Final = re.compile(_ALONE.format(r"\d{4}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?"), re.ASCII)


def scrubbed(value: Any) -> Any:
    """The value with everything masked that has a person's shape, through lists and mappings."""
    if isinstance(value, str):
        return _CARD.sub(_masked_card, _SHAPES.sub(MASKED, value))
    if isinstance(value, bool) or value is None or isinstance(value, float):
        return value
    if isinstance(value, int):
        return MASKED if _SHAPES.fullmatch(str(value)) else value
    if isinstance(value, Mapping):
        return scrubbed_line(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [scrubbed(each) for each in value]
    return scrubbed(str(value))


def scrubbed_line(line: Mapping[Any, Any]) -> dict[str, Any]:
    """A log line, or a mapping in one, without what stands under personal names."""
    return {scrubbed(str(key)): _of(str(key).casefold(), value) for key, value in line.items()}


def _of(key: str, value: Any) -> Any:
    if key in _OPAQUE_KEYS:
        return value
    return MASKED if key in personal_keys() else scrubbed(value)


def personal_keys() -> frozenset[str]:
    """The keys, in log lines and in what they hold, under which nothing is ever shown."""
    return _PERSONAL | _declared() if apps.ready else _PERSONAL


@cache
def _declared() -> frozenset[str]:
    from tanzhang.apps.people.api import vault

    return frozenset(vault.declared())


def _masked_card(found: re.Match[str]) -> str:
    digits = [int(sign) for sign in found[0] if sign.isdecimal()]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
    return MASKED if (sum(doubled) + sum(digits[-1::-2])) % 10 == 0 else found[0]
