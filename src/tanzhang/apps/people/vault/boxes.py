"""A box: what is sealed, as one run of bytes that says by which algorithm.

::

    1 byte   algorithm: 1 SM4-GCM (GB/T 32907, RFC 8998), 2 AES-128-GCM (overseas)
    12 bytes IV, random for every box (NIST SP 800-38D, 8.2.2: at most 2^32 boxes a key)
    n bytes  ciphertext
    16 bytes tag over ciphertext and what the box is bound to
"""

from __future__ import annotations

from typing import Final

from tanzhang.crypto import Cipher, Sealed, open_sealed, seal
from tanzhang.crypto.sealing import IV_BYTES, TAG_BYTES
from tanzhang.problems import Problem

#: Algorithms that are opened; the first one seals.
_ALGORITHMS: Final = {1: Cipher.SM4_GCM, 2: Cipher.AES_128_GCM}
_SEALS_BY: Final = 1


def bound_to(*parts: object) -> bytes:
    """What a box is bound to, part by part, so that it opens in no other place.

    No part holds ``|`` but perhaps the last: installation, kind, numbers, a declared name.
    """
    return "|".join(("tanzhang-vault", *map(str, parts))).encode()


def close_box(key: bytes, content: bytes, aad: bytes) -> bytes:
    """The content, readable with the key and bound to ``aad`` (``bound_to``)."""
    sealed = seal(key, content, aad, _ALGORITHMS[_SEALS_BY])
    return bytes((_SEALS_BY,)) + sealed.iv + sealed.ct + sealed.tag


def open_box(key: bytes, box: bytes, aad: bytes) -> bytes:
    """The content. Raises ``personal.box_broken`` unless key, box and ``aad`` belong together."""
    cipher = _ALGORITHMS.get(box[0]) if len(box) > IV_BYTES + TAG_BYTES else None
    if cipher is None:
        raise Problem("personal.box_broken")
    iv, ct, tag = box[1 : 1 + IV_BYTES], box[1 + IV_BYTES : -TAG_BYTES], box[-TAG_BYTES:]
    try:
        return open_sealed(key, Sealed(iv, ct, tag), aad, cipher)
    except Problem:
        raise Problem("personal.box_broken") from None
