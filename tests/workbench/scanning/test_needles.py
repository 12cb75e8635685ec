"""A name or number is found in every form in which it may lie somewhere."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import zipfile
import zlib
from urllib.parse import quote

import polars as pl
import pytest

from tanzhang.apps.people import api as people
from tanzhang.problems import Problem
from tanzhang.workbench.scanning.needles import needle
from tanzhang.workbench.scanning.opened import is_packed, opened

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

NAME, PHONE = "林晓雨样", "13800138000"


@pytest.mark.parametrize(
    "text",
    [
        PHONE,
        f"+86{PHONE}",
        f"+86 {PHONE}",
        f"86{PHONE}",
        "138 0013 8000",
        "138-0013-8000",
        "１３８００１３８０００",
        f"tel={quote('+86' + PHONE)}&x",
        json.dumps({"phone": PHONE}),
        hashlib.sha256(PHONE.encode()).hexdigest(),
        hashlib.new("sm3", f"+86{PHONE}".encode()).hexdigest().upper(),
        hashlib.md5(PHONE.encode(), usedforsecurity=False).hexdigest(),
        PHONE.encode().hex(),
    ],
)
def test_a_phone_is_found_however_it_is_written(text: str) -> None:
    for typed in (PHONE, f"+86 {PHONE}", "138-0013-8000"):
        assert needle(typed).is_in_text(f"before {text} after")


@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
def test_base64_is_found_wherever_it_begins(before: str) -> None:
    text = base64.b64encode(f'{before}"name": "{NAME}", "more"'.encode()).decode()
    assert needle(NAME).is_in_text(text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "gb18030"])
def test_bytes_are_found_in_every_encoding(encoding: str) -> None:
    assert needle(NAME).is_in_bytes(b"\0\1" + f"x{NAME}y".encode(encoding) + b"\2")


def test_keyed_hashes_of_this_installation_are_found() -> None:
    secret = people.installation_secret()
    (ref,) = people.person_refs(secret, "bikes", [PHONE])
    assert needle(PHONE).is_in_bytes(b"x" + ref)
    assert needle(PHONE).is_in_text(ref.hex())


@pytest.mark.parametrize("other", ["13800138001", "林晓", "1380013800", "小雨"])
def test_what_is_not_there_is_not_found(other: str) -> None:
    assert not needle(PHONE).is_in_text(f"before {other} after")
    assert not needle(NAME).is_in_text(f"before {other} after")


@pytest.mark.parametrize("short", ["", " ", "a", "林"])
def test_a_single_letter_is_refused(short: str) -> None:
    with pytest.raises(Problem, match="needle_short"):
        needle(short)


def packed() -> dict[str, bytes]:
    text = f"some {NAME} text".encode()
    frame = pl.DataFrame({"n": [1], "s": [f"some {NAME} text"], "b": [b"other"]})
    stream, file, parquet, archive = (io.BytesIO() for _ in range(4))
    frame.write_ipc_stream(stream, compression="zstd")
    frame.write_ipc(file, compression="lz4")
    frame.write_parquet(parquet)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as inside:
        inside.writestr("inner.gz", gzip.compress(text))
    return {
        "zlib": zlib.compress(text),
        "quick zlib": zlib.compress(text, level=1),
        "gzip": gzip.compress(text),
        "stream": stream.getvalue(),
        "file": file.getvalue(),
        "parquet": parquet.getvalue(),
        "zip": archive.getvalue(),
    }


@pytest.mark.parametrize("kind", ["zlib", "quick zlib", "gzip", "stream", "file", "parquet", "zip"])
def test_what_is_packed_is_opened(kind: str) -> None:
    content = packed()[kind]
    assert is_packed(content)
    assert any(needle(NAME).is_in_bytes(part) for part in opened(content))


def test_what_only_begins_like_something_packed_is_nothing() -> None:
    for content in (b"\x78\x9cno", b"PK\x03\x04no", b"ARROW1no", b"\x1f\x8bno", b"PAR1"):
        assert is_packed(content)
        assert [*opened(content)] == []
    assert not is_packed(b"plain")
