"""Impact assessments: one person proposes, another approves, and nothing of them is ever changed.

A change of fields, recipient, rule or country is another assessment, which needs both persons
again. Rows are only ever added, so that each is there for the three years that the law asks for.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from tanzhang.apps.people.consenting.models import ImpactAssessment, ImpactDecision, ImpactEnd
from tanzhang.apps.people.installation import installation
from tanzhang.problems import Problem

#: No assessment holds for longer without being made again.
LONGEST: Final = timedelta(days=3 * 366)

#: Who signs the assessments of a demonstration, whose partners and people are made up.
_MADE_UP: Final = ("demonstration", "demonstration, second person")

#: Made-up cities report of days long past, as if it were then.
_MADE_UP_SINCE: Final = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an assessment says.

    ``necessity``, ``impact`` and ``measures`` are the three points of PIPL 56. ``owner`` is the
    log-in of whoever here answers for the connection (GB/T 35273-2020, 9.7). ``contract`` names
    that of a partner who handles data in our name, with its ``sub_processors``.
    """

    partner_id: int
    purpose: str
    fields: Sequence[str]
    valid_until: datetime
    necessity: str
    impact: str
    measures: str
    owner: str
    valid_from: datetime | None = None
    country: str = "CN"
    mechanism: str | None = None
    contract: str | None = None
    sub_processors: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class AssessmentEntry:
    """An assessment and what became of it; ``decision`` is empty while it waits."""

    id: int
    partner_id: int
    purpose: str
    fields: tuple[str, ...]
    country: str
    mechanism: str | None
    contract: str | None
    sub_processors: tuple[str, ...]
    necessity: str
    impact: str
    measures: str
    owner: str
    valid_from: datetime
    valid_until: datetime
    is_fictitious: bool
    proposed_by: str
    proposed_at: datetime
    decision: str
    decided_by: str
    note: str
    ended_at: datetime | None
    ended_by: str
    reason: str
    data_left: str

    def state(self, at: datetime) -> str:
        """waiting, refused, withdrawn, ended, run_out, coming or live."""
        if self.decision != "approved":
            return self.decision or "waiting"
        if self.ended_at is not None and self.ended_at <= at:
            return "ended"
        if self.valid_until <= at:
            return "run_out"
        return "live" if self.valid_from <= at else "coming"


def assessments() -> list[AssessmentEntry]:
    """Every assessment, the youngest first."""
    rows = ImpactAssessment.objects.select_related("impactdecision", "impactend").order_by("-id")
    return [_entry(row) for row in rows]


def assessment(number: int) -> AssessmentEntry:
    """One assessment. Raises ``consenting.assessment_unknown``."""
    found = next((entry for entry in assessments() if entry.id == number), None)
    if found is None:
        raise Problem("consenting.assessment_unknown", number=number)
    return found


@transaction.atomic
def propose_assessment(proposal: Proposal, *, by: str) -> int:
    """Write an assessment down for another person to decide; its number.

    Raises ``consenting.assessment_incomplete`` and ``consenting.assessment_span``.
    """
    return _store(proposal, _person(by), is_fictitious=False)


@transaction.atomic
def approve_assessment(number: int, *, by: str, note: str = "") -> None:
    """Let an assessment hold.

    Raises ``consenting.same_person`` and ``consenting.assessment_decided``.
    """
    _decide(number, "approved", _person(by), note)


@transaction.atomic
def refuse_assessment(number: int, *, by: str, note: str = "") -> None:
    """Refuse an assessment for good. Raises what ``approve_assessment`` raises."""
    _decide(number, "refused", _person(by), note)


@transaction.atomic
def withdraw_assessment(number: int, *, by: str, note: str = "") -> None:
    """Its author takes an assessment back. Raises ``consenting.other_person`` too."""
    _decide(number, "withdrawn", _person(by), note)


@transaction.atomic
def end_assessment(number: int, *, by: str, reason: str, data_left: str) -> str:
    """End an approved assessment now; the certificate of what became of the partner's data.

    ``data_left`` is ``none``, ``returned`` or ``deleted``. The certificate is canonical JSON; its
    ``digest`` is SM3 over the rest. Raises ``consenting.assessment_over``.
    """
    entry = assessment(number)
    if entry.state(timezone.now()) not in ("live", "coming"):
        raise Problem("consenting.assessment_over", number=number)
    if not reason.strip() or data_left not in ("none", "returned", "deleted"):
        raise Problem("consenting.assessment_incomplete", part="reason")
    ImpactEnd.objects.create(
        assessment_id=number, ended_by=_person(by), reason=reason.strip(), data_left=data_left
    )
    return certificate(number)


