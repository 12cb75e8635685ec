"""Random streams of reports in which everything happens, and ways in which they may arrive."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from river.books import account_and_month
from river.people import ACCOUNTS, ON_THE_COAST
from river.programmes import PARTNERS
from river.reports import MINUTE_US, SCENES, Row, act, hand_in
from tanzhang.apps.activities.api import drain, hold, release
from tanzhang.apps.database import bulk_transaction

#: Around a month's end, with a later month besides.
DAYS = ("05-29", "05-30", "05-31", "05-31", "06-01", "06-01", "06-02", "07-31")
HOURS = ("00:00", "00:10", "07:50", "08:00", "08:05", "12:00", "18:20", "23:40", "23:55")

#: Scenes and people drawn; some more often than others, so that acts meet.
DRAWN = (
    ("bike",) * 5
    + ("ride",) * 3
    + ("walk",) * 3
    + ("bill",) * 2
    + ("power",) * 2
    + (
        "dues",
        "paper",
        "order",
        "fridge",
        "tour",
    )
)
DRAWN_NAMES = ("di",) * 5 + ("fu",) * 3 + ("bo",) * 3 + ("ada",) * 2 + ("ada-too", "cy", "cy-too")

#: Few things, so that people compete for them; enough bills to come to their monthly limit.
THINGS = {"bill": 6, "dues": 6, "paper": 2, "power": 2, "order": 5, "fridge": 2}
AMOUNTS = {
    "distance_m": (0, 15, 100, 1500, 4000, 4000, 8000),
    "steps": (1000, 4000, 9000),
    "energy_wh": (1500, 4000, 9000, 700_000),
    "household_size": (1, 2, 3),
}


@dataclass
class Stream:
    """Reports in the order in which things happened, then the orders to hold and to release.

    ``held`` are (partner, external id) of events that are held in the end; those in ``released``
    are held and let go again.
    """

    rows: list[Row]
    held: list[tuple[str, str]] = field(default_factory=list)
    released: list[tuple[str, str]] = field(default_factory=list)


def stream(seed: int, events: int = 100) -> Stream:
    """The stream of a seed: always the same."""
    chance = random.Random(seed)
    first = [_report(chance, f"e{number}") for number in range(events)]
    first.sort(key=lambda row: row["started_us"])
    rows = list(first)
    for row in first:
        for revision in range(1, 4):
            if chance.random() > 0.22:
                break
            rows.append(_revision(chance, row, revision))
    names = [(row["partner"], row["external_id"]) for row in first]
    held = chance.sample(names, 4)
    return Stream(rows, held[:2], held[2:])


def _report(chance: random.Random, external_id: str, partner: str | None = None) -> Row:
    scenes = [scene for scene in DRAWN if partner is None or scene in PARTNERS[partner][1]]
    scene = chance.choice(scenes)
    reporters = [code for code, (_, own) in PARTNERS.items() if scene in own]
    reporter = partner or chance.choice(reporters)
    amounts = {name: chance.choice(AMOUNTS[name]) for name in SCENES[scene][0] if name in AMOUNTS}
    name = chance.choice(DRAWN_NAMES)
    if PARTNERS[reporter][0] == "coast":
        name = name.removesuffix("-too")
        name = name if name in ON_THE_COAST else "bo"
    row = act(
        external_id,
        f"{chance.choice(DAYS)} {chance.choice(HOURS)}",
        scene,
        partner=reporter,
        person=name,
        grade=chance.choice((1, 2, 2, 2)),
        held=chance.random() < 0.03,
        **amounts,
    )
    row["ended_us"] += chance.choice((0, 0, 0, 20, 20, 40)) * MINUTE_US
    if scene in THINGS and chance.random() > 0.05:
        # Bills of both programmes are one class and share their things; so do no others.
        kind = {"dues": "bill"}.get(scene, scene)
        row["item_key"] = f"{kind}-{chance.randrange(THINGS[scene])}"
    return row


def _revision(chance: random.Random, row: Row, revision: int) -> Row:
    """Anything may change but the partner, the id and the person behind the account."""
    changed = _report(chance, row["external_id"], row["partner"])
    if chance.random() < 0.4:
        changed = {**row, "started_us": row["started_us"] + 86_400_000_000 * chance.choice((-1, 1))}
        changed["ended_us"] = changed["started_us"] + row["ended_us"] - row["started_us"]
    names = next(own for own in ACCOUNTS.values() if row["person"] in own)
    on_the_coast = PARTNERS[row["partner"]][0] == "coast"
    person = names[0] if on_the_coast else chance.choice(names)
    withdrawn = chance.random() < 0.3
    return {**changed, "person": person, "revision": revision, "withdrawn": withdrawn}


def in_batches(rows: list[Row], sizes: tuple[int, ...], chance: random.Random) -> list[list[Row]]:
    """The rows in their order, in batches of random sizes."""
    batches, waiting = [], list(rows)
    while waiting:
        size = chance.choice(sizes)
        batches.append(waiting[:size])
        waiting = waiting[size:]
    return batches


def with_some_late(rows: list[Row], chance: random.Random) -> list[Row]:
    """The rows, every tenth of them up to twenty places later."""
    places = [
        place + (chance.uniform(0, 20) if chance.random() < 0.1 else 0)
        for place in range(len(rows))
    ]
    return [rows[place] for place in sorted(range(len(rows)), key=places.__getitem__)]


def a_day_late(rows: list[Row]) -> list[list[Row]]:
    """The rows day by day, each second day before the first: as files of yesterday arrive."""
    day_us = 86_400_000_000
    days = sorted({row["started_us"] // day_us for row in rows})
    for place in range(0, len(days) - 1, 2):
        days[place], days[place + 1] = days[place + 1], days[place]
    return [[row for row in rows if row["started_us"] // day_us == day] for day in days]


def order_holds(told: Stream) -> None:
    """Hold what the stream holds, and let go what it lets go; every event must be settled."""
    everything = [*told.held, *told.released]
    named = {name: account_and_month(*name) for name in everything}
    with bulk_transaction() as cursor:
        hold(cursor, [named[name] for name in everything])
        release(cursor, [named[name] for name in told.released])


def arrive(*batches: list[Row]) -> None:
    """Hand batches in, settling after each."""
    for batch in batches:
        hand_in(*batch)
        drain()
