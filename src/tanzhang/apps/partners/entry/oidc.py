"""OpenID Connect: a partner's identity provider says which of the partner's people has come.

Authorization code with PKCE, ``state`` and ``nonce`` (OpenID Connect Core 1.0, RFC 7636, RFC 9700).
What the provider sends is believed only if its published key signed it, for us, for this visit and
not long ago. Its addresses come from its own discovery document; each is called as carefully as a
partner's webhook, because the partner chose it.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

import httpx
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from tanzhang.apps.partners.agreements import agreement
from tanzhang.apps.partners.entry.providers import Provider
from tanzhang.apps.partners.models import AgreementKind, Standing
from tanzhang.apps.partners.standing import standing
from tanzhang.apps.partners.webhooks.addresses import destination
from tanzhang.apps.partners.webhooks.endpoints import may_be_private
from tanzhang.problems import Problem

#: Signatures of an id_token that are believed; ``none`` and shared secrets are not among them.
ALGORITHMS: Final = ("RS256", "PS256", "ES256")

#: How far the provider's clock may be from ours, in seconds.
LEEWAY_S: Final = 60

#: The most bytes of an answer that are read.
MOST_BYTES: Final = 256 * 1024

TIMEOUT: Final = httpx.Timeout(5.0)

log = logging.getLogger("tanzhang.partners")


@dataclass(frozen=True, slots=True)
class Visit:
    """What our side must remember between leaving for the provider and coming back."""

    partner: str
    state: str
    nonce: str
    verifier: str
    callback: str

    def as_kept(self) -> dict[str, str]:
        """As a session keeps it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Vouched:
    """Whom the provider vouches for; ``phone`` only if it has checked the number itself.

    ``claims`` is everything that it said in its signed token, for ``claims_in``.
    """

    person: str
    phone: str | None
    claims: Mapping[str, Any] = field(default_factory=dict, repr=False)


def begin(provider: Provider, callback: str) -> tuple[str, Visit]:
    """The address of the provider to which a person is sent, and what is to be remembered.

    Raises ``partners.oidc_unreachable`` and what ``check_served`` raises.
    """
    check_served(provider)
    visit = Visit(
        partner=provider.partner.code,
        state=secrets.token_urlsafe(24),
        nonce=secrets.token_urlsafe(24),
        verifier=secrets.token_urlsafe(48),
        callback=callback,
    )
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": callback,
        "scope": "openid phone",
        "state": visit.state,
        "nonce": visit.nonce,
        "code_challenge": create_s256_code_challenge(visit.verifier),
        "code_challenge_method": "S256",
    }
    with _client() as client:
        address = _text(_discovered(client, provider), "authorization_endpoint")
    mark = "&" if "?" in address else "?"
    return f"{address}{mark}{urlencode(asked)}", visit


def finish(provider: Provider, visit: Visit, said: Mapping[str, str]) -> Vouched:
    """Whom the provider vouches for, by what it sent along with the person coming back.

    Raises ``partners.oidc_refused`` for whatever is not exactly as it should be, and
    ``partners.oidc_unreachable``.
    """
    check_served(provider)
    state, code = said.get("state", ""), said.get("code", "")
    if not (code and secrets.compare_digest(state.encode(), visit.state.encode())):
        raise Problem("partners.oidc_refused")
    if said.get("iss", provider.issuer) != provider.issuer:  # RFC 9207
        raise Problem("partners.oidc_refused")
    with _client() as client:
        found = _discovered(client, provider)
        token = _exchanged(client, provider, visit, code, _text(found, "token_endpoint"))
        keys = _asked(client, "GET", _text(found, "jwks_uri"))
    return _believed(provider, visit, token, keys)


def check_served(provider: Provider) -> None:
    """Raise unless the partner is served and may hand its people over.

    That is ``partners.partner_suspended`` and ``partners.agreement_missing``.
    """
    if standing(provider.partner.id) is not Standing.ACTIVE:
        raise Problem("partners.partner_suspended", partner=provider.partner.code)
    agreement(provider.partner.id, AgreementKind.HAND_OVER)


def _believed(
    provider: Provider, visit: Visit, token: Mapping[str, Any], keys: Mapping[str, Any]
) -> Vouched:
    try:
        held = KeySet.import_key_set({"keys": keys["keys"]})
        opened = jwt.decode(str(token["id_token"]), held, algorithms=[*ALGORITHMS])
        claims = CodeIDToken(
            opened.claims,
            opened.header,
            options={
                "iss": {"essential": True, "value": provider.issuer},
                "aud": {"essential": True, "value": provider.client_id},
            },
            params={
                "nonce": visit.nonce,
                "client_id": provider.client_id,
                "access_token": token.get("access_token"),
            },
        )
        claims.validate(leeway=LEEWAY_S)
    except (JoseError, KeyError, TypeError, ValueError):
        raise Problem("partners.oidc_refused") from None
    person, phone = claims.get("sub"), claims.get("phone_number")
    if not (isinstance(person, str) and 0 < len(person) <= 200 and person.isprintable()):
        raise Problem("partners.oidc_refused")
    checked = claims.get("phone_number_verified") is True and isinstance(phone, str)
    return Vouched(person, phone if checked else None, dict(claims))


def _exchanged(
    client: httpx.Client, provider: Provider, visit: Visit, code: str, address: str
) -> dict[str, Any]:
    """The provider's tokens for a code; the secret goes as the client's password (basic)."""
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": visit.callback,
        "code_verifier": visit.verifier,
    }
    try:
        auth = (provider.client_id, provider.secret())
    except Problem:
        log.error("A client secret cannot be read.", extra={"partner": provider.partner.code})
        raise Problem("partners.oidc_unreachable") from None  # citizens need no path of ours
    return _asked(client, "POST", address, data=fields, auth=auth)


def _discovered(client: httpx.Client, provider: Provider) -> dict[str, Any]:
    """The provider's own description; it must be of the issuer that the operator named."""
    address = provider.issuer.rstrip("/") + "/.well-known/openid-configuration"
    found = _asked(client, "GET", address)
    if found.get("issuer") != provider.issuer:
        raise Problem("partners.oidc_refused")
    return found


def _asked(client: httpx.Client, method: str, address: str, **what: Any) -> dict[str, Any]:
    """An answer of the provider as an object. A 4xx is a refusal, anything else a failure."""
    try:
        where = destination(address, may_be_private=may_be_private())
        with client.stream(
            method,
            where.url,
            headers={"Host": where.host, "Accept": "application/json"},
            extensions={"sni_hostname": where.name},
            **what,
        ) as answer:
            read = b"".join(_within(answer))
        if answer.is_client_error:
            raise Problem("partners.oidc_refused")
        answer.raise_for_status()
        found = httpx.Response(200, content=read).json()
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        raise Problem("partners.oidc_unreachable") from error
    if not isinstance(found, dict):
        raise Problem("partners.oidc_unreachable")
    return found


def _within(answer: httpx.Response) -> list[bytes]:
    parts, size = [], 0
    for part in answer.iter_bytes():
        size += len(part)
        if size > MOST_BYTES:
            raise Problem("partners.oidc_unreachable")
        parts.append(part)
    return parts


def _text(found: Mapping[str, Any], name: str) -> str:
    value = found.get(name)
    if not isinstance(value, str):
        raise Problem("partners.oidc_unreachable")
    return value


def _client() -> httpx.Client:
    """No redirects, no proxies of the environment."""
    return httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False)
