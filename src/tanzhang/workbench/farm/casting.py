"""Who cheats in a drill, how many, and what gangs share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Final

from tanzhang.workbench.farm import (
    account_farms,
    duplicate_claims,
    gps_spoofing,
    step_faking,
    ticket_farming,
)
from tanzhang.workbench.farm.cheats import Habit, between, pick
from tanzhang.workbench.farm.people import Cheat

_CLASSES: Final = {
    "step_faking": step_faking,
    "gps_spoofing": gps_spoofing,
    "duplicate_claims": duplicate_claims,
    "ticket_farming": ticket_farming,
    "account_farms": account_farms,
}

CLASSES: Final = tuple(_CLASSES)
HABITS: Final[dict[str, Habit]] = {name: module.habit for name, module in _CLASSES.items()}

#: The scenes in which a class takes value: its honest people are those who act there.
SCENES: Final = {
    "step_faking": ("walking",),
    "gps_spoofing": ("cycling",),
    "duplicate_claims": ("metro", "cycling", "take-away"),
    "ticket_farming": ("metro",),
    "account_farms": ("walking", "take-away"),
}

#: Accounts for each variant in a drill of two thousand honest people.
_ACCOUNTS: Final = {"account_farms": 48}
_USUAL: Final = 12
_SIZE: Final = 2_000

#: Days of a drill on which cheats begin: the first acts of the late ones are measured too.
_LAST_START: Final = 10


def make_cheats(seed: int, honest: int) -> list[Cheat]:
    """The cheats of a drill with so many honest people."""
    found: list[Cheat] = []
    for name, module in _CLASSES.items():
        count = max(4, _ACCOUNTS.get(name, _USUAL) * honest // _SIZE)
        for variant in module.VARIANTS:
            rng = Random(f"{seed}-{name}-{variant}")  # noqa: S311 - repeatable chance
            made = _gangs(rng, seed, name, variant, module.skill, count)
            found += made
    return found


def _gangs(
    rng: Random,
    seed: int,
    attack: str,
    variant: str,
    skill: Callable[[Random, str], dict[str, int]],
    count: int,
) -> Iterator[Cheat]:
    """Gangs of one variant until there are so many accounts."""
    number = 0
    while number < count:
        size = max(1, min(_gang_size(rng, variant), max(count - number, 1)))
        if variant in ("carried", "lent_codes") and size < 3:
            size = 3  # who has one bag of phones does not carry two
        gang = rng.getrandbits(40)
        a_phone, a_purse = _to_a_phone(rng, variant), _to_a_purse(rng, variant)
        one_network = rng.random() < 0.6
        from_day, age = rng.randint(0, _LAST_START), _age(rng, attack)
        for place in range(size):
            name = f"{seed}-{attack}-{variant}-{number}"
            yield Cheat(
                name=name,
                attack=attack,
                variant=variant,
                attestation=0,
                phone=f"phone-{gang}-{place // a_phone}",
                payment=f"purse-{gang}-{place // a_purse}",
                network=f"net-{gang}" if one_network else f"net-{gang}-{place // 3}",
                joined_before=age,
                from_day=from_day,
                gang=gang,
                skill=skill(rng, variant),
            )
            number += 1


def _gang_size(rng: Random, variant: str) -> int:
    sizes = {
        "one_desk": (20, 60),
        "rotating": (12, 48),
        "phone_wall": (10, 48),
        "carried": (5, 9),
        "brushed_orders": (8, 40),
        "lent_codes": (3, 9),
    }
    return rng.randint(*sizes.get(variant, (1, 1)))


def _to_a_phone(rng: Random, variant: str) -> int:
    """How many accounts to a phone; who read the pack stays below what holds."""
    return {
        "one_desk": rng.randint(12, 30),
        "rotating": rng.randint(3, 5),
        "brushed_orders": rng.randint(1, 5),
    }.get(variant, 1)


def _to_a_purse(rng: Random, variant: str) -> int:
    shared: dict[str, int] = {
        "brushed_orders": pick(rng, {2: 1, 3: 1, 4: 2, 6: 1}),
        "one_desk": 8,
    }
    return shared.get(variant, 1)


def _age(rng: Random, attack: str) -> int:
    """Accounts of farms are young; others had theirs for years, or for weeks."""
    if attack == "account_farms":
        return between(rng, 0, 40)
    return int(pick(rng, {rng.randint(0, 20): 30, 200: 70}))
