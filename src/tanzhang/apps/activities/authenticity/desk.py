"""The review desk: what waits for a person, and what she sees side by side before she decides."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import polars as pl
import psycopg

from tanzhang.apps.activities.authenticity.models import SLOTS
from tanzhang.apps.activities.authenticity.reading import judged_acts, named
from tanzhang.apps.activities.authenticity.sections import Section, sections
from tanzhang.apps.activities.authenticity.telling import (
    finding_sentences,
    rule_sentence,
    section_of,
    signal_words,
)
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.apps.database import bulk_transaction
from tanzhang.problems import Problem

#: So many days of the person and her partner are shown beside an act.
USUAL_DAYS: Final = 30

_OPEN: Final = """
not exists (
    select from quarantine_decision d where d.event_key = q.event_key
      and d.decision <> 'propose'
      and d.id = (select max(id) from quarantine_decision m where m.event_key = q.event_key))
"""
_QUEUE: Final = f"""
select * from (
    select distinct on (q.event_key) encode(uuid_send(q.event_key), 'hex'), account.handle,
        q.pack_id, q.pack_version_id, q.rule, q.value, q.score, q.source, q.at, q.consequence
    from quarantine q join account on account.id = q.account_id
    where {_OPEN} and q.consequence = %s
    order by q.event_key, q.id
) as waiting order by {{order}} limit %s
"""
_ORDERS: Final = {"score": "7 desc, 9", "age": "9, 7 desc"}

_ABOUT: Final = """
select pack_id, pack_version_id, rule, value, score, source, at, consequence, account_id
from quarantine where event_key = %s order by id
"""
_DECISIONS: Final = """
select at, decision, decided_by, proposed_by, note from quarantine_decision
where event_key = %s order by id
"""
_LATEST: Final = f"""
select uuid_send(event_key), subject_id, account_id, started_us, ended_us, amount, findings, device,
    revision, month, day, score, age_days, partner_id, scene_id, consequence, decider, told, tier,
    pack_version_id, {", ".join(SLOTS)}, withdrawn
from act_signal where event_key = %s and subject_id = %s order by revision desc limit 1
"""
_ON_DEVICE: Final = """
select account.handle, count(*), count(*) filter (where act_signal.consequence >= 2)
from act_signal join account on account.id = act_signal.account_id
where act_signal.device = %s and act_signal.account_id <> %s
group by account.handle order by 2 desc, 1 limit 20
"""
_OF_PARTNER: Final = """
select count(*), count(*) filter (where consequence >= 2),
    count(*) filter (where exists (select from quarantine_decision d
        where d.event_key = act_signal.event_key and d.decision = 'release'))
from act_signal where partner_id = %s and pack_id = %s and day > %s
"""


@dataclass(frozen=True, slots=True)
class QueueLine:
    """An act that waits, by the rule that first put it aside."""

    event: str
    account: str
    pack: str
    rule: str
    sentence: str
    score: int
    source: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Doubt:
    """One rule that put an act aside, as a sentence; ``refused``: it does not count meanwhile."""

    at: datetime
    source: str
    rule: str
    sentence: str
    refused: bool


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person decided of an act."""

    at: datetime
    decision: str
    decided_by: str
    proposed_by: str | None
    note: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known of whether an act is true."""

    event: str
    account_id: int
    handle: str
    doubts: list[Doubt]
    findings: list[str]
    signals: list[tuple[str, str]]
    score: int
    usual: dict[str, int]  #: the person's other acts of this pack: acts, days, middle amount, score
    amount: int | None
    neighbours: list[tuple[str, int, int]]  #: account, its acts on this device, put aside of them
    partner: tuple[int, int, int]  #: judged acts, put aside, released by people
    decisions: list[Decided]
    photo: int | None  #: the token of a picture that came with it

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided yet."""
        return not self.decisions or self.decisions[-1].decision == "propose"


def review_queue(
    rules: RulesInForce, lang: str, count: int, *, by: str = "score", refused: bool = False
) -> list[QueueLine]:
    """Acts that wait for a person, or those that a rule refused; by ``score`` or by ``age``."""
    packs = {number: code for code, number in rules.pack_ids.items()}
    with bulk_transaction() as cursor:
        cursor.execute(_QUEUE.format(order=_ORDERS[by]), [3 if refused else 2, count])
        return [
            QueueLine(
                event,
                handle,
                packs[pack_id],
                rule,
                rule_sentence(section_of(rules, pack_id, version_id), rule, value, lang),
                score,
                source,
                at,
            )
            for event, handle, pack_id, version_id, rule, value, score, source, at, _ in cursor
        ]


def doubts_about(
    cursor: psycopg.Cursor[Any], key: uuid.UUID, rules: RulesInForce, lang: str
) -> list[Doubt]:
    """Why an act was put aside, the first reason first; empty if it never was."""
    cursor.execute(_ABOUT, [key])
    return [
        Doubt(
            at,
            source,
            rule,
            rule_sentence(section_of(rules, pack_id, version_id), rule, value, lang),
            consequence == 3,
        )
        for pack_id, version_id, rule, value, _, source, at, consequence, _ in cursor.fetchall()
    ]


