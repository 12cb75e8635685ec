"""The texts that are signed: one line a field, each ended by a line feed, nothing trimmed.

Profile PCA1, as the platform's developer pages describe it under "Sign a request".
"""

from __future__ import annotations


def request_text(
    profile: str,
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
    body_digest: str,
) -> bytes:
    """The twelve lines of a request. ``path`` and ``query`` are as sent, undecoded."""
    return _lines(
        profile,
        method.upper(),
        path,
        query,
        host.lower(),
        str(ts),
        nonce,
        partner,
        key,
        idempotency_key,
        content_type,
        body_digest,
    )


def response_text(
    profile: str,
    *,
    status: int,
    request_nonce: str,
    request_id: str,
    ts: int,
    key: str,
    body_digest: str,
) -> bytes:
    """The seven lines of an answer; the nonce binds it to one request."""
    return _lines(
        f"{profile}-RES", str(status), request_nonce, request_id, str(ts), key, body_digest
    )


def event_text(
    profile: str, *, delivery_id: str, ts: int, endpoint_id: str, key: str, body_digest: str
) -> bytes:
    """The six lines of a delivery to a partner's own address."""
    return _lines(f"{profile}-EVT", delivery_id, str(ts), endpoint_id, key, body_digest)


def _lines(*fields: str) -> bytes:
    return "".join(f"{field}\n" for field in fields).encode()
