"""Gzip (RFC 1952) unpacked piece by piece; what comes before a break is given before it is told."""

from __future__ import annotations

import zlib
from typing import BinaryIO

MAGIC = b"\x1f\x8b"

#: So much is read at once: little beside what is unpacked, so that a bomb shows early.
_READ_BYTES = 1 << 16

#: ``zlib``'s word for "gzip, with its header and its check sum".
_GZIP_WINDOW = 31


class Gunzip:
    """Reads the content of a gzipped stream of one or more members."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._member = zlib.decompressobj(_GZIP_WINDOW)
        self._packed = b""

    def read(self, size: int) -> bytes:
        """At least one byte of content and at most ``size``; nothing at the end.

        Raises ``EOFError`` where the stream breaks off and ``zlib.error`` where it is damaged.
        """
        while True:
            if self._member.eof and not self._next_member():
                return b""
            if not self._packed:
                self._packed = self._raw.read(_READ_BYTES)
            if not self._packed:
                content = self._member.flush()
                if not content and not self._member.eof:
                    raise EOFError
                return content
            content = self._member.decompress(self._packed, size)
            self._packed = self._member.unconsumed_tail
            if content:
                return content

    def _next_member(self) -> bool:
        """Go on with the member that follows, after padding with zeros; whether there is one."""
        rest = self._member.unused_data
        while not (rest := rest.lstrip(b"\0")):
            rest = self._raw.read(_READ_BYTES)
            if not rest:
                return False
        self._packed, self._member = rest, zlib.decompressobj(_GZIP_WINDOW)
        return True