def certificate(number: int) -> str:
    """What became of a partner's data when its processing ended.

    Raises ``consenting.assessment_not_over``.
    """
    entry = assessment(number)
    if entry.ended_at is None:
        raise Problem("consenting.assessment_not_over", number=number)
    told: dict[str, Any] = {
        "assessment": entry.id,
        "contract": entry.contract,
        "country": entry.country,
        "data_left": entry.data_left,
        "ended_at": entry.ended_at.isoformat(),
        "ended_by": entry.ended_by,
        "fields": sorted(entry.fields),
        "partner": entry.partner_id,
        "purpose": entry.purpose,
        "reason": entry.reason,
        "sub_processors": sorted(entry.sub_processors),
    }
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    digest = hashlib.new("sm3", text.encode()).hexdigest()
    return json.dumps(told | {"digest": f"sm3:{digest}"}, ensure_ascii=False, sort_keys=True)


@transaction.atomic
def assess_fictitious(partner_id: int, purpose: str, fields: Sequence[str]) -> int | None:
    """An approved assessment of a made-up partner, where everybody is made up; its number.

    None if one with these fields is there. Raises ``people.installation_live``.
    """
    if not installation().is_fictitious:
        raise Problem("people.installation_live")
    now = timezone.now()
    for known in assessments():
        if (known.partner_id, known.purpose) == (partner_id, purpose) and (
            set(known.fields) >= set(fields) and known.state(now) == "live"
        ):
            return None
    made_up = "Fictitious, for a demonstration. 虚构，仅供演示。"
    proposal = Proposal(
        partner_id=partner_id,
        purpose=purpose,
        fields=fields,
        valid_from=_MADE_UP_SINCE,
        valid_until=now + timedelta(days=366),
        necessity=made_up,
        impact=made_up,
        measures=made_up,
        owner=_MADE_UP[0],
    )
    author, second = _MADE_UP
    number = _store(proposal, author, is_fictitious=True)
    _decide(number, "approved", second, made_up)
    return number


def _store(proposal: Proposal, by: str, *, is_fictitious: bool) -> int:
    now = timezone.now()
    begins = proposal.valid_from or now
    for part in ("necessity", "impact", "measures", "owner", "purpose"):
        if not getattr(proposal, part).strip():
            raise Problem("consenting.assessment_incomplete", part=part)
    if not proposal.fields or (proposal.country != "CN" and not proposal.mechanism):
        raise Problem("consenting.assessment_incomplete", part="fields, mechanism")
    longest = proposal.valid_until - begins if is_fictitious else LONGEST
    if not begins < proposal.valid_until <= begins + longest:
        raise Problem("consenting.assessment_span", days=LONGEST.days)
    made = ImpactAssessment.objects.create(
        partner_id=proposal.partner_id,
        purpose=proposal.purpose,
        fields=sorted(set(proposal.fields)),
        country=proposal.country,
        mechanism=proposal.mechanism,
        contract=proposal.contract,
        sub_processors=sorted(set(proposal.sub_processors)),
        necessity=proposal.necessity.strip(),
        impact=proposal.impact.strip(),
        measures=proposal.measures.strip(),
        owner=proposal.owner.strip(),
        valid_from=begins,
        valid_until=proposal.valid_until,
        is_fictitious=is_fictitious,
        proposed_by=by,
    )
    return int(made.pk)


def _decide(number: int, decision: str, by: str, note: str) -> None:
    found = ImpactAssessment.objects.filter(pk=number).first()
    if found is None:
        raise Problem("consenting.assessment_unknown", number=number)
    if ImpactDecision.objects.filter(pk=number).exists():
        raise Problem("consenting.assessment_decided", number=number)
    is_author = by.casefold() == found.proposed_by.casefold()
    if is_author != (decision == "withdrawn"):
        code = "consenting.same_person" if is_author else "consenting.other_person"
        raise Problem(code, person=found.proposed_by)
    ImpactDecision.objects.create(
        assessment_id=number,
        decision=decision,
        proposed_by=found.proposed_by,
        decided_by=found.proposed_by if is_author else by,
        note=note,
    )


def _person(name: str) -> str:
    stripped = name.strip()
    if not stripped or stripped in _MADE_UP:
        raise Problem("consenting.person_missing")
    return stripped


def _entry(row: ImpactAssessment) -> AssessmentEntry:
    decision: ImpactDecision | None = getattr(row, "impactdecision", None)
    end: ImpactEnd | None = getattr(row, "impactend", None)
    return AssessmentEntry(
        id=int(row.pk),
        partner_id=row.partner_id,
        purpose=row.purpose,
        fields=tuple(row.fields),
        country=row.country,
        mechanism=row.mechanism,
        contract=row.contract,
        sub_processors=tuple(row.sub_processors),
        necessity=row.necessity,
        impact=row.impact,
        measures=row.measures,
        owner=row.owner,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        is_fictitious=row.is_fictitious,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        decision="" if decision is None else decision.decision,
        decided_by="" if decision is None else decision.decided_by,
        note="" if decision is None else decision.note,
        ended_at=None if end is None else end.ended_at,
        ended_by="" if end is None else end.ended_by,
        reason="" if end is None else end.reason,
        data_left="" if end is None else end.data_left,
    )
