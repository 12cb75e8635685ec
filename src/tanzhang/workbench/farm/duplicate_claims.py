"""One act claimed more than once. The first telling is true.

- ``two_partners``: the gate and the bank tell one metro ride;
- ``shifted``: the bank's telling is moved by an hour or two, so that the two do not overlap;
- ``two_accounts``: one bike ride told for two accounts, a few minutes apart;
- ``same_order``: one take-away order claimed by two people through two partners;
- ``renamed_order``: the same, the second under another order number.
"""

from __future__ import annotations

from random import Random

from tanzhang.workbench.farm.cheats import Row, Today, act, between, pick
from tanzhang.workbench.farm.people import HARDWARE, SOFTWARE, Cheat

VARIANTS = ("two_partners", "shifted", "two_accounts", "same_order", "renamed_order")
_HOUR = 3600
_MINUTE_US = 60_000_000


def skill(rng: Random, variant: str) -> dict[str, int]:
    """What somebody who cheats so keeps to, drawn once."""
    return {
        "attestation": pick(rng, {HARDWARE: 85, SOFTWARE: 15}),
        "hops": between(rng, 3, 13),
        "station": between(rng, 0, 110),
        "route_m": between(rng, 2_500, 9_000),
        "leaves_s": between(rng, 6 * _HOUR, 10 * _HOUR),
        "shift_min": between(rng, 8, 150),
        "rides": pick(rng, {1: 30, 2: 70}),
    }


def habit(cheat: Cheat, today: Today) -> list[Row]:
    """The acts of one day, each told twice."""
    if today.rng.random() < 0.2:
        return []
    if cheat.variant in ("two_partners", "shifted"):
        return _metro(cheat, today)
    if cheat.variant == "two_accounts":
        return _ride(cheat, today)
    return _order(cheat, today)


def _metro(cheat: Cheat, today: Today) -> list[Row]:
    rng, hops = today.rng, cheat.skill["hops"]
    found = []
    for number in range(cheat.skill["rides"]):
        start = cheat.skill["leaves_s"] + number * 36_000 + between(rng, 0, 900)
        distance, lasts = hops * between(rng, 1_000, 1_450), hops * 130 + between(rng, 200, 600)
        ends = (f"station-{cheat.skill['station']}", f"station-{cheat.skill['station'] + hops}")
        ends = ends if number == 0 else ends[::-1]
        truth = f"metro-{cheat.name}-{today.number}-{number}"
        gate = act(
            cheat, today, "metro", start, lasts, truth=truth, in_mode=0, in_distance_m=distance,
            sig_gate=3, sig_place_from=ends[0], sig_place_to=ends[1], sig_stations=hops,
            sig_paid_fen=200 + distance // 4000 * 100, sig_refunded_fen=0,
            sig_payment=cheat.payment, sig_device=cheat.phone,
        )  # fmt: skip
        shift = 0 if cheat.variant == "two_partners" else lasts + cheat.skill["shift_min"] * 60
        shift += between(rng, -60, 60) if cheat.variant == "two_partners" else between(rng, 0, 900)
        bank = gate | {
            "partner": "farm-bank",
            "grade": 1,
            "sig_gate": 0,
            "started_us": gate["started_us"] + shift * 1_000_000,
            "ended_us": gate["ended_us"] + shift * 1_000_000,
            "in_distance_m": distance * between(rng, 96, 104) // 100,
        }
        found += [gate, bank]
    return found


def _ride(cheat: Cheat, today: Today) -> list[Row]:
    """The accomplice is the cheat's own second account, on another phone."""
    rng = today.rng
    distance = cheat.skill["route_m"] * between(rng, 95, 106) // 100
    speed = between(rng, 9_500, 15_500)
    lasts = distance * 3600 // speed
    points = max(8, lasts // between(rng, 4, 9))
    first = act(
        cheat, today, "cycling", cheat.skill["leaves_s"], lasts, grade=2, in_distance_m=distance,
        truth=f"ride-{cheat.name}-{today.number}",
        sig_attestation=cheat.skill["attestation"], sig_device=cheat.phone, sig_mock_location=0,
        sig_developer_mode=0, sig_track_points=points, sig_jumps=0,
        sig_straight_permille=between(rng, 500, 920), sig_stops=between(rng, 1, 8),
        sig_speed_max_mh=speed * between(rng, 140, 190) // 100,
        sig_speed_spread_permille=between(rng, 220, 430),
        sig_motion_permille=between(rng, 640, 930), sig_vehicle=f"bike-{rng.getrandbits(40)}",
        sig_pace_print=f"pace-{rng.getrandbits(60)}",
    )  # fmt: skip
    shift = between(rng, 60, 300) * 1_000_000
    second = first | {
        "person": f"{cheat.name}-b",
        "started_us": first["started_us"] + shift,
        "ended_us": first["ended_us"] + shift,
        "in_distance_m": distance + between(rng, -60, 60),
        "sig_device": f"{cheat.phone}-b",
        "sig_track_points": points + between(rng, -3, 3),
        "sig_pace_print": f"pace-{rng.getrandbits(60)}",
        "sig_straight_permille": first["sig_straight_permille"] + between(rng, -6, 6),
    }
    return [first, second]


def _order(cheat: Cheat, today: Today) -> list[Row]:
    rng = today.rng
    number = f"order-{cheat.name}-{today.number}"
    start = between(rng, 11 * _HOUR, 20 * _HOUR)
    first = act(
        cheat, today, "take-away", start, 0, grade=2, in_orders=1, item_key=number, truth=number,
        sig_order_state=2, sig_paid_fen=between(rng, 1_400, 4_800), sig_refunded_fen=0,
        sig_payment=cheat.payment, sig_device=cheat.phone, sig_network=cheat.network,
        sig_attestation=cheat.skill["attestation"],
    )  # fmt: skip
    shift = between(rng, 0, 40) * _MINUTE_US
    second = first | {
        "person": f"{cheat.name}-b",
        "partner": "farm-bank",
        "grade": 1,
        "sig_order_state": 1,
        "sig_device": f"{cheat.phone}-b",
        "item_key": number if cheat.variant == "same_order" else f"pay-{number}",
        "started_us": first["started_us"] + shift,
        "ended_us": first["ended_us"] + shift,
    }
    return [first, second]
