"""What a key store holds and what it tells the world."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol

from tanzhang.crypto.keys import Algorithm, PublicKey
from tanzhang.problems import Problem


class Purpose(StrEnum):
    """What a key of ours is for. One key has one purpose."""

    SIGN = "sign"  # responses, receipts, webhooks, endorsements of other keys
    ROOT = "root"  # roots of the log
    UNWRAP = "unwrap"  # data keys of batches that partners send
    PERSON = "person"  # personal keys at rest

    @property
    def signs(self) -> bool:
        """Whether such keys sign; the others open what was wrapped."""
        return self in (Purpose.SIGN, Purpose.ROOT)


class PrivateHalf(Protocol):
    """Whatever can use a private key, wherever the key is."""

    def sign(self, message: bytes) -> bytes:
        """A signature in DER."""
        ...

    def unwrap(self, wrapped: bytes) -> bytes:
        """A data key. Raises ``crypto.unwrap_failed``."""
        ...


@dataclass(frozen=True, slots=True)
class PublishedKey:
    """What anybody may know of a key. Instants are UTC.

    ``endorsement`` is the signature of the key ``endorsed_by`` over ``statement()``. A new signing
    key is endorsed by its predecessor, a new key that unwraps by the signing key of the same
    algorithm; the first key that signs for a purpose has nobody before it, and both are empty.
    """

    key_id: str
    purpose: Purpose
    algorithm: Algorithm
    pem: str
    active_from: datetime
    active_until: datetime | None
    announced_at: datetime
    endorsed_by: str = ""
    endorsement: bytes = b""

    @property
    def public(self) -> PublicKey:
        """The key itself."""
        return PublicKey(self.algorithm, self.pem)

    def is_active(self, at: datetime) -> bool:
        """Whether it is in use at an instant."""
        return self.active_from <= at and (self.active_until is None or at < self.active_until)

    def statement(self) -> bytes:
        """What an endorsement signs: purpose, algorithm, key id, beginning, the key itself."""
        lines = (
            "TANZHANG-KEY-1",
            self.purpose.value,
            self.algorithm.value,
            self.key_id,
            str(int(self.active_from.timestamp())),
            self.public.spki.hex(),
        )
        return "".join(f"{line}\n" for line in lines).encode("ascii")

    def is_endorsed_by(self, other: PublishedKey) -> bool:
        """Whether the other key vouches for this one, and may."""
        return (
            self.key_id == self.public.key_id
            and self.endorsed_by == other.key_id != self.key_id
            and other.purpose is (self.purpose if self.purpose.signs else Purpose.SIGN)
            and other.algorithm is self.algorithm
            and other.public.verify(self.statement(), self.endorsement)
        )


@dataclass(frozen=True, slots=True)
class StoredKey:
    """A key of ours, ready for use."""

    published: PublishedKey
    _half: PrivateHalf = field(repr=False)
    _clock: Callable[[], datetime] = field(repr=False, default=lambda: datetime.now(UTC))

    @property
    def key_id(self) -> str:
        """Its key id."""
        return self.published.key_id

    @property
    def purpose(self) -> Purpose:
        """What it is for."""
        return self.published.purpose

    @property
    def algorithm(self) -> Algorithm:
        """Its algorithm."""
        return self.published.algorithm

    @property
    def active_from(self) -> datetime:
        """First instant of its use."""
        return self.published.active_from

    @property
    def active_until(self) -> datetime | None:
        """First instant after its use, if it is set."""
        return self.published.active_until

    @property
    def public(self) -> PublicKey:
        """Its public half."""
        return self.published.public

    def sign(self, message: bytes) -> bytes:
        """A signature in DER.

        Raises ``crypto.purpose_wrong`` for a key that does not sign, ``crypto.key_inactive``
        before its beginning and after its end.
        """
        if not self.purpose.signs:
            raise Problem("crypto.purpose_wrong", key_id=self.key_id, purpose=self.purpose.value)
        if not self.published.is_active(self._clock()):
            raise Problem("crypto.key_inactive", key_id=self.key_id)
        return self._half.sign(message)

    def unwrap(self, wrapped: bytes) -> bytes:
        """A wrapped data key.

        After its end too: what was kept from its time stays readable. Whoever takes in something
        new asks ``published.is_active`` first. Raises ``crypto.purpose_wrong`` for a key that
        signs, ``crypto.unwrap_failed``.
        """
        if self.purpose.signs:
            raise Problem("crypto.purpose_wrong", key_id=self.key_id, purpose=self.purpose.value)
        return self._half.unwrap(wrapped)


class KeyStore(Protocol):
    """Where our own keys are."""

    def current(self, purpose: Purpose, algorithm: Algorithm = Algorithm.SM2) -> StoredKey:
        """The youngest key in use now. Raises ``crypto.key_missing``."""
        ...

    def key(self, key_id: str) -> StoredKey:
        """A key by its id, in use or not. Raises ``crypto.key_unknown``."""
        ...

    def published(self) -> list[PublishedKey]:
        """All keys, retired ones too, in the order of their beginning."""
        ...

    def create(
        self,
        purpose: Purpose,
        algorithm: Algorithm = Algorithm.SM2,
        active_from: datetime | None = None,
    ) -> StoredKey:
        """A new key, announced now and in use from that instant (now if not given)."""
        ...

    def retire(self, key_id: str, at: datetime) -> None:
        """Sets the end of a key's use. Raises ``crypto.key_unknown``."""
        ...
