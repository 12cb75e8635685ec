"""Many accounts of few people. A gang's accounts share what is dear: phones, purses, a network.

- ``one_desk``: dozens of accounts on each of a few phones, steps by script;
- ``rotating``: as many accounts to a phone as a check allows, all figures inside the ranges;
- ``phone_wall``: a genuine phone for each account, all on one machine that shakes them;
- ``carried``: somebody really walks, with five to nine phones of other accounts in the bag;
- ``brushed_orders``: orders nobody eats, paid from a few purses, by accounts opened last month.
"""

from __future__ import annotations

from random import Random

from tanzhang.workbench.farm import step_faking
from tanzhang.workbench.farm.cheats import Row, Today, act, between, pick
from tanzhang.workbench.farm.people import HARDWARE, NONE, SOFTWARE, Cheat

VARIANTS = ("one_desk", "rotating", "phone_wall", "carried", "brushed_orders")
_HOUR = 3600


def skill(rng: Random, variant: str) -> dict[str, int]:
    """What somebody who cheats so keeps to, drawn once."""
    base = step_faking.skill(rng, "script_below")
    attestation = {"one_desk": NONE, "phone_wall": HARDWARE, "carried": HARDWARE}
    return base | {
        "attestation": attestation.get(variant, pick(rng, {NONE: 30, SOFTWARE: 70})),
        "days_a_week": 7,
    }


def habit(cheat: Cheat, today: Today) -> list[Row]:
    """What one account of the gang reports on one day."""
    rng = today.rng
    if cheat.variant == "brushed_orders":
        return [_order(cheat, today, n) for n in range(between(rng, 0, 3))]
    if cheat.variant == "carried":
        return [_carried(cheat, today)] if _gang(cheat, today).random() > 0.1 else []
    if cheat.variant == "phone_wall":
        return [_wall(cheat, today)] if _gang(cheat, today).random() > 0.1 else []
    variant = "script_below" if cheat.variant == "rotating" else "script"
    twin = Cheat(**{name: getattr(cheat, name) for name in Cheat.__slots__} | {"variant": variant})
    rows = step_faking.habit(twin, today)
    return [row | {"variant": cheat.variant} for row in rows]


def _gang(cheat: Cheat, today: Today) -> Random:
    """What everybody of the gang does alike that day."""
    return Random(f"{cheat.gang}-{today.number}")  # noqa: S311 - repeatable chance


def _walked(cheat: Cheat, today: Today, steps: int, **signals: int) -> Row:
    told = {
        "sig_recording": 2,
        "sig_attestation": cheat.skill["attestation"],
        "sig_device": cheat.phone,
        "sig_network": cheat.network,
        "sig_mock_location": 0,
        **{f"sig_{name}": value for name, value in signals.items()},
    }
    lasts = between(today.rng, 21.5 * _HOUR, 23.9 * _HOUR)
    return act(cheat, today, "walking", 0, lasts, grade=2, in_steps=steps, **told)


def _wall(cheat: Cheat, today: Today) -> Row:
    """One machine with changing speed; each phone counts a little otherwise."""
    rng, gang = today.rng, _gang(cheat, today)
    steps = gang.randint(8_000, 12_500) * between(rng, 97, 103) // 100
    active = steps // gang.randint(85, 118)
    return _walked(
        cheat, today, steps,
        cadence_max=gang.randint(108, 150) + between(rng, -3, 3),
        cadence_spread=gang.randint(85, 200) + between(rng, -8, 8),
        active_min=active, bouts=gang.randint(5, 16), places=between(rng, 1, 2),
        displacement_m=between(rng, 0, 260), night_permille=between(rng, 0, 80),
    )  # fmt: skip


def _carried(cheat: Cheat, today: Today) -> Row:
    """A real walk in another account's name: all figures are a person's."""
    rng, gang = today.rng, _gang(cheat, today)
    steps = gang.randint(9_000, 19_000) * between(rng, 985, 1015) // 1000
    active = steps * 10 // gang.randint(980, 1120)
    moved = steps * gang.randint(380, 640) // 1000
    return _walked(
        cheat, today, steps,
        cadence_max=gang.randint(118, 145) + between(rng, -2, 2),
        cadence_spread=gang.randint(190, 330) + between(rng, -12, 12),
        active_min=active, bouts=gang.randint(10, 40) + between(rng, -1, 1),
        places=gang.randint(4, 12), displacement_m=moved * between(rng, 985, 1015) // 1000,
        night_permille=between(rng, 0, 60),
    )  # fmt: skip


def _order(cheat: Cheat, today: Today, number: int) -> Row:
    rng = today.rng
    return act(
        cheat, today, "take-away", between(rng, 10 * _HOUR, 22 * _HOUR), 0, grade=2, in_orders=1,
        item_key=f"order-{cheat.name}-{today.number}-{number}",
        sig_order_state=2, sig_paid_fen=between(rng, 510, 1_300), sig_refunded_fen=0,
        sig_payment=cheat.payment, sig_device=cheat.phone, sig_network=cheat.network,
        sig_attestation=cheat.skill["attestation"],
    )  # fmt: skip
