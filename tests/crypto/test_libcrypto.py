"""The binding: which library it takes, what it does with failures, and that it keeps nothing."""

from __future__ import annotations

import ctypes
import ctypes.util
import gc
import os
import re
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from crypto.worlds import SM2_N, known_private, known_public, pem, signature, unpem
from tanzhang.crypto import (
    Algorithm,
    generate,
    keys,
    libcrypto,
    load_private,
    pem as pem_module,
    sm2,
)
from tanzhang.problems import Problem


def test_the_library_is_openssl_3_or_later() -> None:
    found = re.match(r"OpenSSL (\d+)\.", libcrypto.version())
    assert found
    assert int(found[1]) >= 3


def test_a_library_that_is_not_there_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANZHANG_LIBCRYPTO", "libcrypto-that-is-not-there.so")
    with pytest.raises(Problem, match=r"crypto\.library_absent"):
        libcrypto.library.__wrapped__()


def test_a_library_that_is_no_libcrypto_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANZHANG_LIBCRYPTO", str(ctypes.util.find_library("c")))
    with pytest.raises(Problem, match=r"crypto\.library_absent"):
        libcrypto.library.__wrapped__()


def test_a_library_that_is_too_old_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libcrypto, "LEAST_VERSION", 0x90000000)
    with pytest.raises(Problem, match=r"crypto\.library_unfit") as refusal:
        libcrypto.library.__wrapped__()
    assert refusal.value.details["found"] == libcrypto.version()


