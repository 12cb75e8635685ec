"""Keys in a real PKCS#11 token: what stays inside, and what leaves it only wrapped."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pkcs11
import pytest
from pkcs11 import Attribute, ObjectClass

from crypto.keystore.conftest import LABEL, PIN, Hsm
from crypto.worlds import number_of
from tanzhang.crypto import Algorithm, Purpose, load_private
from tanzhang.crypto.keystore.directory import DirectoryStore
from tanzhang.problems import Problem

Reopen = Callable[[dict[str, str]], DirectoryStore]


def kept(home: Path, key_id: str) -> str:
    text: str = json.loads((home / "keys" / f"{key_id}.json").read_text())["kept"]
    return text


def inside(hsm: Hsm) -> list[pkcs11.Object]:
    """All private and secret keys of the token, as its owner sees them."""
    session = pkcs11.lib(hsm.module).get_token(token_label=LABEL).open(rw=True)
    classes = (ObjectClass.PRIVATE_KEY, ObjectClass.SECRET_KEY)
    return [key for kind in classes for key in session.get_objects({Attribute.CLASS: kind})]


def test_a_p256_key_that_signs_never_leaves_the_token(
    hsm: Hsm, tmp_path: Path, reopen: Reopen
) -> None:
    store = reopen(hsm.environment("pkcs11"))
    key = store.create(Purpose.ROOT, Algorithm.P256)
    assert key.public.verify(b"message", key.sign(b"message"))
    assert key.sign(b"message") != key.sign(b"message")
    text = kept(tmp_path, key.key_id)
    assert text.startswith("token:")
    assert len(text) == len("token:") + 32
    (found,) = [one for one in inside(hsm) if one[Attribute.ID].hex() == text[6:]]
    assert found[Attribute.SENSITIVE]
    assert not found[Attribute.EXTRACTABLE]
    assert found[Attribute.NEVER_EXTRACTABLE]
    with pytest.raises(pkcs11.AttributeSensitive):
        _ = found[Attribute.VALUE]


def test_the_key_that_wraps_never_leaves_the_token(hsm: Hsm, reopen: Reopen) -> None:
    reopen(hsm.environment("wrapped", "stays")).create(Purpose.SIGN)
    (found,) = [one for one in inside(hsm) if one[Attribute.LABEL] == "stays"]
    assert found[Attribute.NEVER_EXTRACTABLE]
    with pytest.raises(pkcs11.AttributeSensitive):
        _ = found[Attribute.VALUE]


@pytest.mark.parametrize("kind", ["pkcs11", "wrapped"])
def test_an_sm2_key_lies_in_the_store_wrapped(
    hsm: Hsm, tmp_path: Path, reopen: Reopen, kind: str
) -> None:
    key = reopen(hsm.environment(kind)).create(Purpose.SIGN)
    text = kept(tmp_path, key.key_id)
    assert text.startswith("wrapped:wrapping:")
    assert "PRIVATE" not in text
    again = reopen(hsm.environment(kind)).key(key.key_id)
    assert key.public.verify(b"message", again.sign(b"message"))


def test_a_wrapped_key_is_bound_to_its_public_half_and_to_every_byte(
    hsm: Hsm, tmp_path: Path, reopen: Reopen
) -> None:
    store = reopen(hsm.environment("wrapped"))
    one, other = store.create(Purpose.SIGN), store.create(Purpose.ROOT)
    file = tmp_path / "keys" / f"{one.key_id}.json"
    record = json.loads(file.read_text())
    good = record["kept"]
    broken = good[:40] + ("A" if good[40] != "A" else "B") + good[41:]
    for text in (kept(tmp_path, other.key_id), broken):
        file.write_text(json.dumps(record | {"kept": text}))
        with pytest.raises(Problem, match=r"crypto\.token_failed"):
            reopen(hsm.environment("wrapped")).key(one.key_id)
    file.write_text(json.dumps(record))
    assert reopen(hsm.environment("wrapped")).key(one.key_id).key_id == one.key_id


def test_files_move_under_the_token(hsm: Hsm, tmp_path: Path, reopen: Reopen) -> None:
    store = reopen({})
    keys = [store.create(purpose) for purpose in Purpose]
    secrets = [number_of(load_private(kept(tmp_path, key.key_id))) for key in keys]
    store.keep_by(reopen(hsm.environment("wrapped"))._custody)
    moved = reopen(hsm.environment("wrapped"))
    assert moved.published() == store.published()
    for key, secret in zip(keys, secrets, strict=True):
        assert kept(tmp_path, key.key_id).startswith("wrapped:")
        half = moved._take(kept(tmp_path, key.key_id), key.public.pem)
        assert number_of(half) == secret  # type: ignore[arg-type]
    with pytest.raises(Problem, match=r"crypto\.custody_differs"):
        reopen({}).current(Purpose.SIGN)


def test_the_tokens_own_key_is_replaced(hsm: Hsm, tmp_path: Path, reopen: Reopen) -> None:
    old = reopen(hsm.environment("pkcs11", "of 2026"))
    keys = [old.create(purpose, algorithm) for purpose in Purpose for algorithm in Algorithm]
    later = reopen(hsm.environment("pkcs11", "of 2027"))
    assert later.key(keys[0].key_id).key_id == keys[0].key_id  # the text says which key wrapped it
    old.keep_by(later._custody)
    for one in inside(hsm):
        if one[Attribute.LABEL] == "of 2026":
            one.destroy()
    again = reopen(hsm.environment("pkcs11", "of 2027"))
    for key in keys:
        found = again.key(key.key_id)
        if key.purpose.signs:
            assert key.public.verify(b"message", found.sign(b"message"))
        else:
            assert found.unwrap(key.public.wrap(bytes(16))) == bytes(16)


def test_a_store_by_a_token_makes_no_key_by_itself(hsm: Hsm, reopen: Reopen) -> None:
    for kind in ("pkcs11", "wrapped"):
        with pytest.raises(Problem, match=r"crypto\.key_missing"):
            reopen(hsm.environment(kind)).current(Purpose.SIGN)


def test_a_token_that_is_not_there_is_a_problem(hsm: Hsm, tmp_path: Path, reopen: Reopen) -> None:
    there = hsm.environment("wrapped")
    for url in (
        there["TANZHANG_KEYS"].replace(f"token={LABEL}", "token=elsewhere"),
        there["TANZHANG_KEYS"].replace(hsm.module, "not-there.so"),
    ):
        with pytest.raises(Problem, match=r"crypto\.token_failed"):
            reopen({**there, "TANZHANG_KEYS": url}).create(Purpose.SIGN)


def alone(hsm: Hsm, code: str, *, pin: str, home: Path) -> list[str]:
    """What a process of its own prints; a log-in holds for a whole process."""
    environment = os.environ | hsm.environment("pkcs11") | {"TANZHANG_KEYS_PASSWORD": pin}
    words = [sys.executable, "-c", code, str(home)]
    done = subprocess.run(words, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_a_wrong_pin_is_told_to_the_token_once(hsm: Hsm, tmp_path: Path) -> None:
    code = """
