"""A request on its way through the gate, and what a view may rely on once it is through."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from django.http import HttpRequest

from tanzhang.apps.partners.api import AgreementEntry, Caller, Counts, QuotaState
from tanzhang.crypto import Authorization, Profile, sm3
from tanzhang.surfaces.partner_api.gate.sent import Sent, nonce_of

_CALL = "tanzhang.partner_call"
_VISIT = "tanzhang.partner_visit"


@dataclass(frozen=True, slots=True)
class Call:
    """An authenticated request of a partner: who asks, and the very bytes that he signed."""

    sent: Sent
    authorization: Authorization
    caller: Caller
    body: bytes
    canonical: bytes
    received_us: int
    agreement: AgreementEntry | None = None  #: under which it is let in, where it needs one

    @property
    def digest(self) -> bytes:
        """SM3 of all that is asked for; equal for a repetition, whenever it was signed."""
        sent = self.sent
        asked = "\n".join((sent.method, sent.path, sent.query, sent.media_type, ""))
        return sm3(asked.encode() + self.body)


@dataclass(slots=True)
class Visit:
    """What is known of a request so far, for its answer and for the book of calls."""

    profile: Profile = Profile.SM2
    nonce: str = "-"
    caller: Caller | None = None
    is_proven: bool = False  #: its signature is the caller's
    endpoint: str = ""
    quota: QuotaState | None = None
    code: str = ""
    counts: Counts = field(default_factory=Counts)
    started_s: float = field(default_factory=time.perf_counter)

    @classmethod
    def of(cls, request: HttpRequest) -> Visit:
        """A visit that has just begun."""
        header = request.META.get("HTTP_AUTHORIZATION", "")
        named = [profile for profile in Profile if header.startswith(f"{profile.value} ")]
        return cls(profile=named[0] if named else Profile.SM2, nonce=nonce_of(request.META))

    @property
    def duration_ms(self) -> int:
        """Since its beginning."""
        return round((time.perf_counter() - self.started_s) * 1000)


def attach(request: HttpRequest, call: Call, visit: Visit) -> None:
    """Lets the views see the call."""
    request.META[_CALL], request.META[_VISIT] = call, visit


def call_of(request: HttpRequest) -> Call:
    """The call of an authenticated request. The gate lets none through without."""
    call = request.META[_CALL]
    assert isinstance(call, Call)
    return call


def note_counts(request: HttpRequest, counts: Counts) -> None:
    """What became of the items that a call brought, for the book of calls."""
    request.META[_VISIT].counts = counts
