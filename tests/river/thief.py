"""A partner with two keys, the first of which a thief has had since ``STOLEN``."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from river.batches import PLAIN, ride
from river.books import account_and_month, ask, key
from tanzhang.apps.activities.api import (
    carry_on_suspicions,
    distrust_key,
    drain,
    hold,
    take_batch,
)
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners.api import AgreementKind, add_key, agreement, partner
from tanzhang.crypto.keys import Algorithm, generate

Event = dict[str, Any]

STOLEN = datetime(2025, 10, 9, 12, tzinfo=UTC)
BEFORE, AFTER = STOLEN - timedelta(hours=1), STOLEN + timedelta(hours=1)

#: The partner's own, before: three days of ada's, two of bo's.
OWN = [ride(f"a{day}", day, "ada") for day in (1, 2, 3)] + [
    ride(f"b{day}", day, "bo") for day in (1, 2)
]


def changed(event: Event, revision: int = 1, **changes: Any) -> Event:
    """A later revision of an event; ``distance_m`` and ``time`` are its changes."""
    data = event["data"] | {"inputs": {"distance_m": changes.pop("distance_m", 2500)}}
    return event | {"revision": revision, "data": data} | changes


def withdrawn(event: Event, revision: int = 1) -> Event:
    return event | {"revision": revision, "type": "cn.tanzhang.activity.withdrawn.v1"}


def moved(event: Event) -> Event:
    """It happened in June, says this revision."""
    return changed(
        event,
        time="2025-06-01T08:00:00+08:00",
    ) | {"data": event["data"] | {"ended_at": "2025-06-01T08:10:00+08:00"}}


#: What the thief sends: acts that never were, changes of acts that were, and a copy.
FORGED = [
    *(ride(f"t{day}", day, "ada") for day in (11, 12, 13, 14)),
    *(ride(f"t{day}", day, "cy") for day in (15, 16)),
]
SPOILT = [changed(OWN[0]), withdrawn(OWN[1]), moved(OWN[2])]

#: The partner's own, afterwards: it knows one of the acts, and corrects another.
VOUCHED = [FORGED[0], changed(FORGED[1], distance_m=1500)]
LATER = [*VOUCHED, ride("a21", 21, "ada"), ride("d21", 21, "di")]


@dataclass(frozen=True)
class Keys:
    """The ids of the stolen key and of the good one."""

    stolen: str
    good: str


def two_keys() -> Keys:
    number = partner("bikes").id
    return Keys(*(add_key(number, generate(Algorithm.SM2).public) for _ in range(2)))


def deliver(key_id: str | None, at: datetime, *events: Event) -> dict[str, Any]:
    """Take a batch that this key signed; its receipt."""
    entry = partner("bikes")
    receipt = take_batch(
        json.dumps(events).encode(),
        PLAIN,
        partner=entry,
        agreement=agreement(entry.id, AgreementKind.REPORT),
        received_us=int(at.timestamp()) * 1_000_000,
        key_id=key_id,
    )
    told: dict[str, Any] = json.loads(receipt.body)
    return told


def distrust(key_id: str, since: datetime = STOLEN) -> int:
    """Open the suspicion."""
    number = distrust_key(
        partner("bikes").id, key_id, since=since, by="ling", note="a stolen laptop"
    )
    assert number is not None
    return number


def carry_all(settle: Callable[[], object] = drain) -> None:
    """Until nothing is left to do, and everything is settled."""
    settle()
    while carry_on_suspicions():
        settle()
    settle()


LOTS = """
select handle, to_jsonb(points_lot) - 'account_id' - 'subject_id' from points_lot
join account on account.id = account_id where points_lot.points <> 0
"""


def names(events: Collection[Event]) -> set[str]:
    """The event keys, as they are stored."""
    return {key("bikes", event["id"]).hex() for event in events}


def books(without: Collection[str] = ()) -> dict[str, list[Any]]:
    """What everybody has, and how every act stands but those with these event keys."""
    acts = ask(
        "select encode(uuid_send(event_key), 'hex'), sum(credited_mg), sum(points),"
        " (array_agg(status order by piece_id desc, outcome_no desc))[1],"
        " (array_agg(revision order by piece_id desc, outcome_no desc))[1]"
        " from activity group by event_key"
    )
    return {
        "acts": sorted(row for row in acts if row[0] not in without),
        "balances": sorted(
            ask(
                "select handle, reduction_mg, points from balance"
                " join account on account.id = account_id where (reduction_mg, points) <> (0, 0)"
            )
        ),
        "sources": sorted(ask("select * from source_balance where amount <> 0")),
        "lots": sorted(map(repr, ask(LOTS))),
    }


def distrusted_again(key_id: str, since: datetime) -> int | None:
    """What opening it once more gives."""
    return distrust_key(partner("bikes").id, key_id, since=since, by="ling")


def held_by_an_operator(external_id: str) -> None:
    with bulk_transaction() as cursor:
        hold(cursor, [account_and_month("bikes", external_id)])
    drain()
