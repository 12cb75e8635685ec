"""Each nonce is good once: it is burnt, durably, when its signature was found right."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from django.db import connection

from tanzhang.problems import Problem

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

#: How far a request's instant may lie from the server's clock.
OLDEST: Final = timedelta(seconds=300)
AHEAD: Final = timedelta(seconds=60)

#: How much longer a nonce is kept than its request could come: clocks of two machines differ.
MARGIN: Final = timedelta(seconds=300)


def is_in_window(ts: int, now: datetime) -> bool:
    """Whether a request signed at ``ts`` (unix seconds) may be looked at: not too old or early."""
    return -AHEAD <= (now - EPOCH) - timedelta(seconds=ts) <= OLDEST


def is_burnt(partner_id: int, nonce: str) -> bool:
    """Whether a nonce is used up; asking changes nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select from used_nonce where partner_id = %s and nonce = %s", [partner_id, nonce]
        )
        return cursor.fetchone() is not None


def burn_nonce(partner_id: int, nonce: str, ts: int) -> None:
    """Use up a nonce of a request that was signed at ``ts``; it stays used up after a crash.

    Call it outside any transaction: what is undone was not burnt. Raises
    ``partners.nonce_replayed``.
    """
    if connection.in_atomic_block:
        raise RuntimeError("a nonce that is burnt in a transaction may be undone with it")
    expires_at = EPOCH + timedelta(seconds=ts) + OLDEST + MARGIN
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into used_nonce (partner_id, nonce, expires_at) values (%s, %s, %s)"
            " on conflict do nothing",
            [partner_id, nonce, expires_at],
        )
        if cursor.rowcount == 0:
            raise Problem("partners.nonce_replayed")
