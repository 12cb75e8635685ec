"""Why one act counted as it did: the stored fact, its outcomes, and the explanation derived again.

Nothing of an explanation is stored. It is made from the pack version and the inputs that the act's
row names, and must give the gross that was settled (I12).
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
from django.db.models import QuerySet

from tanzhang.apps.activities.keys import event_keys
from tanzhang.apps.activities.models import Activity, Cause, Cut, EventIdentity
from tanzhang.apps.activities.posting.facts import HOLD
from tanzhang.apps.activities.reasons import reason_name
from tanzhang.apps.activities.rules_in_words import Figure, figures, rule_in_words
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.apps.partners.api import partner, partner_codes
from tanzhang.apps.people.api import AccountEntry
from tanzhang.engine.acts import Reason, State, Status
from tanzhang.engine.packs import CompiledPack, Explanation, columns_of, explain
from tanzhang.engine.rules import INPUT_SLOTS, LookBack
from tanzhang.problems import Problem
from tanzhang.stored_time import date_of

_KEY = re.compile(r"[0-9a-f]{32}")

#: Statuses of acts that a look-back never reads, and the rejections that it reads all the same.
_UNREAD = (Status.DUPLICATE, Status.HELD, Status.WITHDRAWN)
_READ_REJECTED = (Reason.LOOK_BACK_GAP, Reason.ZERO_DIVISOR)


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """One posted outcome; ``reduction_mg`` and ``points`` are differences."""

    piece_id: int
    month: int
    outcome_no: int
    cause: str
    revision: int
    status: str
    reason: str
    reduction_mg: int
    points: int


@dataclass(frozen=True, slots=True)
class CutLine:
    """What one limit took."""

    owner: str
    name: str
    mg: int


@dataclass(frozen=True, slots=True)
class Story:
    """One event as it stands, and how it came to stand so."""

    event: str
    partner: str
    scene: str
    pack: str
    version: str
    revision: int
    state: str
    started_us: int
    ended_us: int
    status: str
    reason: str
    gross_mg: int
    reduction_mg: int
    points: int
    cuts: Sequence[CutLine]
    lost_to: str | None
    history: Sequence[OutcomeLine]
    explanation: Explanation | None  #: None where no amount could be computed
    figures: Sequence[Figure]  #: what was reported, whether or not an amount came of it
    rule: str  #: the rule behind the reason, in words


def event_key(name: str) -> uuid.UUID | None:
    """The key of an event named by 32 hexadecimal digits or as ``partner:external-id``."""
    digits = name.replace("-", "").lower()
    if _KEY.fullmatch(digits):
        return uuid.UUID(digits)
    code, sign, external_id = name.partition(":")
    if not sign:
        return None
    hi, lo = event_keys(code, pl.Series([external_id]), partner(code).id_time)
    return uuid.UUID(int=int(hi[0]) << 64 | int(lo[0]))


def story(account: AccountEntry, name: str, rules: RulesInForce, lang: str) -> Story:
    """The story of one of the account's events.

    Raises ``ledger.event_unknown``, ``ledger.event_waiting`` and, if the books are damaged,
    ``ledger.explanation_differs``.
    """
    key = event_key(name)
    known = EventIdentity.objects.filter(event_key=key, subject_id=account.subject_id)
    months = set(known.values_list("month", flat=True)) if key else set()
    if not months:
        raise Problem("ledger.event_unknown", account=account.handle, event=name)
    rows = Activity.objects.filter(subject_id=account.subject_id, month__in=months, event_key=key)
    history = sorted(rows, key=lambda row: (row.piece_id, row.cause != Cause.MOVED, row.outcome_no))
    current = _current(history)
    if current is None:
        raise Problem("ledger.event_waiting", event=name)
    if current.account_id != account.id:
        raise Problem("ledger.event_unknown", account=account.handle, event=name)
    return _told(current, history, rules, lang)


def _current(history: Sequence[Activity]) -> Activity | None:
    """The last outcome in the month where the event has not moved away."""
    last = {row.month: row for row in sorted(history, key=lambda row: row.outcome_no)}
    return next((row for row in last.values() if row.cause != Cause.MOVED), None)


def _told(current: Activity, history: Sequence[Activity], rules: RulesInForce, lang: str) -> Story:
    packs = {number: code for code, number in rules.pack_ids.items()}
    scenes = {number: scene for (_, scene), number in rules.scene_ids.items()}
    edition = rules.edition(packs[current.pack_id], current.pack_version_id)
    return Story(
        event=current.event_key.hex,
        partner=partner_codes()[current.partner_id],
        scene=scenes[current.scene_id],
        pack=packs[current.pack_id],
        version=edition.version if edition else "",
        revision=current.revision,
        state=_state_name(current.state),
        started_us=current.started_us,
        ended_us=current.ended_us,
        status=Status(current.status).name.lower(),
        reason=reason_name(current.reason, edition),
        gross_mg=current.gross_mg,
        reduction_mg=sum(row.credited_mg for row in history),
        points=sum(row.points for row in history),
        cuts=_cuts(current, rules),
        lost_to=current.lost_to.hex if current.lost_to else None,
        history=[_line(row, rules, packs) for row in history],
        explanation=_explanation(current, edition, lang) if edition else None,
        figures=figures([_slot(current, place) for place in range(INPUT_SLOTS)], edition, lang),
        rule=rule_in_words(reason_name(current.reason, edition), edition, lang),
    )


def _state_name(state: int) -> str:
    """What is known of the event: ``held`` also where an order from outside holds it."""
    return (State.HELD if state >= HOLD else State(state)).name.lower()


def _line(row: Activity, rules: RulesInForce, packs: dict[int, str]) -> OutcomeLine:
    edition = rules.edition(packs[row.pack_id], row.pack_version_id)
    return OutcomeLine(
        piece_id=row.piece_id,
        month=row.month,
        outcome_no=row.outcome_no,
        cause=Cause(row.cause).name.lower(),
        revision=row.revision,
        status=Status(row.status).name.lower(),
        reason=reason_name(row.reason, edition),
        reduction_mg=row.credited_mg,
        points=row.points,
    )


def _cuts(current: Activity, rules: RulesInForce) -> list[CutLine]:
    names = {number: name for name, number in rules.limit_ids.items()}
    found = Cut.objects.filter(
        subject_id=current.subject_id,
        month=current.month,
        event_key=current.event_key,
        outcome_no=current.outcome_no,
    )
    return sorted(
        (CutLine(*names[cut.limit_id], cut.mg) for cut in found),
        key=lambda cut: (cut.owner, cut.name),
    )


def _explanation(current: Activity, edition: CompiledPack, lang: str) -> Explanation | None:
    """The pack's explanation of this act; None if the act was settled without an amount."""
    given: dict[str, str | list[str]] = {"evidence_grade": str(current.grade)}
    for place, entry in enumerate(edition.definition.inputs):
        value = _slot(current, place)
        if value is not None:
            given[entry.name] = entry.values[value] if entry.unit is None else str(value)
    for look_back in edition.rules.look_backs:
        given[look_back.name] = _days_before(current, edition, look_back)
    try:
        found = explain(edition, columns_of(edition, given), lang)
    except Problem:
        # What cannot be computed was rejected, or lost with a gross of 0 (design §10.11).
        if current.gross_mg:
            raise
        return None
    if current.gross_mg == 0 and current.status not in (Status.CREDITED, Status.LIMITED):
        return None  # rejected before any amount was computed
    if found.reduction_mg != current.gross_mg:
        raise Problem(
            "ledger.explanation_differs",
            event=current.event_key.hex,
            explained_mg=found.reduction_mg,
            posted_mg=current.gross_mg,
        )
    return found


