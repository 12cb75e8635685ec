"""PCA1, the profile by which partners and platform sign what they send each other.

What is signed is a string of lines, each ended by a line feed, in UTF-8. The first names profile
and direction, so that a signature can neither be weakened to another algorithm nor be sent back.
The last is the lower-hex digest of the exact bytes of the body, where there is one.

============ ======================================================================================
request      label · method, upper case · raw path · raw query without ``?`` · host, lower case,
             without a default port · unix seconds · nonce · partner · key id · idempotency key or
             nothing · content type without parameters or nothing · digest
response     label ``-RES`` · status · the request's nonce · request id · unix seconds · key id ·
             digest
event        label ``-EVT`` · delivery id · unix seconds · endpoint id · key id · digest
entry        label ``-ENTRY`` · host · unix seconds · nonce · partner · key id · person · phone
============ ======================================================================================
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from enum import StrEnum

from tanzhang.crypto.digests import sha256, sm3
from tanzhang.crypto.keys import Algorithm
from tanzhang.crypto.sealing import Cipher
from tanzhang.problems import Problem

#: Longest header that is looked at.
MOST_HEADER_CHARACTERS = 1024

_SCHEME = re.compile(r"([A-Z0-9-]{1,40}) +(\S.*)")
_PARAMETER = re.compile(r'([a-z]+)="([^"\\]*)"')
_SHAPES = {
    "partner": re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"),
    "key": re.compile(r"[0-9A-F]{8,40}"),
    "ts": re.compile(r"0|[1-9][0-9]{0,11}"),
    "nonce": re.compile(r"[0-9a-f]{32}"),
    "sig": re.compile(r"[A-Za-z0-9+/]{8,200}={0,2}"),
}
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Profile(StrEnum):
    """Which algorithms a request is signed, digested and sealed with."""

    SM2 = "PCA1-SM2-SM3"
    P256 = "PCA1-ES256-SHA256"

    @property
    def algorithm(self) -> Algorithm:
        """Of the keys that sign and wrap."""
        return Algorithm.SM2 if self is Profile.SM2 else Algorithm.P256

    @property
    def cipher(self) -> Cipher:
        """Of sealed fields."""
        return Cipher.SM4_GCM if self is Profile.SM2 else Cipher.AES_128_GCM

    def digest(self, data: bytes) -> str:
        """The profile's digest in lower hex."""
        return (sm3(data) if self is Profile.SM2 else sha256(data)).hex()


@dataclass(frozen=True, slots=True)
class Authorization:
    """What a request's ``Authorization`` header says."""

    profile: Profile
    partner: str
    key: str
    ts: int
    nonce: str
    sig: bytes

    def header(self) -> str:
        """The header's value."""
        sig = base64.b64encode(self.sig).decode("ascii")
        return (
            f'{self.profile.value} partner="{self.partner}",key="{self.key}",'
            f'ts="{self.ts}",nonce="{self.nonce}",sig="{sig}"'
        )


def parse_authorization(header: str) -> Authorization:
    """Reads the header: each parameter once, in any order. Raises ``pca1.header_malformed``."""
    scheme = _SCHEME.fullmatch(header) if len(header) <= MOST_HEADER_CHARACTERS else None
    if not scheme or scheme[1] not in set(Profile):
        raise Problem("pca1.header_malformed")
    given: dict[str, str] = {}
    for part in scheme[2].split(","):
        parameter = _PARAMETER.fullmatch(part.strip(" "))
        if not parameter or parameter[1] in given:
            raise Problem("pca1.header_malformed")
        given[parameter[1]] = parameter[2]
    fits = given.keys() == _SHAPES.keys() and all(
        shape.fullmatch(given[name]) for name, shape in _SHAPES.items()
    )
    if not fits:
        raise Problem("pca1.header_malformed")
    return Authorization(
        profile=Profile(scheme[1]),
        partner=given["partner"],
        key=given["key"],
        ts=int(given["ts"]),
        nonce=given["nonce"],
        sig=_decoded(given["sig"]),
    )


def request_string(
    profile: Profile,
    *,
    method: str,
    path: str,
    query: str,
    host: str,
    ts: int,
    nonce: str,
    partner: str,
    key: str,
    idempotency_key: str,
    content_type: str,
    body: bytes,
) -> bytes:
    """The twelve lines of a request. Raises ``pca1.line_malformed`` if one would hold a control."""
    return _lines(
        profile.value,
        method.upper(),
        path,
        query,
        _host(host),
        str(ts),
        nonce,
        partner,
        key,
        idempotency_key,
        content_type.partition(";")[0].strip(),
        profile.digest(body),
    )


def response_string(
    profile: Profile,
    *,
    status: int,
    request_nonce: str,
    request_id: str,
    ts: int,
    key: str,
    body: bytes,
) -> bytes:
    """The seven lines of a response."""
    return _lines(
        f"{profile.value}-RES",
        str(status),
        request_nonce,
        request_id,
        str(ts),
        key,
        profile.digest(body),
    )


def event_string(
    profile: Profile, *, delivery_id: str, ts: int, endpoint_id: str, key: str, body: bytes
) -> bytes:
    """The six lines of a webhook's delivery."""
    return _lines(
        f"{profile.value}-EVT", delivery_id, str(ts), endpoint_id, key, profile.digest(body)
    )


def entry_string(
    profile: Profile,
    *,
    host: str,
    ts: int,
    nonce: str,
    partner: str,
    key: str,
    person: str,
    phone: str,
    claims: str = "",
) -> bytes:
    """The eight lines of a link by which a partner sends one person to us; phone may be empty.

    A ninth line follows if the partner vouches for something else besides.
    """
    lines = [f"{profile.value}-ENTRY", _host(host), str(ts), nonce, partner, key, person, phone]
    return _lines(*lines, *([claims] if claims else []))


def _lines(*lines: str) -> bytes:
    """Lines, each ended; a line that held a line feed could pass for two."""
    if any(_CONTROL.search(line) for line in lines):
        raise Problem("pca1.line_malformed")
    return "".join(f"{line}\n" for line in lines).encode()


def _host(host: str) -> str:
    """A host in lower case, without the port that its scheme has anyway."""
    lower = host.lower()
    return re.sub(r":(443|80)$", "", lower)


def _decoded(sig: str) -> bytes:
    """Base64 in its one form."""
    try:
        decoded = base64.b64decode(sig, validate=True)
    except binascii.Error:
        raise Problem("pca1.header_malformed") from None
    if base64.b64encode(decoded).decode("ascii") != sig:
        raise Problem("pca1.header_malformed")
    return decoded
