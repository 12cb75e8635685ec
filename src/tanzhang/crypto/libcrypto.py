"""The system's libcrypto (OpenSSL 3.0 or later), called through ctypes: found, declared, checked.

Only what SM2 and encrypted PKCS#8 need is declared, each function with the types of its arguments;
``sm2`` and ``pkcs8`` are the only callers. Three rules hold for every call: its return value is
checked, what it left in the thread's error queue is taken out, and what it allocated is freed.

The library is the one that Python itself runs on: symbols are looked up through ``_hashlib``, which
is linked against it, so that no compiler, no path and no second copy is needed. Where that module
is built into Python, the loader is asked for ``libcrypto``; ``TANZHANG_LIBCRYPTO`` names another.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import importlib
import os
import sys
from collections.abc import Callable, Iterator
from ctypes import POINTER, c_char_p, c_int, c_size_t, c_ulong, c_void_p
from functools import cache
from typing import Any

from tanzhang.problems import Problem

#: OpenSSL 3.0.0, as ``OpenSSL_version_num`` says it; LibreSSL says less.
LEAST_VERSION = 0x30000000

#: Bytes as C reads them: a buffer that the callee only looks at.
_BYTES = c_char_p

#: Where a DER reader or writer moves on: ``unsigned char **``.
_CURSOR = POINTER(c_void_p)

#: name -> (result, arguments), from the headers of OpenSSL 3.0.
_FUNCTIONS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "OpenSSL_version": (c_char_p, (c_int,)),
    "OpenSSL_version_num": (c_ulong, ()),
    "OPENSSL_cleanse": (None, (c_void_p, c_size_t)),
    "ERR_clear_error": (None, ()),
    "ERR_get_error": (c_ulong, ()),
    "ERR_error_string_n": (None, (c_ulong, c_char_p, c_size_t)),
    "EVP_MD_fetch": (c_void_p, (c_void_p, c_char_p, c_char_p)),
    "EVP_MD_CTX_new": (c_void_p, ()),
    "EVP_MD_CTX_free": (None, (c_void_p,)),
    "EVP_MD_CTX_set_pkey_ctx": (None, (c_void_p, c_void_p)),
    "EVP_PKEY_CTX_new_from_name": (c_void_p, (c_void_p, c_char_p, c_char_p)),
    "EVP_PKEY_CTX_new_from_pkey": (c_void_p, (c_void_p, c_void_p, c_char_p)),
    "EVP_PKEY_CTX_free": (None, (c_void_p,)),
    "EVP_PKEY_CTX_set1_id": (c_int, (c_void_p, _BYTES, c_int)),
    "EVP_PKEY_free": (None, (c_void_p,)),
    "EVP_PKEY_is_a": (c_int, (c_void_p, c_char_p)),
    "EVP_PKEY_keygen_init": (c_int, (c_void_p,)),
    "EVP_PKEY_generate": (c_int, (c_void_p, POINTER(c_void_p))),
    "EVP_PKEY_public_check": (c_int, (c_void_p,)),
    "EVP_PKEY_pairwise_check": (c_int, (c_void_p,)),
    "EVP_PKEY_private_check": (c_int, (c_void_p,)),
    "EVP_DigestSignInit": (c_int, (c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)),
    "EVP_DigestSign": (c_int, (c_void_p, c_char_p, POINTER(c_size_t), _BYTES, c_size_t)),
    "EVP_DigestVerifyInit": (c_int, (c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)),
    "EVP_DigestVerify": (c_int, (c_void_p, _BYTES, c_size_t, _BYTES, c_size_t)),
    "EVP_PKEY_encrypt_init": (c_int, (c_void_p,)),
    "EVP_PKEY_encrypt": (c_int, (c_void_p, c_char_p, POINTER(c_size_t), _BYTES, c_size_t)),
    "EVP_PKEY_decrypt_init": (c_int, (c_void_p,)),
    "EVP_PKEY_decrypt": (c_int, (c_void_p, c_char_p, POINTER(c_size_t), _BYTES, c_size_t)),
    "d2i_PUBKEY": (c_void_p, (c_void_p, _CURSOR, c_int)),
    "i2d_PUBKEY": (c_int, (c_void_p, _CURSOR)),
    "d2i_PKCS8_PRIV_KEY_INFO": (c_void_p, (c_void_p, _CURSOR, c_int)),
    "i2d_PKCS8_PRIV_KEY_INFO": (c_int, (c_void_p, _CURSOR)),
    "PKCS8_PRIV_KEY_INFO_free": (None, (c_void_p,)),
    "EVP_PKCS82PKEY": (c_void_p, (c_void_p,)),
    "EVP_PKEY2PKCS8": (c_void_p, (c_void_p,)),
    "EVP_aes_256_cbc": (c_void_p, ()),
    "PKCS8_encrypt": (
        c_void_p,
        (c_int, c_void_p, _BYTES, c_int, _BYTES, c_int, c_int, c_void_p),
    ),
    "PKCS8_decrypt": (c_void_p, (c_void_p, _BYTES, c_int)),
    "d2i_X509_SIG": (c_void_p, (c_void_p, _CURSOR, c_int)),
    "i2d_X509_SIG": (c_int, (c_void_p, _CURSOR)),
    "X509_SIG_free": (None, (c_void_p,)),
}


@cache
def library() -> ctypes.CDLL:
    """The library with its functions declared.

    Raises ``crypto.library_absent`` if none is found, ``crypto.library_unfit`` if what is found is
    too old or was built without SM2 or SM3.
    """
    found = []
    for name in _candidates():
        try:
            loaded = ctypes.CDLL(name)
            _declare(loaded)
        except (OSError, AttributeError):
            continue
        if _is_fit(loaded):
            return loaded
        found.append(loaded.OpenSSL_version(0).decode("ascii", "replace"))
    if found:
        raise Problem("crypto.library_unfit", found=found[0])
    raise Problem("crypto.library_absent")


def version() -> str:
    """What the library calls itself, such as ``OpenSSL 3.0.19 27 Jan 2026``."""
    text: bytes = library().OpenSSL_version(0)
    return text.decode("ascii", "replace")


@cache
def sm3_method() -> int:
    """The digest SM3 (``EVP_MD *``), fetched once and kept."""
    return present("fetching SM3", library().EVP_MD_fetch(None, b"SM3", None))


def _candidates() -> Iterator[str]:
    """Names to load, the most trusted first. macOS ends a process that opens its own libcrypto."""
    named = os.environ.get("TANZHANG_LIBCRYPTO", "").strip()
    if named:
        yield named
        return
    linked = getattr(importlib.import_module("_hashlib"), "__file__", None)
    if linked:
        yield linked
    if sys.platform != "darwin":
        known = ctypes.util.find_library("crypto")
        if known:
            yield known
        yield "libcrypto.so.3"


def _declare(loaded: ctypes.CDLL) -> None:
    for name, (result, arguments) in _FUNCTIONS.items():
        function = getattr(loaded, name)
        function.restype, function.argtypes = result, arguments


def _is_fit(loaded: ctypes.CDLL) -> bool:
    """Whether it is new enough and offers both algorithms."""
    if loaded.OpenSSL_version_num() < LEAST_VERSION:
        return False
    context = loaded.EVP_PKEY_CTX_new_from_name(None, b"SM2", None)
    loaded.EVP_PKEY_CTX_free(context)
    method = loaded.EVP_MD_fetch(None, b"SM3", None)  # kept: the library is used from now on
    loaded.ERR_clear_error()
    return bool(context and method)


def errors() -> str:
    """What stands in this thread's error queue, which is empty afterwards. Never holds secrets."""
    said = []
    while code := library().ERR_get_error():
        text = ctypes.create_string_buffer(256)
        library().ERR_error_string_n(code, text, len(text))
        said.append(text.value.decode("ascii", "replace"))
    return "; ".join(said) or "nothing"


