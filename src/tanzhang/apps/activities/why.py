"""Why one act has its number, as its owner reads it.

The story with its names, the methodology behind it, what was taken and to whom, and how it came to
stand so. Of another person it says that she exists, and nothing more: a shared bill that somebody
else reported first must not tell who did.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tanzhang.apps.activities.current import Months, current_acts
from tanzhang.apps.activities.elsewhere import Elsewhere, counted_elsewhere
from tanzhang.apps.activities.limits_in_words import limit_in_words
from tanzhang.apps.activities.models import EventIdentity, PieceSettlement
from tanzhang.apps.activities.naming import Naming, Record, naming
from tanzhang.apps.activities.story import Story, story
from tanzhang.apps.activities.suspicion.telling import suspected
from tanzhang.apps.activities.words import grams, reason_sentence, say
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.api import AccountEntry
from tanzhang.engine.packs import CompiledPack
from tanzhang.stored_time import date_of, microseconds


@dataclass(frozen=True, slots=True)
class Methodology:
    """What a citizen may want to know of the pack that counted her act."""

    pack: str
    version: str
    title: str
    issuer: str
    document: str
    document_number: str
    standard: str  #: one of ``STANDARD_KINDS``
    valid_from: date
    valid_until: date | None  #: the last day; None while no end is known
    author: str
    reviewed_by: str  #: empty if nobody has reviewed it
    reviewed_on: date | None
    reviewed_what: str
    notes: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What one limit took: in words, and whose rule it is."""

    mg: int
    limit: str
    owner_title: str


@dataclass(frozen=True, slots=True)
class Change:
    """One outcome as it was posted; ``reduction_mg`` and ``points`` are what it changed."""

    posted_us: int
    cause: str  #: in words
    status: str
    reduction_mg: int
    points: int


@dataclass(frozen=True, slots=True)
class Why:
    """Everything behind one number."""

    lang: str
    zone: str
    record: Record
    told: Story
    sentences: Sequence[str]  #: the outcome, and its reason if it has one
    methodology: Methodology | None  #: None where none was in force
    taken: Sequence[Taken]
    winner: Record | None  #: the act of this account that stands for this one
    elsewhere: Elsewhere | None  #: the one in another account of hers that does
    lost_to_another_person: bool
    changes: Sequence[Change]

    @property
    def counted_elsewhere(self) -> str | None:
        """That another account of hers has it, in a sentence of the story's language."""
        return None if self.elsewhere is None else self.elsewhere.sentence(self.lang)


def why(account: AccountEntry, event: str, rules: RulesInForce, lang: str) -> Why:
    """The reason of one of the account's acts. Raises what ``story`` raises."""
    told, names = story(account, event, rules, lang), naming(account, rules, lang)
    edition = next((e for e in rules.library.packs[told.pack] if e.version == told.version), None)
    record = _record(told, names)
    winner = _winner(account, told, names)
    elsewhere = counted_elsewhere(account, told, rules, lang)
    return Why(
        lang=lang,
        zone=names.zone.key,
        record=record,
        told=told,
        sentences=_sentences(told, lang),
        methodology=_methodology(edition, lang) if edition else None,
        taken=[
            Taken(
                cut.mg,
                limit_in_words(rules, cut.owner, cut.name, lang),
                _owner_title(rules, cut.owner, lang),
            )
            for cut in told.cuts
        ],
        winner=winner,
        elsewhere=elsewhere,
        lost_to_another_person=bool(told.lost_to) and winner is None and elsewhere is None,
        changes=_changes(told, names),
    )


def _record(told: Story, names: Naming) -> Record:
    scene_titles = dict(names.scenes.values())
    partner_titles = dict(names.partners.values())
    return Record(
        event=told.event,
        scene=told.scene,
        scene_title=scene_titles[told.scene],
        partner=told.partner,
        partner_title=partner_titles[told.partner],
        day=names.day(told.started_us),
        started_us=told.started_us,
        ended_us=told.ended_us,
        status=told.status,
        reason=told.reason,
        gross_mg=told.gross_mg,
        reduction_mg=told.reduction_mg,
        points=told.points,
    )


def _sentences(told: Story, lang: str) -> list[str]:
    amount = grams(told.reduction_mg, lang)
    outcome = say("status", told.status, lang, credited=amount, points=told.points)
    usual = [outcome] if told.reason == "none" else [outcome, reason_sentence(told.reason, lang)]
    found = suspected(uuid.UUID(told.event))
    return usual if found is None else found.sentences(usual, lang)


def _winner(account: AccountEntry, told: Story, names: Naming) -> Record | None:
    """The act that this one lost to, if it is of the same account."""
    if told.lost_to is None:
        return None
    known = EventIdentity.objects.filter(
        event_key=uuid.UUID(told.lost_to), subject_id=account.subject_id
    )
    months = sorted(set(known.values_list("month", flat=True)))
    if not months:
        return None
    with bulk_transaction() as cursor:
        acts = current_acts(cursor, account, Months(months))
    found = next((act for act in acts if act.event == told.lost_to), None)
    return names.record(found) if found else None


def _methodology(edition: CompiledPack, lang: str) -> Methodology:
    pack = edition.definition
    review = pack.review
    return Methodology(
        pack=pack.id,
        version=edition.version,
        title=pack.title[lang],
        issuer=pack.issuer[lang],
        document=pack.document[lang],
        document_number=pack.document_number,
        standard=pack.standard,
        valid_from=date_of(edition.rules.valid_from),
        valid_until=None if _is_open(edition) else date_of(edition.rules.valid_to - 1),
        author=pack.author,
        reviewed_by=review.by[lang] if review else "",
        reviewed_on=date_of(review.on) if review else None,
        reviewed_what=review.what[lang] if review and review.what else "",
        notes=pack.notes[lang] if pack.notes else "",
    )


def _is_open(edition: CompiledPack) -> bool:
    pack = edition.definition
    return pack.for_ever and edition.rules.valid_to == pack.valid_to


def _owner_title(rules: RulesInForce, owner: str, lang: str) -> str:
    if owner in rules.rulebook.programmes:
        return rules.programme_file(owner).title[lang]
    return rules.library.packs[owner][-1].definition.title[lang]


def _changes(told: Story, names: Naming) -> list[Change]:
    pieces = {line.piece_id for line in told.history}
    rows = PieceSettlement.objects.filter(piece_id__in=pieces)
    settled = {piece: microseconds(at) for piece, at in rows.values_list("piece_id", "settled_at")}
    return [
        Change(
            posted_us=settled[line.piece_id],
            cause=say("cause", line.cause, names.lang),
            status=line.status,
            reduction_mg=line.reduction_mg,
            points=line.points,
        )
        for line in told.history
    ]
