"""An account's statement: its balance, what each scene brought, and its acts as they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tanzhang.apps.activities.current import current_acts
from tanzhang.apps.activities.reasons import reason_name
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.ledger.api import balance_of
from tanzhang.apps.people.api import AccountEntry
from tanzhang.engine.acts import Status
from tanzhang.engine.packs.tree import Text


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
        acts = current_acts(cursor, account)
    events = []
    for act in acts:
        edition = rules.edition(packs[act.pack_id], act.pack_version_id)
        events.append(
            EventLine(
                event=act.event,
                scene=scenes[act.scene_id],
                pack=packs[act.pack_id],
                version=edition.version if edition else "",
                started_us=act.started_us,
                status=Status(act.status).name.lower(),
                reason=reason_name(act.reason, edition),
                gross_mg=act.gross_mg,
                reduction_mg=act.credited_mg,
                points=act.points,
            )
        )
    totals = _scene_totals(events, programme, rules)
    return Statement(account, programme, reduction_mg, points, totals, events)


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
