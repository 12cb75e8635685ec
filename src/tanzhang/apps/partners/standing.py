"""Switching a partner off and on: a row of history each, and the next call knows it.

Nothing of another partner is touched, and nothing that was accepted: balances stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners.agreements import lock_partner
from tanzhang.apps.partners.models import Standing
from tanzhang.problems import Problem

#: What may follow what; closing is for ever.
FOLLOWS: Final = {
    Standing.ACTIVE: {Standing.SUSPENDED, Standing.CLOSED},
    Standing.SUSPENDED: {Standing.ACTIVE, Standing.CLOSED},
    Standing.CLOSED: frozenset[Standing](),
}


@dataclass(frozen=True, slots=True)
class StandingChange:
    """One change of a partner's standing."""

    at: datetime
    standing: Standing
    reason: str
    changed_by: str


def suspend(partner_id: int, *, reason: str, by: str) -> None:
    """Serve a partner no longer, until it is resumed. Raises ``partners.standing_unfit``."""
    _change(partner_id, Standing.SUSPENDED, reason, by)


def resume(partner_id: int, *, reason: str, by: str) -> None:
    """Serve a suspended partner again. Raises ``partners.standing_unfit``."""
    _change(partner_id, Standing.ACTIVE, reason, by)


def close(partner_id: int, *, reason: str, by: str) -> None:
    """Serve a partner never again. Raises ``partners.standing_unfit``."""
    _change(partner_id, Standing.CLOSED, reason, by)


def standing(partner_id: int) -> Standing:
    """Whether a partner is served now."""
    changes = standing_changes(partner_id)
    return changes[-1].standing if changes else Standing.ACTIVE


def refuse_unserved(now: Standing, partner: str) -> None:
    """Raises ``partners.partner_suspended`` or ``partners.partner_closed``."""
    if now is not Standing.ACTIVE:
        raise Problem(f"partners.partner_{now.value}", partner=partner)


def standing_changes(partner_id: int) -> list[StandingChange]:
    """How a partner's standing changed, the oldest first; without any it was always active."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select at, standing, reason, changed_by from partner_standing"
            " where partner_id = %s order by id",
            [partner_id],
        )
        return [
            StandingChange(at, Standing(now), reason, by)
            for at, now, reason, by in cursor.fetchall()
        ]


def standings() -> dict[int, Standing]:
    """The standing of every partner that ever changed it; all others are active."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select distinct on (partner_id) partner_id, standing from partner_standing"
            " order by partner_id, id desc"
        )
        return {number: Standing(now) for number, now in cursor.fetchall()}


def _change(partner_id: int, wanted: Standing, reason: str, by: str) -> None:
    with bulk_transaction() as cursor:
        lock_partner(cursor, partner_id)
        now = standing(partner_id)
        if wanted not in FOLLOWS[now]:
            raise Problem("partners.standing_unfit", now=now.value, wanted=wanted.value)
        cursor.execute(
            "insert into partner_standing (partner_id, standing, reason, changed_by)"
            " values (%s, %s, %s, %s)",
            [partner_id, wanted.value, reason, by],
        )