def test_a_library_that_is_named_is_the_one_that_is_taken() -> None:
    named = ctypes.util.find_library("crypto")
    if named is None:
        pytest.skip("the loader knows no libcrypto here")
    code = (
        "from tanzhang.crypto import self_test, libcrypto; self_test(); print(libcrypto.version())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "TANZHANG_LIBCRYPTO": named},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("OpenSSL ")


def test_a_failure_leaves_nothing_in_the_error_queue() -> None:
    key = known_private("sm2")
    with pytest.raises(Problem):
        key.unwrap(key.public.wrap(bytes(16))[:-1] + b"\0")
    with pytest.raises(Problem):
        load_private(pem("PRIVATE KEY", unpem(key.to_pem())[:-1]))
    with pytest.raises(Problem):
        load_private(key.to_pem("right"), "wrong")
    assert not key.public.verify(b"message", key.sign(b"another"))
    assert not key.public.verify(b"message", signature(1, SM2_N - 1))  # r + s = n is an error
    assert libcrypto.errors() == "nothing"


def test_an_old_error_of_somebody_else_does_not_become_ours() -> None:
    crypto = libcrypto.library()
    crypto.d2i_PUBKEY(None, ctypes.byref(ctypes.c_void_p(ctypes.addressof(ctypes.c_char(0)))), 1)
    key = known_private("sm2")
    assert key.public.verify(b"message", key.sign(b"message"))
    assert libcrypto.errors() == "nothing"


def test_a_call_that_fails_says_so() -> None:
    with pytest.raises(Problem, match="while trying"):
        libcrypto.succeeded("trying", 0)
    with pytest.raises(Problem, match=r"crypto\.library_failed"):
        libcrypto.succeeded("trying", -1)
    with pytest.raises(Problem, match=r"crypto\.library_failed"):
        libcrypto.present("trying", None)
    with pytest.raises(Problem, match=r"crypto\.library_failed"):
        libcrypto.filled("trying", lambda out, length: 0)


#: What gives something to free, and what frees it.
PAIRS = {
    "EVP_PKEY_CTX_free": {"EVP_PKEY_CTX_new_from_pkey", "EVP_PKEY_CTX_new_from_name"},
    "EVP_MD_CTX_free": {"EVP_MD_CTX_new"},
    "EVP_PKEY_free": {"d2i_PUBKEY", "EVP_PKCS82PKEY", "EVP_PKEY_generate"},
    "PKCS8_PRIV_KEY_INFO_free": {"d2i_PKCS8_PRIV_KEY_INFO", "EVP_PKEY2PKCS8", "PKCS8_decrypt"},
    "X509_SIG_free": {"d2i_X509_SIG", "PKCS8_encrypt"},
}


class Counting:
    """The library, counting what each function gave or took."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self._real = libcrypto.library()

    def __getattr__(self, name: str) -> Any:
        function = getattr(self._real, name)

        def call(*given: Any) -> Any:
            result = function(*given)
            self.calls[name] += bool(result) or name.endswith("_free")
            return result

        call.__name__ = name
        return call


def use_everything() -> None:
    """Each operation once, and each way for it to fail."""
    key = generate(Algorithm.SM2)
    public = sm2.Sm2Public.from_spki(key.public.spki)
    plain, closed = unpem(key.to_pem()), unpem(key.to_pem("password"))
    load_private(pem("PRIVATE KEY", plain))
    load_private(pem("ENCRYPTED PRIVATE KEY", closed), "password")
    wrapped = public.wrap(bytes(16))
    assert key.unwrap(wrapped) == bytes(16)
    assert public.verify(b"message", key.sign(b"message"))
    assert not public.verify(b"another", key.sign(b"message"))
    off_curve = key.public.spki[:-1] + bytes((key.public.spki[-1] ^ 1,))
    failing: list[Callable[[], object]] = [
        lambda: key.unwrap(wrapped[:-1] + bytes((wrapped[-1] ^ 1,))),
        lambda: sm2.Sm2Public.from_spki(off_curve),
        lambda: load_private(pem("PRIVATE KEY", plain + b"\0")),
        lambda: load_private(pem("PRIVATE KEY", plain[:-1] + b"\0")),
        lambda: load_private(pem("ENCRYPTED PRIVATE KEY", closed), "wrong"),
        lambda: load_private(pem("ENCRYPTED PRIVATE KEY", closed + b"\0"), "password"),
    ]
    for fail in failing:
        with pytest.raises(Problem):
            fail()


def test_what_is_allocated_is_freed(monkeypatch: pytest.MonkeyPatch) -> None:
    counting = Counting()
    for module in (libcrypto, sm2, pem_module):
        monkeypatch.setattr(module, "library", lambda: counting)
    use_everything()
    keys._opened.cache_clear()
    gc.collect()
    made = {free: sum(counting.calls[name] for name in names) for free, names in PAIRS.items()}
    assert all(made.values())
    assert made == {free: counting.calls[free] for free in PAIRS}


def test_many_threads_share_keys_without_mixing_anything_up() -> None:
    private, public = known_private("sm2"), known_public("sm2")
    failures: list[str] = []
    done: list[int] = []

    def work(number: int) -> None:
        for round_ in range(20):
            message = f"{number} {round_}".encode()
            made = private.sign(message)
            secret = message.ljust(16, b".")
            wrapped = public.wrap(secret)
            if not public.verify(message, made) or public.verify(message + b"!", made):
                failures.append("a verdict")
            if private.unwrap(wrapped) != secret:
                failures.append("a secret")
            try:
                private.unwrap(wrapped[:-1] + bytes((wrapped[-1] ^ 1,)))
                failures.append("a refusal")
            except Problem:
                done.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(done) == 8 * 20


def test_a_process_that_was_forked_off_draws_other_numbers() -> None:
    code = (
        "import os\n"
        "from tanzhang.crypto import Algorithm, generate\n"
        "key = generate(Algorithm.SM2)\n"
        "child = os.fork()\n"
        "line = key.sign(b'message').hex() + ' ' + generate(Algorithm.SM2).key_id + '\\n'\n"
        "os.write(1, line.encode())\n"
        "child and os.waitpid(child, 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    one, other = (line.split() for line in done.stdout.splitlines())
    assert one[0] != other[0]
    assert one[1] != other[1]