def succeeded(doing: str, result: int) -> None:
    """A call that answers 1 for success did so. Raises ``crypto.library_failed``."""
    if result != 1:
        raise Problem("crypto.library_failed", doing=doing, said=errors())


def present(doing: str, pointer: int | None) -> int:
    """A call that answers a pointer gave one. Raises ``crypto.library_failed``."""
    if not pointer:
        raise Problem("crypto.library_failed", doing=doing, said=errors())
    return pointer


def filled(doing: str, call: Callable[[Any, Any], int], room: int = 0) -> bytes:
    """What ``call(buffer, length)`` writes, asked first for its greatest length, then for itself.

    The buffer is wiped afterwards. Raises ``crypto.library_failed``.
    """
    length = c_size_t(0)
    succeeded(doing, call(None, ctypes.byref(length)))
    length.value = max(length.value, room)
    buffer = ctypes.create_string_buffer(length.value)
    greatest = length.value
    try:
        succeeded(doing, call(buffer, ctypes.byref(length)))
        if length.value > greatest:
            raise Problem("crypto.library_failed", doing=doing, said="too long an answer")
        return buffer.raw[: length.value]
    finally:
        library().OPENSSL_cleanse(buffer, greatest)


def read_der(doing: str, reader: Callable[..., int | None], der: bytes) -> int:
    """What a ``d2i_`` function reads, which has to be all of ``der``.

    The caller frees the result. Raises ``crypto.library_failed``.
    """
    buffer = ctypes.create_string_buffer(der, len(der))
    start = ctypes.addressof(buffer)
    cursor = c_void_p(start)
    try:
        pointer = present(doing, reader(None, ctypes.byref(cursor), len(der)))
    finally:
        library().OPENSSL_cleanse(buffer, len(der))
    if cursor.value != start + len(der):
        release_by_reader(reader, pointer)
        raise Problem("crypto.library_failed", doing=doing, said="bytes after the end")
    return pointer


def release_by_reader(reader: Callable[..., int | None], pointer: int) -> None:
    """Frees what this ``d2i_`` function had made."""
    loaded = library()
    freers = {
        "d2i_PUBKEY": loaded.EVP_PKEY_free,
        "d2i_PKCS8_PRIV_KEY_INFO": loaded.PKCS8_PRIV_KEY_INFO_free,
        "d2i_X509_SIG": loaded.X509_SIG_free,
    }
    freers[reader.__name__](pointer)


def written_der(doing: str, writer: Callable[..., int], pointer: int) -> bytes:
    """What an ``i2d_`` function writes. Raises ``crypto.library_failed``."""
    length = writer(pointer, None)
    if length <= 0:
        raise Problem("crypto.library_failed", doing=doing, said=errors())
    buffer = ctypes.create_string_buffer(length)
    cursor = c_void_p(ctypes.addressof(buffer))
    try:
        if writer(pointer, ctypes.byref(cursor)) != length:
            raise Problem("crypto.library_failed", doing=doing, said=errors())
        return buffer.raw
    finally:
        library().OPENSSL_cleanse(buffer, length)