import sys
from pathlib import Path
import pkcs11
from tanzhang.crypto import Algorithm, Purpose, open_store
from tanzhang.problems import Problem
store = open_store(Path(sys.argv[1]))
asked = []
real = pkcs11.lib
pkcs11.lib = lambda path: asked.append(path) or real(path)
for _ in range(3):
    try:
        store.create(Purpose.SIGN, Algorithm.P256)
    except Problem as refusal:
        print(refusal.code, refusal.details["said"], len(asked))
"""
    said = alone(hsm, code, pin="1111", home=tmp_path)
    assert said == ["crypto.token_failed", "PinIncorrect", "1"] * 3


def test_a_process_that_was_forked_off_logs_in_anew(hsm: Hsm, tmp_path: Path) -> None:
    code = """
import os, sys
from pathlib import Path
from tanzhang.crypto import Algorithm, Purpose, open_store
store = open_store(Path(sys.argv[1]))
key = store.create(Purpose.SIGN, Algorithm.P256)
key.sign(b"in the parent")
child = os.fork()
holds = key.public.verify(b"message", key.sign(b"message"))
os.write(1, f"{holds}\\n".encode())
if child:
    os.waitpid(child, 0)
else:
    os._exit(0)
"""
    assert alone(hsm, code, pin=PIN, home=tmp_path) == ["True", "True"]
