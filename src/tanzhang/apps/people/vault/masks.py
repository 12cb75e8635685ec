"""How a field is shown to whoever has given no reason to see it whole.

In the manner of JR/T 0171-2020 and of what banks print: enough to tell two people of a list apart,
too little to call, write to or pass for either. A mask never shows more than half of what it
hides, however short that is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

_STAR: Final = "*"


def name(text: str) -> str:
    """``王*``, ``欧***``, ``A***``: the first sign, and a star for each other, at most three."""
    return text[:1] + _STAR * min(max(len(text) - 1, 1), 3)


def phone(text: str) -> str:
    """``138****0000``; of a number with another country's code its last two digits."""
    national = text.removeprefix("+86")
    if len(national) == 11 and national.isdecimal():
        return f"{national[:3]}****{national[-4:]}"
    return "****" + national[-2:] if len(national) > 4 else "****"


def ends(text: str) -> str:
    """``1****************X``: the first and the last sign, as of an identity card's number."""
    return text[0] + _STAR * (len(text) - 2) + text[-1] if len(text) > 3 else _STAR * 4


def email(text: str) -> str:
    """``w***@e***.cn``: the first sign of the name and of the domain, and the domain's end."""
    local, at, domain = text.rpartition("@")
    if not (local and at and domain):
        return _STAR * 4
    first, dot, end = domain.rpartition(".")
    hidden = f"{first[:1]}***.{end}" if dot else _STAR * 3
    return f"{local[:1] if len(local) > 1 else ''}***@{hidden}"


def plate(text: str) -> str:
    """``粤B****9``: where a vehicle is from, and its last sign."""
    return text[:2] + _STAR * 4 + text[-1] if len(text) > 6 else _STAR * 4


def start(text: str) -> str:
    """``上海市***``: the first third, at most three signs, as of an address or an employer."""
    return text[: min(3, len(text) // 3)] + _STAR * 3


def hidden(text: str) -> str:
    """``****``: nothing, not even how long it is."""
    return _STAR * 4


MASKS: Final[Mapping[str, Callable[[str], str]]] = {
    mask.__name__: mask for mask in (name, phone, ends, email, plate, start, hidden)
}
