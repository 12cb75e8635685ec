"""The bytes of a file, unpacked if it is gzipped, never more than asked for at a time."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import BinaryIO

from tanzhang.problems import Problem
from tanzhang.workbench.files.chunks import Limits
from tanzhang.workbench.files.gunzip import MAGIC, Gunzip

#: Containers that are never opened, by their first bytes.
_ARCHIVES = {
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"7z\xbc\xaf": "7-Zip",
    b"\x28\xb5\x2f\xfd": "Zstandard",
    b"Rar!": "RAR",
}


class ByteSource:
    """Reads a file from the beginning to the end; close it afterwards."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.name = path.name
        self._limits = limits
        self._raw, self._size = _open(path)
        head = self._raw.read(8)
        self._raw.seek(0)
        self._refuse_archives(head)
        self._packed = head.startswith(MAGIC)
        self._stream = Gunzip(self._raw) if self._packed else self._raw
        self._given = 0
        self._broken: Problem | None = None

    def close(self) -> None:
        """Let go of the file."""
        self._raw.close()

    @property
    def done(self) -> float:
        """The share of the file as it lies on the disk that has been read."""
        return min(1.0, self._raw.tell() / self._size) if self._size else 1.0

    def read(self, size: int) -> bytes:
        """The next ``size`` bytes of content, fewer only at the end or before a break.

        Where the file is broken its Problem is raised when nothing before that place is left.
        """
        pieces, missing = [], size
        while missing and self._broken is None:
            try:
                piece = self._read_some(missing)
            except Problem as problem:
                self._broken = problem
                break
            if not piece:
                break
            pieces.append(piece)
            missing -= len(piece)
            self._given += len(piece)
            if self._packed:
                self._refuse_bombs()
        if self._broken is not None and not pieces:
            raise self._broken
        return b"".join(pieces)

    def _read_some(self, size: int) -> bytes:
        try:
            return self._stream.read(size)
        except (EOFError, zlib.error) as error:
            raise Problem("imports.gzip_broken", file=self.name, byte=self._given) from error
        except OSError as error:
            raise Problem(
                "imports.file_unreadable", file=self.name, detail=error.strerror or str(error)
            ) from error

    def _refuse_bombs(self) -> None:
        limits = self._limits
        if self._given > limits.unpacked_bytes:
            raise Problem(
                "imports.unpacked_too_large", file=self.name, limit_bytes=limits.unpacked_bytes
            )
        if self._given > limits.free_bytes and self._given > limits.ratio * self._raw.tell():
            raise Problem("imports.packed_too_tightly", file=self.name, ratio=limits.ratio)

    def _refuse_archives(self, head: bytes) -> None:
        for magic, kind in _ARCHIVES.items():
            if head.startswith(magic):
                self._raw.close()
                raise Problem("imports.archive_refused", file=self.name, kind=kind)


def _open(path: Path) -> tuple[BinaryIO, int]:
    try:
        if not path.is_file():
            raise Problem("imports.file_missing", file=str(path))
        return path.open("rb"), path.stat().st_size
    except OSError as error:
        raise Problem(
            "imports.file_unreadable", file=path.name, detail=error.strerror or str(error)
        ) from error
