"""Sealing personal values under one data key a batch, which only the platform opens.

SM4-GCM and SM2 in the national profile; AES-128-GCM and HPKE (RFC 9180) in the overseas one.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Collection, Mapping
from typing import Any, Final

import gmssl_pyx
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import load_der_public_key

from tanzhang_client.keys import P256, SM2, PublicKey

#: Where a value may be sealed: the person, and the plain id of a shared thing.
POINTERS: Final = ("/subject", "/data/item_key")

_IV_BYTES: Final = 12
_KEY_BYTES: Final = 16
_TAG_BYTES: Final = 16

_HPKE: Final = hpke.Suite(hpke.KEM.P256, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_128_GCM)


def sealed_batch(
    events: list[dict[str, Any]], partner: str, key: PublicKey, pointers: Collection[str]
) -> dict[str, Any]:
    """A batch whose values at the pointers only the holder of ``key`` can read.

    Each value has an initial vector of its own and is bound to its partner, source, event and
    place, so that none can be moved elsewhere.
    """
    data_key = secrets.token_bytes(_KEY_BYTES)
    seal = _sm4 if key.profile == SM2 else _aes

    def sealed(event: Mapping[str, Any]) -> dict[str, Any]:
        context = f"{partner}|{event['source']}|{event['id']}|"
        result, data = dict(event), dict(event["data"])
        if "/subject" in pointers:
            result["subject"] = seal(data_key, str(event["subject"]), f"{context}/subject")
        if "/data/item_key" in pointers and "item_key" in data:
            data["item_key"] = seal(data_key, str(data["item_key"]), f"{context}/data/item_key")
        return result | {"data": data}

    return {
        "kid": key.key_id,
        "ek": _base64(_wrapped(key, data_key)),
        "events": [sealed(event) for event in events],
    }


def _wrapped(key: PublicKey, data_key: bytes) -> bytes:
    if key.profile == SM2:
        return bytes(gmssl_pyx.sm2_encrypt(key.point, data_key))
    point = load_der_public_key(key.der)
    assert isinstance(point, EllipticCurvePublicKey)
    return _HPKE.encrypt(data_key, point, P256.encode())


def _sm4(key: bytes, plain: str, context: str) -> dict[str, str]:
    iv = secrets.token_bytes(_IV_BYTES)
    text, tag = gmssl_pyx.sm4_gcm_encrypt(key, iv, context.encode(), plain.encode())
    return _field("SM4-GCM", iv, text, tag)


def _aes(key: bytes, plain: str, context: str) -> dict[str, str]:
    iv = secrets.token_bytes(_IV_BYTES)
    both = AESGCM(key).encrypt(iv, plain.encode(), context.encode())
    return _field("AES-128-GCM", iv, both[:-_TAG_BYTES], both[-_TAG_BYTES:])


def _field(name: str, iv: bytes, text: bytes, tag: bytes) -> dict[str, str]:
    return {"enc": name, "iv": _base64(iv), "ct": _base64(text), "tag": _base64(tag)}


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