def _slot(row: Activity, place: int) -> int | None:
    value: int | None = getattr(row, f"q{place + 1}")
    return value


def _days_before(current: Activity, edition: CompiledPack, look_back: LookBack) -> list[str]:
    """What a look-back reads: each day's sum, the day before first; ``-`` for a gap."""
    place = [entry.name for entry in edition.definition.inputs].index(look_back.input)
    default = edition.definition.inputs[place].default
    days: dict[int, int] = {}
    for row in _same_thing(current, look_back.days):
        value = _slot(row, place)
        days[row.day] = days.get(row.day, 0) + (default if value is None else value)
    wanted = range(current.day - 1, current.day - look_back.days - 1, -1)
    return [str(days[day]) if day in days else "-" for day in wanted]


def _same_thing(current: Activity, days: int) -> list[Activity]:
    """The acts of the same account, pack and item key that a look-back of so many days reads."""
    found: QuerySet[Activity] = Activity.objects.filter(
        subject_id=current.subject_id,
        account_id=current.account_id,
        pack_id=current.pack_id,
        item_key=current.item_key,
        month__gte=_month(current.day - days),
        month__lte=current.month,
    )
    last: dict[tuple[int, uuid.UUID], Activity] = {}
    for row in found.order_by("outcome_no"):
        last[row.month, row.event_key] = row
    return [
        row
        for row in last.values()
        if row.cause != Cause.MOVED
        and current.day - days <= row.day < current.day
        and row.status not in _UNREAD
        and (row.status != Status.REJECTED or row.reason in _READ_REJECTED)
    ]


def _month(day: int) -> int:
    """YYYYMM of a day since 1970-01-01."""
    local = date_of(day)
    return local.year * 100 + local.month
