"""Tickets bought for the reward alone.

- ``buy_refund``: pay, collect, and take the money back 1 to 45 days later, rather when the points
  have become available: some always after as many days, some whenever it suits them;
- ``loop``: in and out at one station;
- ``hops``: one station there and back all day long;
- ``lent_codes``: one person passes the gates with the codes of many accounts, one after another;
- ``paid_only``: a low fare paid, a long ride claimed, no gate passed.
"""

from __future__ import annotations

from random import Random

from tanzhang.workbench.farm.cheats import Row, Today, act, between, pick
from tanzhang.workbench.farm.people import Cheat

VARIANTS = ("buy_refund", "loop", "hops", "lent_codes", "paid_only")
_HOUR = 3600


def skill(rng: Random, variant: str) -> dict[str, int]:
    """What somebody who cheats so keeps to, drawn once."""
    return {
        "rides": {
            "buy_refund": between(rng, 1, 5),
            "loop": between(rng, 2, 14),
            "hops": between(rng, 6, 22),
            "lent_codes": 2,
            "paid_only": between(rng, 2, 5),
        }[variant],
        "station": between(rng, 0, 110),
        "hops": between(rng, 4, 14),
        "leaves_s": between(rng, 6 * _HOUR, 9 * _HOUR),
        "refund_day": between(rng, 1, 45),
        "refund_blur": pick(rng, {2: 60, 44: 40}),
        "a_zone_fen": between(rng, 0, 30),  # the tariff asks for 100
    }


def habit(cheat: Cheat, today: Today) -> list[Row]:
    """The tickets of one day."""
    if today.rng.random() < 0.12:
        return []
    gap = 50_000 // cheat.skill["rides"]
    starts = [
        cheat.skill["leaves_s"] + gap * n + today.rng.randint(0, gap // 3)
        for n in range(cheat.skill["rides"])
    ]
    made = {
        "buy_refund": _buy_refund,
        "loop": _loop,
        "hops": _hop,
        "lent_codes": _lent,
        "paid_only": _paid_only,
    }[cheat.variant]
    return [made(cheat, today, start, number) for number, start in enumerate(starts)]


def _ticket(
    cheat: Cheat, today: Today, start: int, lasts: int, distance: int, **columns: int | str
) -> Row:
    told: Row = {
        "sig_gate": 3,
        "sig_refunded_fen": 0,
        "sig_payment": cheat.payment,
        "sig_device": cheat.phone,
        **columns,
    }
    return act(cheat, today, "metro", start, lasts, in_mode=0, in_distance_m=distance, **told)


def _buy_refund(cheat: Cheat, today: Today, start: int, _number: int) -> Row:
    """Told when the ticket is paid; the refund follows, as a withdrawal."""
    rng, hops = today.rng, cheat.skill["hops"]
    distance = hops * between(rng, 1_000, 1_400)
    row = _ticket(
        cheat, today, start, hops * 130 + between(rng, 200, 500), distance,
        partner="farm-bank", grade=1, sig_gate=0, sig_stations=hops,
        sig_paid_fen=200 + distance // 4000 * 100,
        sig_place_from=f"station-{cheat.skill['station']}",
        sig_place_to=f"station-{cheat.skill['station'] + hops}",
    )  # fmt: skip
    later = cheat.skill["refund_day"] + between(
        rng, -cheat.skill["refund_blur"], cheat.skill["refund_blur"]
    )
    return row | {"withdrawn_after": min(max(later, 1), 45)}


def _loop(cheat: Cheat, today: Today, start: int, _number: int) -> Row:
    """A gate that knows no distance makes the partner tell an average one."""
    rng, here = today.rng, f"station-{cheat.skill['station']}"
    return _ticket(
        cheat, today, start, between(rng, 60, 1_500), between(rng, 3_000, 8_000),
        sig_stations=0, sig_paid_fen=200, sig_place_from=here, sig_place_to=here,
    )  # fmt: skip


def _hop(cheat: Cheat, today: Today, start: int, number: int) -> Row:
    rng = today.rng
    ends = [f"station-{cheat.skill['station'] + n}" for n in (0, 1)]
    ends = ends if number % 2 == 0 else ends[::-1]
    return _ticket(
        cheat, today, start, between(rng, 150, 420), between(rng, 950, 1_900),
        sig_stations=1, sig_paid_fen=200, sig_place_from=ends[0], sig_place_to=ends[1],
    )  # fmt: skip


def _lent(cheat: Cheat, today: Today, _start: int, number: int) -> Row:
    """The gang's walker passes the gate for everybody within seconds."""
    rng = Random(f"{cheat.gang}-{today.number}-{number}")  # noqa: S311 - repeatable chance
    hops, station = rng.randint(3, 12), rng.randint(0, 110)
    start = 7 * _HOUR + number * 36_000 + rng.randint(0, 7_000)
    lasts, distance = hops * 130 + rng.randint(200, 500), hops * rng.randint(1_000, 1_400)
    own = today.rng.randint(0, 55)
    return _ticket(
        cheat, today, start // 60 * 60 + own, lasts, distance, sig_stations=hops,
        sig_paid_fen=200 + distance // 4000 * 100,
        sig_place_from=f"station-{station}", sig_place_to=f"station-{station + hops}",
    )  # fmt: skip


def _paid_only(cheat: Cheat, today: Today, start: int, _number: int) -> Row:
    rng = today.rng
    distance = between(rng, 12_000, 24_000)
    hops = distance // between(rng, 1_100, 1_600)
    return _ticket(
        cheat, today, start, hops * between(rng, 100, 150), distance,
        partner="farm-bank", grade=1, sig_gate=0, sig_stations=hops,
        sig_paid_fen=200 + distance // 4000 * cheat.skill["a_zone_fen"],
        sig_place_from=f"station-{cheat.skill['station']}",
        sig_place_to=f"station-{cheat.skill['station'] + hops}",
    )  # fmt: skip
