"""A PKCS#11 token (an HSM, a KMS with such a module, SoftHSM to try it), by ``python-pkcs11``.

Two things are asked of it, both standard: ECDSA on P-256 with a key that was made inside and cannot
be taken out, and AES-256-GCM with such a key. SM2 has no mechanism in the PKCS#11 standard; what
vendors offer under numbers of their own differs from one to the next and is not used here.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pkcs11
from pkcs11 import Attribute, GCMParams, KeyType, Mechanism, ObjectClass
from pkcs11.util.ec import encode_named_curve_parameters

from tanzhang.crypto import der
from tanzhang.problems import Problem

if TYPE_CHECKING:
    from pkcs11.types import Session

_IV_BYTES = 12
_WRAPPING_BITS = 256


class Token:
    """A log-in to one token. A process that was forked off logs in anew.

    A wrong PIN is told to the token once and never again: tokens lock themselves after a few.
    """

    def __init__(self, module: str, label: str, pin: str) -> None:
        self._module, self._label, self._pin = module, label, pin
        self._lock = threading.RLock()
        self._session: Session | None = None
        self._process = 0
        self._refused = ""

    def make_signing_key(self) -> tuple[str, bytes]:
        """A P-256 key pair that stays inside: its id in hex, and its SubjectPublicKeyInfo."""
        key_id = os.urandom(16)
        curve = {Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}
        with self._logged_in("making a key") as session:
            parameters = session.create_domain_parameters(KeyType.EC, curve, local=True)
            public, _ = parameters.generate_keypair(
                store=True,
                id=key_id,
                label=f"tanzhang-{key_id.hex()[:16]}",
                private_template={Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False},
            )
            point = bytes(public[Attribute.EC_POINT])
        return key_id.hex(), der.named_point(point[-65:], der.P256_IDENTIFIER)

    def sign(self, key_id: str, message: bytes) -> bytes:
        """ES256 in DER. Raises ``crypto.token_failed``."""
        digest = hashlib.sha256(message).digest()
        with self._logged_in("signing") as session:
            key: Any = session.get_key(
                object_class=ObjectClass.PRIVATE_KEY, id=bytes.fromhex(key_id)
            )
            raw = bytes(key.sign(digest, mechanism=Mechanism.ECDSA))
        return der.signature_of(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))

    def wrap(self, label: str, secret: bytes, aad: bytes) -> bytes:
        """IV ‖ ciphertext ‖ tag under the token's own AES key, which is made if there is none."""
        iv = os.urandom(_IV_BYTES)
        with self._logged_in("wrapping a private key") as session:
            try:
                key: Any = session.get_key(object_class=ObjectClass.SECRET_KEY, label=label)
            except pkcs11.NoSuchKey:
                key = session.generate_key(
                    KeyType.AES,
                    _WRAPPING_BITS,
                    store=True,
                    label=label,
                    template={Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False},
                )
            sealed = key.encrypt(
                secret, mechanism=Mechanism.AES_GCM, mechanism_param=GCMParams(iv, aad, 128)
            )
        return iv + bytes(sealed)

    def unwrap(self, label: str, wrapped: bytes, aad: bytes) -> bytes:
        """The reverse. Raises ``crypto.token_failed`` if anything was changed."""
        iv, sealed = wrapped[:_IV_BYTES], wrapped[_IV_BYTES:]
        with self._logged_in("unwrapping a private key") as session:
            key: Any = session.get_key(object_class=ObjectClass.SECRET_KEY, label=label)
            opened = key.decrypt(
                sealed, mechanism=Mechanism.AES_GCM, mechanism_param=GCMParams(iv, aad, 128)
            )
        return bytes(opened)

    @contextmanager
    def _logged_in(self, doing: str) -> Iterator[Session]:
        """The session, for one operation at a time; after a failure the next one logs in anew."""
        with self._lock:
            if self._refused:
                raise Problem("crypto.token_failed", doing=doing, said=self._refused)
            try:
                yield self._opened()
            except (pkcs11.PKCS11Error, RuntimeError) as failure:
                self._session = None
                said = type(failure).__name__
                if isinstance(failure, pkcs11.PinIncorrect | pkcs11.PinLocked):
                    self._refused = said
                raise Problem("crypto.token_failed", doing=doing, said=said) from None

    def _opened(self) -> Session:
        if self._session is None or self._process != os.getpid():
            module = pkcs11.lib(self._module)
            if self._process not in (0, os.getpid()):
                module.reinitialize()  # a module does not survive a fork
            token = module.get_token(token_label=self._label)
            try:
                self._session = token.open(rw=True, user_pin=self._pin)
            except pkcs11.UserAlreadyLoggedIn:  # one log-in holds for the whole process
                self._session = token.open(rw=True)
            self._process = os.getpid()
        return self._session