def evidence(key: uuid.UUID, subject_id: int, rules: RulesInForce, lang: str) -> Evidence:
    """Everything side by side. Raises ``authenticity.event_not_judged``."""
    with bulk_transaction() as cursor:
        doubts = doubts_about(cursor, key, rules, lang)
        decisions = _decisions(cursor, key)
        cursor.execute(_LATEST, [key, subject_id], binary=True)
        row = cursor.fetchone()
        if row is None:
            raise Problem("authenticity.event_not_judged", event=key.hex)
        act, section = _one(row, rules)
        return Evidence(
            event=key.hex,
            account_id=act["account_id"],
            handle=_handle(cursor, act["account_id"]),
            doubts=doubts,
            findings=list(finding_sentences(section, act["findings"], act, lang)),
            signals=[signal_words(n, act[n], lang) for n in section.entry.rules.signals],
            score=act["score"],
            usual=_usual(cursor, section, act),
            amount=act["amount"],
            neighbours=_neighbours(cursor, act),
            partner=_partner(cursor, section, act),
            decisions=decisions,
            photo=act.get("photo"),
        )


@dataclass(frozen=True, slots=True)
class OwnDoubts:
    """What the person whom an act is about may read: why it waits, what was decided, what is kept.

    ``state`` is ``none`` (never put aside), ``waiting``, ``refused`` (by a rule or a person) or
    ``released``; ``note`` is the reason of the person who decided, if one did.
    """

    state: str
    sentences: list[str]
    note: str
    signals: list[tuple[str, str]]


def own_doubts(event: str, subject_id: int, rules: RulesInForce, lang: str) -> OwnDoubts:
    """An act's doubts for the person it is about; the caller has seen to it that it is hers."""
    key = uuid.UUID(hex=event)
    with bulk_transaction() as cursor:
        doubts = doubts_about(cursor, key, rules, lang)
        decided = [made for made in _decisions(cursor, key) if made.decision != "propose"]
        cursor.execute(_LATEST, [key, subject_id], binary=True)
        row = cursor.fetchone()
        signals: list[tuple[str, str]] = []
        if row is not None:
            act, section = _one(row, rules)
            told = [(name, act[name]) for name in section.entry.rules.signals]
            signals = [signal_words(name, value, lang) for name, value in told if value is not None]
    state = "none" if not doubts else "refused" if doubts[0].refused else "waiting"
    if decided and doubts:
        state = "released" if decided[-1].decision == "release" else "refused"
    note = decided[-1].note if decided else ""
    return OwnDoubts(state, [doubt.sentence for doubt in doubts], note, signals)


_NAMES: Final = (
    *("event_key", "subject_id", "account_id", "started_us", "ended_us", "amount", "findings"),
    *("device", "revision", "month", "day", "score", "age_days", "partner_id", "scene_id"),
    *("consequence", "decider", "told", "tier", "pack_version_id"),
    *SLOTS,
    "withdrawn",
)


def _one(row: tuple[Any, ...], rules: RulesInForce) -> tuple[dict[str, Any], Section]:
    version = row[_NAMES.index("pack_version_id")]
    section = next(s for s in sections(rules) if s.version_id == version)
    schema = {
        name: pl.Binary if name == "event_key" else pl.Boolean if name == "withdrawn" else pl.Int64
        for name in _NAMES
    }
    frame = named(pl.DataFrame([row], schema, orient="row"), section)
    return frame.row(0, named=True), section


def _handle(cursor: psycopg.Cursor[Any], account_id: int) -> str:
    cursor.execute("select handle from account where id = %s", [account_id])
    return str(cursor.fetchall()[0][0])


def _decisions(cursor: psycopg.Cursor[Any], key: uuid.UUID) -> list[Decided]:
    cursor.execute(_DECISIONS, [key])
    return [Decided(*row) for row in cursor.fetchall()]


def _usual(cursor: psycopg.Cursor[Any], section: Section, act: dict[str, Any]) -> dict[str, int]:
    acts = judged_acts(cursor, section, act["day"] - USUAL_DAYS, act["day"]).filter(
        (pl.col("account_id") == act["account_id"]) & ~pl.col("withdrawn")
    )
    return {
        "acts": len(acts),
        "days": acts["day"].n_unique(),
        "middle": _middle(acts["amount"]),
        "score": _middle(acts["score"]),
    }


def _middle(numbers: pl.Series) -> int:
    """The lower middle one of some numbers; 0 of none."""
    ordered = numbers.drop_nulls().sort().to_list()
    return int(ordered[(len(ordered) - 1) // 2]) if ordered else 0


def _neighbours(cursor: psycopg.Cursor[Any], act: dict[str, Any]) -> list[tuple[str, int, int]]:
    if act["device"] is None:
        return []
    cursor.execute(_ON_DEVICE, [act["device"], act["account_id"]])
    return [(handle, acts, aside) for handle, acts, aside in cursor.fetchall()]


def _partner(
    cursor: psycopg.Cursor[Any], section: Section, act: dict[str, Any]
) -> tuple[int, int, int]:
    cursor.execute(_OF_PARTNER, [act["partner_id"], section.pack_id, act["day"] - USUAL_DAYS])
    acts, aside, released = cursor.fetchall()[0]
    return acts, aside, released
