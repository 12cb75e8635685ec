"""What stored bytes say once they are opened: compressed bodies, columnar bodies, archives."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final

import polars as pl

#: How bytes begin that can be opened; the test of the table is ``begins_packed``.
MAGIC: Final = (
    b"\x78\x01",  # zlib, by speed
    b"\x78\x5e",
    b"\x78\x9c",
    b"\x78\xda",
    b"\x1f\x8b",  # gzip
    b"ARROW1",  # a file of Arrow's IPC
    b"\xff\xff\xff\xff",  # a stream of it
    b"PK\x03\x04",  # zip
    b"PAR1",  # Parquet
)


def is_packed(content: bytes) -> bool:
    """Whether bytes begin like something that can be opened."""
    return content.startswith(MAGIC)


def opened(content: bytes) -> Iterator[bytes]:
    """What is inside, part by part; nothing if the bytes only begin like something packed."""
    try:
        if content.startswith(b"PK"):
            yield from _zipped(content)
        elif content.startswith(b"\x1f\x8b"):
            yield gzip.decompress(content)
        elif content.startswith(b"\x78"):
            yield zlib.decompress(content)
        else:
            yield from _columns(content)
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, pl.exceptions.PolarsError):
        return


def _zipped(content: bytes) -> Iterator[bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            yield name.encode()
            inside = archive.read(name)
            yield inside
            if is_packed(inside):
                yield from opened(inside)


def _columns(content: bytes) -> Iterator[bytes]:
    """Each column of texts or bytes, its values one after the other."""
    if content.startswith(b"PAR1"):
        frame = pl.read_parquet(io.BytesIO(content))
    elif content.startswith(b"ARROW1"):
        frame = pl.read_ipc(io.BytesIO(content))
    else:
        frame = pl.read_ipc_stream(io.BytesIO(content))
    for column in frame.iter_columns():
        if column.dtype == pl.String:
            yield "\n".join(column.drop_nulls().to_list()).encode()
        elif column.dtype == pl.Binary:
            yield b"\n".join(column.drop_nulls().to_list())
