"""The record of processing activities, made from what the installation really has.

Nobody writes it: partners, agreements, purposes, assessments, personal fields, classes of columns
and terms of keeping are read from where the platform itself obeys them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.apps.columns import classified
from tanzhang.apps.partners.api import AgreementKind, agreements, partner_lines
from tanzhang.apps.people import api as people
from tanzhang.apps.people.api import AssessmentEntry

#: What an agreement lets a partner do, as a purpose of consent.
_PURPOSES: Final = {
    AgreementKind.REPORT: "collect",
    AgreementKind.PULL: "collect",
    AgreementKind.READ_BALANCE: "share_balance",
}


@dataclass(frozen=True, slots=True)
class Processing:
    """One thing that is done with people's data together with one partner."""

    partner: str
    partner_title: dict[str, str]
    purpose: str
    purpose_title: dict[str, str]
    scenes: Sequence[str]
    fields: Sequence[str]
    sensitive: Sequence[str]
    country: str
    since: datetime
    until: datetime | None
    assessment: int | None  #: the number of the impact assessment that holds
    necessity: str
    owner: str  #: the log-in of whoever here answers for it


@dataclass(frozen=True, slots=True)
class ProcessingRecord:
    """Everything that the record says, as of one instant."""

    installation: str
    at: datetime
    contact: str
    processing: Sequence[Processing]
    personal_fields: Sequence[dict[str, Any]]
    columns: dict[str, int]  #: how many columns there are of each class and protection
    terms: Sequence[dict[str, Any]]
    volumes: dict[str, int]

    def as_json(self) -> dict[str, Any]:
        """As plain JSON, in an order that does not change."""
        return {
            "installation": self.installation,
            "at": people.plain(self.at),
            "contact": self.contact,
            "processing": [_processing_json(each) for each in self.processing],
            "personal_fields": list(self.personal_fields),
            "columns": self.columns,
            "retention": list(self.terms),
            "volumes": self.volumes,
        }


def processing_record(rules: RulesInForce, at: datetime, contact: str) -> ProcessingRecord:
    """The record as of an instant; ``contact`` is whoever is responsible for personal data."""
    return ProcessingRecord(
        installation=people.installation().id_text,
        at=at,
        contact=contact,
        processing=_processing(rules, at),
        personal_fields=[
            {
                "field": field.name,
                "class": field.data_class.value,
                "title": dict(field.title),
                "purpose": dict(field.purpose),
            }
            for field in people.vault.declared().values()
        ],
        columns=_columns(),
        terms=[
            {
                "name": term.name,
                "days": None if term.stays else term.days,
                "title": dict(term.title),
                "reason": dict(term.reason),
            }
            for term in people.terms().values()
        ],
        volumes=_volumes(at),
    )


def _processing(rules: RulesInForce, at: datetime) -> list[Processing]:
    held = [each for each in people.assessments() if _holds(each, at)]
    found = []
    for line in partner_lines():
        for agreement in agreements(line.id):
            purpose = _PURPOSES.get(agreement.kind)
            if purpose is None or not agreement.is_live(at):
                continue
            own = next((e for e in held if (e.partner_id, e.purpose) == (line.id, purpose)), None)
            scenes = _scenes(rules, line.programme_id, line.code, agreement.scenes)
            found.append(
                Processing(
                    partner=line.code,
                    partner_title={"zh": line.title_zh, "en": line.title_en},
                    purpose=purpose,
                    purpose_title=dict(people.purposes()[purpose].title),
                    scenes=scenes,
                    fields=_fields(rules, line.programme_id, scenes, own, purpose),
                    sensitive=_sensitive(rules, line.programme_id, scenes),
                    country=own.country if own else "CN",
                    since=agreement.valid_from,
                    until=agreement.valid_until,
                    assessment=own.id if own else None,
                    necessity=own.necessity if own else "",
                    owner=own.owner if own else "",
                )
            )
    return found


def _holds(found: AssessmentEntry, at: datetime) -> bool:
    over = found.ended_at is not None and found.ended_at <= at
    return found.decision == "approved" and found.valid_from <= at < found.valid_until and not over


def _scenes(
    rules: RulesInForce, programme_id: int, code: str, only: Sequence[str] | None
) -> list[str]:
    """The scenes that a partner may report: of the programme's, those that its agreement names."""
    file = rules.programme_file(rules.programme_code(programme_id))
    known = {scene for scenes in file.scenes.values() for scene in scenes}
    own = {scene for scene in known if file.may_report(code, scene)}
    return sorted(own if only is None else own & set(only))


def _fields(
    rules: RulesInForce,
    programme_id: int,
    scenes: Sequence[str],
    own: AssessmentEntry | None,
    purpose: str,
) -> list[str]:
    """What is collected or read: as assessed, else what the scenes' methodologies read."""
    if own is not None:
        return sorted(own.fields)
    if purpose != "collect":
        return ["balance"]
    inputs = {
        f"{scene}/{entry.name}" for scene in scenes for entry in _inputs(rules, programme_id, scene)
    }
    return sorted(inputs)


def _sensitive(rules: RulesInForce, programme_id: int, scenes: Sequence[str]) -> list[str]:
    kinds = {entry.sensitive for scene in scenes for entry in _inputs(rules, programme_id, scene)}
    return sorted(kinds - {""})


def _inputs(rules: RulesInForce, programme_id: int, scene: str) -> Sequence[Any]:
    """The inputs of the latest version of the methodology that counts a scene."""
    file = rules.programme_file(rules.programme_code(programme_id))
    packs = [scenes[scene].pack for scenes in file.scenes.values() if scene in scenes]
    editions = rules.library.packs.get(packs[-1], ()) if packs else ()
    return editions[-1].definition.inputs if editions else ()


def _columns() -> dict[str, int]:
    counted = Counter(
        " ".join(part for part in (column.data_class.value, column.protection.value) if part)
        for column in classified().values()
    )
    return dict(sorted(counted.items()))


def _volumes(at: datetime) -> dict[str, int]:
    found = people.volumes(at)
    return {name: getattr(found, name) for name in found.__slots__}


def _processing_json(each: Processing) -> dict[str, Any]:
    return {name: people.plain(getattr(each, name)) for name in each.__slots__}
