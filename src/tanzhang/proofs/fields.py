"""Members of a document, read by name and kind; nothing is left over unread."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final, Never

from tanzhang.problems import Problem

_INSTANT: Final = "%Y-%m-%dT%H:%M:%SZ"
_HEX: Final = re.compile(r"(?:[0-9a-f]{2})*")


class Fields:
    """One object of a document.

    Raises ``proofs.member_missing``, ``proofs.member_wrong`` (another kind, or out of bounds) and
    ``proofs.member_unexpected``, each with the place in the document.
    """

    def __init__(self, value: object, where: str = "") -> None:
        self._where = where
        if not isinstance(value, dict):
            raise Problem("proofs.member_wrong", member=where or "{}")
        self._value: dict[str, Any] = value
        self._unread = set(value)

    def anything(self, name: str) -> Any:
        """A member of whatever kind."""
        if name not in self._value:
            raise Problem("proofs.member_missing", member=self._place(name))
        self._unread.discard(name)
        return self._value[name]

    def text(self, name: str) -> str:
        """A text."""
        found = self.anything(name)
        if not isinstance(found, str):
            self._refuse(name)
        return found

    def integer(self, name: str, least: int = -(2**63), most: int = 2**63 - 1) -> int:
        """A whole number within bounds."""
        found = self.anything(name)
        if not isinstance(found, int) or isinstance(found, bool) or not least <= found <= most:
            self._refuse(name)
        return found

    def octets(self, name: str, width: int) -> bytes:
        """So many bytes, written as lower hexadecimal digits."""
        return self._octets(name, self.anything(name), width)

    def octets_each(self, name: str, width: int) -> list[bytes]:
        """A list of such."""
        return [
            self._octets(f"{name}[{place}]", value, width)
            for place, value in enumerate(self._list(name))
        ]

    def instant(self, name: str) -> datetime:
        """An instant in whole seconds UTC, ``2026-01-31T08:00:00Z``."""
        text = self.text(name)
        try:
            return read_instant(text)
        except ValueError:
            self._refuse(name)

    def inside(self, name: str) -> Fields:
        """An object within this one."""
        return Fields(self.anything(name), self._place(name))

    def inside_or_none(self, name: str) -> Fields | None:
        """An object within this one, or null."""
        return None if self.anything(name) is None else self.inside(name)

    def each(self, name: str) -> list[Fields]:
        """A list of objects."""
        values = enumerate(self._list(name))
        return [Fields(value, f"{self._place(name)}[{place}]") for place, value in values]

    def end(self) -> None:
        """Refuse members that nobody asked for."""
        if self._unread:
            raise Problem("proofs.member_unexpected", member=self._place(min(self._unread)))

    def _list(self, name: str) -> Sequence[object]:
        found = self.anything(name)
        if not isinstance(found, list):
            self._refuse(name)
        return found

    def _octets(self, name: str, value: object, width: int) -> bytes:
        if not isinstance(value, str) or len(value) != 2 * width or not _HEX.fullmatch(value):
            self._refuse(name)
        return bytes.fromhex(value)

    def _refuse(self, name: str) -> Never:
        raise Problem("proofs.member_wrong", member=self._place(name))

    def _place(self, name: str) -> str:
        return f"{self._where}.{name[:40]}" if self._where else name[:40]


def write_instant(instant: datetime) -> str:
    """An instant as documents write it; parts of a second are dropped."""
    return instant.astimezone(UTC).strftime(_INSTANT)


def read_instant(text: str) -> datetime:
    """The reverse. Raises ValueError for any other text."""
    found = datetime.strptime(text, _INSTANT).replace(tzinfo=UTC)
    if write_instant(found) != text:
        raise ValueError(text)
    return found
