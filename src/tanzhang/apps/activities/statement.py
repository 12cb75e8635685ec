"""An account's statement: its balance, what each scene brought, and its acts as they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tanzhang.apps.activities.models import Cause
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.ledger.api import balance_of
from tanzhang.apps.people.api import AccountEntry
from tanzhang.engine.acts import Reason, Status
from tanzhang.engine.packs import CompiledPack
from tanzhang.engine.packs.tree import Text
from tanzhang.engine.settle.eligibility import bounds_of

# The last outcome of each event in its month, but for events that have moved away.
_EVENTS = """
select encode(uuid_send(event_key), 'hex'), scene_id, pack_id, pack_version_id, started_us, status,
       reason, gross_mg, credited_mg, points
from (
    select event_key, account_id, scene_id, pack_id, pack_version_id, started_us, status, reason,
           cause, gross_mg,
           sum(credited_mg) over event as credited_mg, sum(points) over event as points,
           row_number() over (event order by outcome_no desc) as place
    from activity where subject_id = %s
    window event as (partition by month, event_key)
) outcome
where place = 1 and cause <> %s and account_id = %s
order by started_us desc, event_key
"""


@dataclass(frozen=True, slots=True)
class EventLine:
    """One act with its current outcome."""

    event: str  #: the event key, 32 hexadecimal digits
    scene: str
    pack: str
    version: str  #: empty where none was in force
    started_us: int
    status: str
    reason: str
    gross_mg: int
    reduction_mg: int
    points: int


@dataclass(frozen=True, slots=True)
class SceneTotal:
    """What the acts of one scene brought."""

    scene: str
    title: Text
    acts: int
    reduction_mg: int
    points: int


@dataclass(frozen=True, slots=True)
class Statement:
    """An account as its owner sees it; grams and points stand apart."""

    account: AccountEntry
    programme: str
    reduction_mg: int
    points: int
    scenes: Sequence[SceneTotal]
    events: Sequence[EventLine]  #: the latest first


def statement(account: AccountEntry, rules: RulesInForce) -> Statement:
    """The statement of one account: a read, nothing is settled."""
    programme = rules.programme_code(account.programme_id)
    scenes = {number: code for (_, code), number in rules.scene_ids.items()}
    packs = {number: code for code, number in rules.pack_ids.items()}
    with bulk_transaction() as cursor:
        reduction_mg, points = balance_of(cursor, account.subject_id, account.id)
        cursor.execute(_EVENTS, [account.subject_id, int(Cause.MOVED), account.id])
        events = []
        for key, scene, pack, version, started_us, status, reason, *amounts in cursor.fetchall():
            edition = rules.edition(packs[pack], version)
            events.append(
                EventLine(
                    event=key,
                    scene=scenes[scene],
                    pack=packs[pack],
                    version=edition.version if edition else "",
                    started_us=started_us,
                    status=Status(status).name.lower(),
                    reason=reason_name(reason, edition),
                    gross_mg=amounts[0],
                    reduction_mg=int(amounts[1]),
                    points=int(amounts[2]),
                )
            )
    totals = _scene_totals(events, programme, rules)
    return Statement(account, programme, reduction_mg, points, totals, events)


def reason_name(reason: int, edition: CompiledPack | None) -> str:
    """A reason's name in lower case; for a bound its name in the pack."""
    if reason >= Reason.BOUND and edition is not None:
        return bounds_of(edition.rules)[reason - Reason.BOUND].name
    return Reason(reason).name.lower()


def _scene_totals(
    events: Sequence[EventLine], programme: str, rules: RulesInForce
) -> list[SceneTotal]:
    totals = []
    for code in dict.fromkeys(sorted(event.scene for event in events)):
        own = [event for event in events if event.scene == code]
        totals.append(
            SceneTotal(
                scene=code,
                title=rules.scene_title(programme, code),
                acts=sum(event.status == "credited" for event in own),
                reduction_mg=sum(event.reduction_mg for event in own),
                points=sum(event.points for event in own),
            )
        )
    return totals
