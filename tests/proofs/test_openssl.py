"""Somebody who has only the ``openssl`` command and a JSON library comes to the same answer."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from proof_world import World

from tanzhang.crypto import Purpose
from tanzhang.proofs import Document, canonical


def signed_bytes(document: Document) -> bytes:
    """As the page on proofs says it: sorted members, no blanks, without the signature."""
    content = {name: value for name, value in document.items() if name != "signature"}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


@pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl command")
@pytest.mark.parametrize("kind", ["receipt", "certificate", "root"])
def test_openssl_verifies_what_we_sign_and_refuses_what_was_altered(
    tmp_path: Path, kind: str
) -> None:
    world = World.at(tmp_path / "keys")
    purpose = Purpose.ROOT if kind == "root" else Purpose.SIGN
    document = json.loads(canonical(getattr(world, kind)()))
    (tmp_path / "key.pem").write_text(world.store.current(purpose).public.pem)
    (tmp_path / "signature.der").write_bytes(base64.b64decode(document["signature"]["value"]))
    for content, word in (
        (signed_bytes(document), "Verified OK"),
        (signed_bytes(document | {"installation": "0" * 16}), "Verification failure"),
    ):
        (tmp_path / "signed.json").write_bytes(content)
        words = "dgst -sm3 -verify key.pem -sigopt distid:1234567812345678"
        done = subprocess.run(
            ["openssl", *words.split(), "-signature", "signature.der", "signed.json"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert word in done.stdout + done.stderr
