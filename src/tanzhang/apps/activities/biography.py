"""An act's whole life in sentences: reported, accepted, settled, counted, changed, logged.

A story (``story.py``) says why an act counts as it does for its owner; a biography says the rest to
those who answer for it: which piece brought it, when it was settled, who lost to it, what changed
later and where the log has it. Everything is read from what was stored.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from tanzhang.apps.activities.backlog import PieceLine, pieces
from tanzhang.apps.activities.elsewhere import counted_elsewhere
from tanzhang.apps.activities.models import Activity, Cause, EventIdentity
from tanzhang.apps.activities.story import Story, event_key, story
from tanzhang.apps.activities.words import (
    day_in_words,
    grams,
    reason_sentence,
    say as outcome_words,
)
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.api import AccountEntry, account as find_account, person_of
from tanzhang.engine.acts import Status

#: Settled later than this after acceptance, the seconds say nothing.
_LATE_S = 3600

#: Statuses of acts that were eligible.
_ELIGIBLE = ("credited", "limited", "duplicate")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a topic, and what it leads to."""

    topic: str  #: report, eligibility, conflicts, amount, limits, later or proof
    text: str
    event: str | None = None
    piece: int | None = None
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Biography:
    """What is known of one event. ``account`` and ``story`` are None until it is settled."""

    event: str  #: the event key, 32 hexadecimal digits
    account: AccountEntry | None
    programme: str | None
    story: Story | None
    sentences: Sequence[Sentence]


def find_event(name: str) -> uuid.UUID | None:
    """The key of an accepted event named by its key or as ``partner:external-id``.

    Raises ``partners.partner_unknown`` for a partner that does not exist.
    """
    key = event_key(name)
    if key is None or not EventIdentity.objects.filter(event_key=key).exists():
        return None
    return key


def biography(key: uuid.UUID, rules: RulesInForce, lang: str) -> Biography:
    """The life of an accepted event, in ``zh`` or ``en``."""
    places = set(EventIdentity.objects.filter(event_key=key).values_list("subject_id", "month"))
    rows = [
        row
        for subject_id, month in sorted(places)
        for row in Activity.objects.filter(subject_id=subject_id, month=month, event_key=key)
    ]
    rows.sort(key=lambda row: (row.piece_id, row.cause != Cause.MOVED, row.outcome_no))
    if not rows:
        waits = Sentence("report", _say("report", "waits", lang))
        return Biography(key.hex, None, None, None, [waits])
    account = find_account(str(rows[-1].account_id))
    assert account is not None  # the row refers to it
    told = story(account, key.hex, rules, lang)
    writer = _Writer(told, rows, pieces([row.piece_id for row in rows]), account, rules, lang)
    programme = rules.programme_code(account.programme_id)
    return Biography(key.hex, account, programme, told, list(writer.all()))


