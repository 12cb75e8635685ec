"""What an account carries, and how much of it counts now.

Which act counts is asked when it is read: if a partner of ours reports an act after it was carried
here, the report counts and the carried entry does not. The order of the two makes no difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tanzhang.apps.activities.carrying.matching import Span, kinds, meets, own_spans
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.api import AccountEntry

_ENTRIES: Final = """
select installation, encode(uuid_send(event_key), 'hex'), scene, pack, started_us, ended_us,
       total_mg
from carried_entry where account_id = %s order by started_us desc, event_key
"""


@dataclass(frozen=True, slots=True)
class CarriedLine:
    """One act that was carried here; ``counts`` is false while the same act is counted here."""

    installation: str
    event: str
    scene: str
    pack: str
    started_us: int
    total_mg: int
    counts: bool


@dataclass(frozen=True, slots=True)
class Luggage:
    """All that an account carries. It stands beside the balance and is in no total of ours."""

    lines: Sequence[CarriedLine]

    @property
    def total_mg(self) -> int:
        """The grams of what counts."""
        return sum(line.total_mg for line in self.lines if line.counts)


def luggage(account: AccountEntry, rules: RulesInForce) -> Luggage:
    """What an account carries, the latest first."""
    by_pack = kinds(rules)
    with bulk_transaction() as cursor:
        cursor.execute(_ENTRIES, [account.id])
        rows = cursor.fetchall()
        ours = own_spans(cursor, account, rules) if rows else []
    lines = []
    for installation, event, scene, pack, started_us, ended_us, total_mg in rows:
        span = Span(by_pack.get(pack, ""), started_us, ended_us)
        counts = not meets(span, ours)
        lines.append(CarriedLine(installation, event, scene, pack, started_us, total_mg, counts))
    return Luggage(lines)
