"""The meals that honest citizens order without cutlery."""

from __future__ import annotations

import numpy as np
import polars as pl

from tanzhang.workbench.city.draws import happens
from tanzhang.workbench.farm.honest.day import Day
from tanzhang.workbench.farm.rows import rows

_DELIVERED = 2


def orders(rng: np.random.Generator, today: Day) -> pl.DataFrame:
    """Meals of the day, some at night; now and then one is cancelled before it is delivered."""
    who = today.who
    me = np.flatnonzero(today.goes(rng, 240))
    count = len(me)
    late = who.night_worker[me] & happens(rng, 600, count)
    return rows(
        "take-away",
        midnight=today.midnight,
        start_s=np.where(
            late, rng.integers(0, 5 * 3600, count), rng.integers(11 * 3600, 21 * 3600, count)
        ),
        lasts_s=0,
        day=today.number,
        person=today.called(me),
        truth=[f"order-{name}-{today.number}" for name in today.called(me)],
        grade=2,
        item_key=[f"order-{name}-{today.number}" for name in today.called(me)],
        in_orders=1,
        sig_order_state=_DELIVERED,
        sig_paid_fen=(who.meal_fen[me] * np.exp(rng.normal(0, 0.35, count)))
        .astype(np.int64)
        .clip(350, None),
        sig_refunded_fen=0,
        sig_payment=today.purses(me),
        sig_device=today.phones(me),
        sig_attestation=who.attestation[me],
        sig_network=today.networks(me),
        withdrawn_after=today.withdrawn(rng, 6, np.full(count, 1)),
    )
