"""One leaf and one entry of the log, field by field: what a proof shows in plain numbers.

``leaf`` makes many leaves at once from columns; here is the same form for a single one, both ways.
An *entry* stands for a settled piece in the log's own tree:

| bytes | what |
|---|---|
| 1 | version of this format |
| 8 | position, from 1 |
| 1 | version of the leaves' format |
| 4 | number of leaves |
| 32 | root over the leaves, SM3 |

All numbers are big-endian.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

ENTRY_VERSION: Final = 1

#: What stands for an input that was not reported.
_NOT_REPORTED: Final = -(2**63)

_LEAF: Final = struct.Struct(">B16sH16s16sBIqqqq4q16s")
_ENTRY: Final = struct.Struct(">BQBI32s")


@dataclass(frozen=True, slots=True)
class Leaf:
    """One posted outcome as the log keeps it; an input that was not reported is None."""

    version: int
    event_key: bytes
    outcome_no: int
    account: bytes
    pack_digest: bytes
    status: int
    revision: int
    started_us: int
    gross_mg: int
    posted_mg: int
    posted_points: int
    inputs: tuple[int | None, ...]
    salt: bytes

    def encode(self) -> bytes:
        """The 136 bytes of ``leaf``. Raises ValueError for a field that does not fit."""
        for name, width in (("event_key", 16), ("account", 16), ("pack_digest", 16), ("salt", 16)):
            _require_width(name, getattr(self, name), width)
        if _NOT_REPORTED in self.inputs:
            raise ValueError("an input that was not reported is None")
        inputs = (_NOT_REPORTED if value is None else value for value in self.inputs)
        try:
            return _LEAF.pack(
                self.version,
                self.event_key,
                self.outcome_no,
                self.account,
                self.pack_digest,
                self.status,
                self.revision,
                self.started_us,
                self.gross_mg,
                self.posted_mg,
                self.posted_points,
                *inputs,
                self.salt,
            )
        except struct.error as error:
            raise ValueError(str(error)) from error

    @classmethod
    def decode(cls, leaf: bytes) -> Leaf:
        """The fields of a leaf."""
        *fields, salt = _LEAF.unpack(leaf)
        inputs = tuple(None if value == _NOT_REPORTED else value for value in fields[11:])
        names = (name for name in cls.__slots__ if name not in ("inputs", "salt"))
        return cls(**dict(zip(names, fields[:11], strict=True)), inputs=inputs, salt=salt)


@dataclass(frozen=True, slots=True)
class Entry:
    """A settled piece at its place in the log."""

    position: int
    leaf_version: int
    leaf_count: int
    leaf_root: bytes
    version: int = ENTRY_VERSION

    def encode(self) -> bytes:
        """The 46 bytes that the log's tree has as a leaf. Raises ValueError as ``Leaf`` does."""
        _require_width("leaf_root", self.leaf_root, 32)
        try:
            return _ENTRY.pack(
                self.version, self.position, self.leaf_version, self.leaf_count, self.leaf_root
            )
        except struct.error as error:
            raise ValueError(str(error)) from error


def _require_width(name: str, value: bytes, width: int) -> None:
    if len(value) != width:
        raise ValueError(f"{name} has {len(value)} bytes instead of {width}")
