"""The ``openssl`` command and we understand each other, in both directions."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tanzhang.crypto import Algorithm, generate, load_private, load_public
from tanzhang.problems import Problem

ID = "distid:1234567812345678"
MESSAGE = b"PCA1-SM2-SM3\nPOST\n"

#: How each algorithm is said to the command.
DIGEST = {
    Algorithm.SM2: ("-rawin", "-digest", "sm3", "-pkeyopt", ID),
    Algorithm.P256: ("-rawin", "-digest", "sha256"),
}
NEW_KEY = {
    Algorithm.SM2: ("-algorithm", "SM2"),
    Algorithm.P256: ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"),
}
BOTH = pytest.mark.parametrize("algorithm", list(Algorithm))

Openssl = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture
def openssl(tmp_path: Path) -> Openssl:
    """Runs the command in a folder of its own; files are given as ``name=bytes``."""
    program = shutil.which("openssl")
    if program is None:
        pytest.fail(
            "These tests need the “openssl” command: run “make browser” (as root or with sudo)."
        )

    def run(*words: str, **files: bytes | str) -> subprocess.CompletedProcess[bytes]:
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            (tmp_path / name).write_bytes(data)
        return subprocess.run([program, *words], cwd=tmp_path, capture_output=True)

    return run


@BOTH
def test_the_command_verifies_what_we_sign(openssl: Openssl, algorithm: Algorithm) -> None:
    key = generate(algorithm)
    words = ("pkeyutl", "-verify", "-pubin", "-inkey", "pub", "-in", "msg", "-sigfile", "sig")
    files = {"pub": key.public.pem, "msg": MESSAGE, "sig": key.sign(MESSAGE)}
    assert openssl(*words, *DIGEST[algorithm], **files).returncode == 0
    assert openssl(*words, *DIGEST[algorithm], **(files | {"msg": b"other"})).returncode != 0


@BOTH
def test_we_verify_what_the_command_signs(openssl: Openssl, algorithm: Algorithm) -> None:
    private = openssl("genpkey", *NEW_KEY[algorithm]).stdout.decode()
    public = load_public(openssl("pkey", "-in", "key", "-pubout", key=private).stdout.decode())
    words = ("pkeyutl", "-sign", "-inkey", "key", "-in", "msg", *DIGEST[algorithm])
    made = openssl(*words, msg=MESSAGE).stdout
    assert public.algorithm is algorithm
    assert public.verify(MESSAGE, made)
    assert not public.verify(b"other", made)


@pytest.mark.parametrize("said", ["distid:ALICE123@YAHOO.COM", "distid:123456781234567"])
def test_a_signature_under_another_id_is_refused(openssl: Openssl, said: str) -> None:
    key = generate(Algorithm.SM2)
    words = ("pkeyutl", "-sign", "-inkey", "key", "-in", "msg", "-rawin", "-digest", "sm3")
    made = openssl(*words, "-pkeyopt", said, key=key.to_pem(), msg=MESSAGE)
    assert made.returncode == 0
    assert not key.public.verify(MESSAGE, made.stdout)


def test_a_signature_over_the_bare_digest_is_refused(openssl: Openssl) -> None:
    key = generate(Algorithm.SM2)
    digest = openssl("dgst", "-sm3", "-binary", "msg", msg=MESSAGE).stdout
    made = openssl("pkeyutl", "-sign", "-inkey", "key", "-in", "md", key=key.to_pem(), md=digest)
    assert made.returncode == 0
    assert not key.public.verify(MESSAGE, made.stdout)


@BOTH
def test_the_command_reads_our_private_keys(openssl: Openssl, algorithm: Algorithm) -> None:
    key = generate(algorithm)
    words = ("pkey", "-in", "key", "-pubout")
    assert openssl(*words, key=key.to_pem()).stdout.decode() == key.public.pem
    closed = openssl(*words, "-passin", "pass:word", key=key.to_pem("word"))
    assert closed.stdout.decode() == key.public.pem


@BOTH
def test_we_read_private_keys_that_the_command_encrypted(
    openssl: Openssl, algorithm: Algorithm
) -> None:
    private = openssl("genpkey", *NEW_KEY[algorithm], "-aes-256-cbc", "-pass", "pass:word")
    public = openssl("pkey", "-in", "key", "-passin", "pass:word", "-pubout", key=private.stdout)
    assert load_private(private.stdout.decode(), "word").public.pem == public.stdout.decode()


def test_data_keys_pass_both_ways(openssl: Openssl) -> None:
    key = generate(Algorithm.SM2)
    secret = bytes(range(16))
    decrypt = ("pkeyutl", "-decrypt", "-inkey", "key", "-in", "ek")
    opened = openssl(*decrypt, key=key.to_pem(), ek=key.public.wrap(secret))
    assert opened.stdout == secret
    encrypt = ("pkeyutl", "-encrypt", "-pubin", "-inkey", "pub", "-in", "dk")
    wrapped = openssl(*encrypt, pub=key.public.pem, dk=secret)
    assert key.unwrap(wrapped.stdout) == secret


def test_the_commands_of_the_page_do_what_the_page_says(openssl: Openssl, tmp_path: Path) -> None:
    page = Path(__file__).parents[2] / "docs" / "internals" / "crypto.md"
    (block,) = re.findall(r"^```sh\n(.*?)^```$", page.read_text(encoding="utf-8"), re.M | re.S)
    platform, secret = generate(Algorithm.SM2), bytes(range(16))
    given = {"lines": MESSAGE, "platform.pem": platform.public.pem, "data-key": secret}
    for line in block.splitlines():
        program, *words = shlex.split(line)
        done = openssl(*words, **given)
        assert (program, done.returncode) == ("openssl", 0), done.stderr
    public = load_public((tmp_path / "public.pem").read_text())
    assert public.verify(MESSAGE, (tmp_path / "signature").read_bytes())
    assert platform.unwrap((tmp_path / "wrapped-data-key").read_bytes()) == secret


def test_a_key_with_its_curve_spelt_out_or_its_point_compressed_is_unsupported(
    openssl: Openssl,
) -> None:
    for option in (("-param_enc", "explicit"), ("-conv_form", "compressed")):
        private = openssl("ecparam", "-genkey", "-name", "prime256v1", "-noout").stdout
        words = ("ec", "-in", "key", "-pubout", *option)
        public = openssl(*words, key=private).stdout.decode()
        assert public.startswith("-----BEGIN PUBLIC KEY-----")
        with pytest.raises(Problem, match=r"crypto\.key_unsupported"):
            load_public(public)
