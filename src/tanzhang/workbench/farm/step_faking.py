"""Steps that nobody walked.

- ``script``: a script that writes a number into a vendor's cloud, 17,760 to 82,240 steps;
- ``script_below``: the same, written by somebody who read the pack: every figure lies inside the
  range that a check would decide by, and the steps just reach the daily limit;
- ``shaker``: a phone on a swinging machine, for hours;
- ``shaker_varied``: a machine with changing speed and pauses;
- ``shaker_carried``: the same machine in the evening, on top of a day on which its owner walked a
  little: two thirds of the steps are false, the change of place is real;
- ``several_origins``: phone, watch and an app each report the same walk, as three walks.
"""

from __future__ import annotations

from random import Random

from tanzhang.workbench.farm.cheats import Row, Today, act, between, pick
from tanzhang.workbench.farm.people import HARDWARE, NONE, SOFTWARE, Cheat

VARIANTS = (
    "script",
    "script_below",
    "shaker",
    "shaker_varied",
    "shaker_carried",
    "several_origins",
)

AUTOMATIC = 2
_HOUR = 3600


def skill(rng: Random, variant: str) -> dict[str, int]:
    """What somebody who cheats so keeps to, drawn once."""
    return {
        "attestation": {
            "script": NONE,
            "script_below": pick(rng, {NONE: 55, SOFTWARE: 45}),
        }.get(variant, HARDWARE),
        "margin": between(rng, 2, 18),  # how far inside a limit, in hundredths
        "usual": between(rng, 8_600, 12_500),
        "walked": between(rng, 1_800, 4_500),
        "days_a_week": between(rng, 5, 7),
    }


def habit(cheat: Cheat, today: Today) -> list[Row]:
    """The steps of one day."""
    rng = today.rng
    if rng.randint(1, 7) > cheat.skill["days_a_week"]:
        return []
    return {
        "script": _script,
        "script_below": _script_below,
        "shaker": _shaker,
        "shaker_varied": _shaker_varied,
        "shaker_carried": _shaker_carried,
        "several_origins": _several_origins,
    }[cheat.variant](cheat, today)


def _steps(cheat: Cheat, today: Today, steps: int, **signals: int | str | None) -> Row:
    rng = today.rng
    told = {
        "sig_recording": AUTOMATIC,
        "sig_attestation": cheat.skill["attestation"],
        "sig_device": cheat.phone,
        "sig_network": cheat.network,
        "sig_mock_location": 0,
        "sig_night_permille": between(rng, 0, 90),
        **{f"sig_{name}": value for name, value in signals.items()},
    }
    lasts = between(rng, 21.5 * _HOUR, 23.9 * _HOUR)
    return act(cheat, today, "walking", 0, lasts, grade=2, in_steps=steps, **told)


def _script(cheat: Cheat, today: Today) -> list[Row]:
    rng = today.rng
    steps = between(rng, 17_760, 82_240)
    told = pick(rng, {True: 1, False: 1})  # older scripts fill in the number and nothing else
    return [
        _steps(
            cheat,
            today,
            steps,
            cadence_max=between(rng, 110, 130) if told else None,
            cadence_spread=between(rng, 120, 260) if told else None,
            active_min=steps // between(rng, 95, 120) if told else None,
            bouts=between(rng, 8, 30) if told else None,
            places=between(rng, 1, 8) if told else None,
            displacement_m=steps * between(rng, 100, 600) // 1000 if told else None,
        )
    ]


def _script_below(cheat: Cheat, today: Today) -> list[Row]:
    """All inside what decides: pace, cadence, stride, bouts, rhythm, places."""
    rng, margin = today.rng, 100 + cheat.skill["margin"]
    steps = cheat.skill["usual"] * between(rng, 88, 112) // 100
    active = steps // between(rng, 45 * margin // 100, 185 * 100 // margin)
    return [
        _steps(
            cheat,
            today,
            steps,
            cadence_max=between(rng, 105, 240 * 100 // margin),
            cadence_spread=between(rng, 70 * margin / 100, 320),
            active_min=active,
            bouts=max(2, active // between(rng, 5, 140)),
            places=between(rng, 2, 9),
            displacement_m=steps * between(rng, 60 * margin / 100, 800) // 1000,
        )
    ]


def _shaker(cheat: Cheat, today: Today) -> list[Row]:
    rng = today.rng
    steps = between(rng, 12_000, 30_000)
    return [
        _steps(
            cheat,
            today,
            steps,
            cadence_max=between(rng, 90, 150),
            cadence_spread=between(rng, 6, 60),
            active_min=steps // between(rng, 85, 125),
            bouts=between(rng, 1, 4),
            places=1,
            displacement_m=between(rng, 0, 60),
        )
    ]


def _shaker_varied(cheat: Cheat, today: Today) -> list[Row]:
    rng = today.rng
    steps = cheat.skill["usual"] * between(rng, 75, 118) // 100
    active = steps // between(rng, 80, 120)
    return [
        _steps(
            cheat,
            today,
            steps,
            cadence_max=between(rng, 105, 160),
            cadence_spread=between(rng, 74, 190),
            active_min=active,
            bouts=max(1, active // between(rng, 10, 60)),
            places=between(rng, 1, 3),
            displacement_m=between(rng, 0, 350),
        )
    ]


def _shaker_carried(cheat: Cheat, today: Today) -> list[Row]:
    rng = today.rng
    walked = cheat.skill["walked"] * between(rng, 70, 130) // 100
    shaken = between(rng, 5_000, 8_500)
    steps = walked + shaken
    active = steps // between(rng, 85, 115)
    row = _steps(
        cheat,
        today,
        steps,
        cadence_max=between(rng, 110, 150),
        cadence_spread=between(rng, 90, 215),
        active_min=active,
        bouts=max(4, walked // 900 + between(rng, 3, 12)),
        places=between(rng, 2, 6),
        displacement_m=walked * between(rng, 350, 620) // 1000,
    )
    return [row | {"false_share": shaken * 1000 // steps, "truth": None}]


def _several_origins(cheat: Cheat, today: Today) -> list[Row]:
    """One walk told three times, an eight-hour span each; the first telling is true."""
    rng = today.rng
    steps = between(rng, 4_500, 8_500)
    active, bouts = steps // between(rng, 95, 112), between(rng, 8, 30)
    moved, spread = steps * between(rng, 250, 600) // 1000, between(rng, 190, 330)
    found = []
    for place, origin in enumerate(("phone", "watch", "app")):
        blur = between(rng, 985, 1015) if place else 1000
        row = _steps(
            cheat,
            today,
            steps * blur // 1000,
            cadence_max=between(rng, 118, 124),
            cadence_spread=spread + between(rng, -4, 4),
            active_min=active,
            bouts=bouts,
            places=between(rng, 3, 9),
            displacement_m=moved * blur // 1000,
        )
        began = today.midnight + place * 8 * _HOUR * 1_000_000
        found.append(
            row
            | {
                "sig_device": f"{cheat.phone}-{origin}",
                "started_us": began,
                "ended_us": began + 8 * _HOUR * 1_000_000 - 60_000_000,
                "truth": f"walk-{cheat.name}-{today.number}",
            }
        )
    return found