@dataclass(frozen=True, slots=True)
class _Writer:
    told: Story
    rows: Sequence[Activity]
    pieces: dict[int, PieceLine]
    account: AccountEntry
    rules: RulesInForce
    lang: str

    @property
    def zone(self) -> ZoneInfo:
        code = self.rules.programme_code(self.account.programme_id)
        return ZoneInfo(self.rules.programme(code).time_zone)

    def all(self) -> Iterator[Sentence]:
        yield from self.report()
        yield from self.eligibility()
        yield from self.conflicts()
        yield from self.amount()
        yield from self.limits()
        yield from self.later()
        yield from self.proof()

    def say(self, topic: str, name: str, /, **details: Any) -> str:
        return _say(topic, name, self.lang, **details)

    def clock(self, moment: datetime) -> str:
        return f"{moment.astimezone(self.zone):%Y-%m-%d %H:%M:%S}"

    def report(self) -> Iterator[Sentence]:
        told, programme = self.told, self.rules.programme_code(self.account.programme_id)
        start, end = _moment(told.started_us), _moment(told.ended_us)
        file = self.rules.programme_file(programme)
        text = self.say(
            "report",
            "reported",
            partner=file.partners[told.partner][self.lang],
            scene=self.rules.scene_title(programme, told.scene)[self.lang],
            day=f"{start.astimezone(self.zone):%Y-%m-%d}",
            start=f"{start.astimezone(self.zone):%H:%M:%S}",
            end=f"{end.astimezone(self.zone):%H:%M:%S}",
            zone=self.zone.key,
            grade=self.rows[-1].grade,
        )
        yield Sentence("report", text)
        first = self.pieces[self.rows[0].piece_id]
        accepted = self.say(
            "report",
            "accepted",
            at=self.clock(first.received_at),
            piece=first.id,
            shard=first.shard,
            count=first.item_count,
        )
        yield Sentence("report", accepted, piece=first.id)
        if first.settled_at is not None:
            took = (first.settled_at - first.received_at).total_seconds()
            at = self.clock(first.settled_at)
            name = "settled" if took < _LATE_S else "settled_late"
            yield Sentence("report", self.say("report", name, at=at, seconds=f"{took:.1f}"))

    def eligibility(self) -> Iterator[Sentence]:
        if self.told.status in _ELIGIBLE:
            text = self.say("eligibility", "eligible")
        else:
            reason = reason_sentence(self.told.reason, self.lang)
            text = self.say("eligibility", "refused", reason=reason)
        yield Sentence("eligibility", text)

    def conflicts(self) -> Iterator[Sentence]:
        if self.told.lost_to is not None:
            reason = reason_sentence(self.told.reason, self.lang)
            event = self.told.lost_to
            text = self.say("conflicts", "lost", event=event, reason=reason)
            yield Sentence("conflicts", text, event=event)
            elsewhere = counted_elsewhere(self.account, self.told, self.rules, self.lang)
            if elsewhere is not None and elsewhere.since is not None:
                since = day_in_words(elsewhere.since, self.lang)
                handle = elsewhere.account.handle
                yield Sentence(
                    "conflicts", self.say("conflicts", "linked", account=handle, since=since)
                )
            return
        losers = self._losers()
        for event in losers:
            yield Sentence("conflicts", self.say("conflicts", "won", event=event), event=event)
        if not losers and self.told.status in _ELIGIBLE:
            yield Sentence("conflicts", self.say("conflicts", "none"))

    def _losers(self) -> list[str]:
        """Acts of the same person that lost to this one, in its month or beside it."""
        current = self.rows[-1]
        with bulk_transaction() as cursor:
            kin = {window.subject for window in person_of(cursor, [current.subject_id])}
        later = Activity.objects.filter(
            subject_id__in=[current.subject_id, *kin],
            month__gte=_month_after(current.month, -1),
            month__lte=_month_after(current.month, 1),
        )
        last: dict[tuple[int, uuid.UUID], Activity] = {}
        for row in later.order_by("outcome_no"):
            last[row.month, row.event_key] = row
        return sorted(
            row.event_key.hex
            for row in last.values()
            if row.lost_to == current.event_key and row.status == Status.DUPLICATE
        )

    def amount(self) -> Iterator[Sentence]:
        explained = self.told.explanation
        if explained is None:
            yield Sentence("amount", self.say("amount", "none"))
            return
        text = self.say(
            "amount",
            "quantified",
            pack=self.told.pack,
            version=self.told.version,
            gross=grams(self.told.gross_mg, self.lang),
            sentence=explained.sentence,
        )
        yield Sentence("amount", text)

    def limits(self) -> Iterator[Sentence]:
        for cut in self.told.cuts:
            taken = grams(cut.mg, self.lang)
            text = self.say("limits", "cut", name=cut.name, owner=cut.owner, mg=taken)
            yield Sentence("limits", text)
        if not self.told.cuts and self.told.status == "credited":
            yield Sentence("limits", self.say("limits", "none"))
        credited = grams(self.told.reduction_mg, self.lang)
        text = self.say("limits", "credited", credited=credited, points=self.told.points)
        yield Sentence("limits", text)

    def later(self) -> Iterator[Sentence]:
        for row in self.rows[1:]:
            piece = self.pieces[row.piece_id]
            text = self.say(
                "later",
                "changed",
                at=self.clock(piece.settled_at or piece.received_at),
                cause=outcome_words("cause", Cause(row.cause).name.lower(), self.lang),
                change=f"{'+' if row.credited_mg > 0 else ''}{grams(row.credited_mg, self.lang)}",
                points=f"{row.points:+d}",
                status=self.say("status", Status(row.status).name.lower()),
            )
            yield Sentence("later", text, piece=piece.id)
        if len(self.rows) == 1:
            yield Sentence("later", self.say("later", "none"))

    def proof(self) -> Iterator[Sentence]:
        last = self.pieces[self.rows[-1].piece_id]
        if last.position is None:
            yield Sentence("proof", self.say("proof", "unlogged"))
            return
        text = self.say("proof", "logged", position=last.position, root=last.leaf_root)
        yield Sentence("proof", text, position=last.position)


def _moment(instant_us: int) -> datetime:
    return datetime.fromtimestamp(instant_us // 1_000_000, UTC)


def _month_after(month: int, count: int) -> int:
    """YYYYMM so many months later."""
    months = month // 100 * 12 + month % 100 - 1 + count
    return months // 12 * 100 + months % 12 + 1


def _say(topic: str, name: str, lang: str, /, **details: Any) -> str:
    sentence: str = _words()[topic][name][lang]
    return sentence.format(**details)


@cache
def _words() -> dict[str, dict[str, dict[str, str]]]:
    text = files("tanzhang.apps.activities").joinpath("biography.yaml").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, dict[str, str]]] = yaml.safe_load(text)
    return loaded
