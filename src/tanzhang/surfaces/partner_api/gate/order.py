"""The checks, in the order in which they are documented; each raises the problem that it finds.

Until a signature was found good no body is parsed and nothing is changed; what is looked up before
that is the caller's key alone. A call that names a known key and is badly signed is written into
that partner's book, where its people look for their mistakes, but only so many of each network
address (``may_note``): whoever knows a key's id must not be able to fill the book.
"""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port, validate_host

from tanzhang.apps.partners import api as partners
from tanzhang.apps.people import api as people
from tanzhang.config.requests import address_of
from tanzhang.crypto import Authorization, Profile, parse_authorization, request_string, sm3
from tanzhang.problems import Problem
from tanzhang.surfaces.partner_api.gate.addresses import AddressLimit
from tanzhang.surfaces.partner_api.gate.call import Call, Visit
from tanzhang.surfaces.partner_api.gate.sent import Sent, read_sent
from tanzhang.surfaces.partner_api.rules import Rule

#: Of this process.
limit = AddressLimit()

#: Unproven calls of an address that are written into a partner's book: some at once, some a day.
noted = AddressLimit(burst=20, per_second=1 / 600)


def let_in(request: HttpRequest) -> Sent:
    """What holds for everybody, also for those who need no signature: size, syntax, host, TLS."""
    sent = read_sent(request.META)
    allowed = settings.ALLOWED_HOSTS
    if not validate_host(split_domain_port(sent.host.lower())[0], allowed):
        raise Problem("gate.host_unknown")
    if settings.SECURE_SSL_REDIRECT and not request.is_secure():
        raise Problem("gate.https_required")
    return sent


def authenticate(request: HttpRequest, sent: Sent, visit: Visit) -> Call:
    """Who signed this request. Its nonce is used up when this returns."""
    header = request.META.get("HTTP_AUTHORIZATION", "")
    if not header.startswith("PCA1-"):
        raise Problem("gate.sig_missing")
    said = parse_authorization(header)
    address = address_of(request)
    limit.take(address)
    caller = visit.caller = partners.caller(said.partner, said.key)
    if said.profile.algorithm is not caller.algorithm:
        raise Problem("gate.algorithm_not_allowed")
    _in_window(said.ts)
    body = _body(request, sent)
    received_us = _in_window(said.ts)  # once more: a body may be long on its way
    canonical = _canonical(sent, said, body)
    if not caller.key.verify(canonical, said.sig):
        raise Problem("gate.sig_invalid", **_hint(canonical))
    visit.is_proven = True
    limit.give_back(address)
    partners.burn_nonce(caller.partner.id, said.nonce, said.ts)
    return Call(sent, said, caller, body, canonical, received_us)


def admit(call: Call, rule: Rule, visit: Visit) -> Call:
    """Whether the caller may do this, and this often; the call with its agreement."""
    partner_id = call.caller.partner.id
    if not rule.agreement:
        visit.quota = partners.allow(partner_id, rule.name)
        return call
    agreed = partners.agreement(partner_id, partners.AgreementKind(rule.agreement))
    visit.quota = partners.allow(partner_id, rule.name, agreed.calls_a_minute)
    return replace(call, agreement=agreed)


def may_note(request: HttpRequest, visit: Visit) -> bool:
    """Whether a call goes into the book: every proven one, and a few others of each address."""
    try:
        if not visit.is_proven:
            noted.take(address_of(request))
    except Problem:
        return False
    return True


def count_stranger(request: HttpRequest) -> None:
    """Counts a request that needs no signature against its network address."""
    limit.take(address_of(request))


def _in_window(ts: int) -> int:
    """The instant now, in microseconds. Raises if what was signed at ``ts`` is too old or early."""
    now_us = time.time_ns() // 1000
    now = datetime.fromtimestamp(now_us // 1_000_000, UTC)
    if not partners.is_in_window(ts, now):
        raise Problem("gate.timestamp_out_of_window", server_time=int(now.timestamp()))
    return now_us


def _body(request: HttpRequest, sent: Sent) -> bytes:
    """The announced bytes. Raises if fewer came, or if they are not those of ``Content-Digest``."""
    try:
        body = request.read(sent.length) if sent.length else b""
    except OSError as error:  # the connection broke
        raise Problem("gate.body_truncated") from error
    if len(body) < sent.length:
        raise Problem("gate.body_truncated")
    if not sent.says_digest_of(body):
        raise Problem("gate.body_digest_mismatch")
    return body


def _canonical(sent: Sent, said: Authorization, body: bytes) -> bytes:
    """The twelve lines that the request should have been signed over."""
    return request_string(
        said.profile,
        method=sent.method,
        path=sent.path,
        query=sent.query,
        host=sent.host,
        ts=said.ts,
        nonce=said.nonce,
        partner=said.partner,
        key=said.key,
        idempotency_key=sent.idempotency_key,
        content_type=sent.content_type,
        body=body,
    )


def _hint(canonical: bytes) -> dict[str, object]:
    """What helps a developer where nobody is real; elsewhere nothing."""
    if not people.installation().is_fictitious:
        return {}
    return {"expected_sm3": sm3(canonical).hex(), "expected_lines": canonical.count(b"\n")}


def profiles() -> str:
    """What an unsigned request should have been signed with (``WWW-Authenticate``)."""
    return ", ".join(profile.value for profile in Profile)
