"""Factors whose validity has ended, or ends soon: somebody has to look for a newer value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from tanzhang.engine.packs import CompiledPack, PackLibrary, Text
from tanzhang.stored_time import date_of, day_number

#: So many days before its end a factor is worth a look.
SOON_DAYS = 90


@dataclass(frozen=True, slots=True)
class AgeingFactor:
    """A factor of a pack in force, and what its conservative rule says afterwards."""

    pack: str
    name: str
    title: Text
    last: date  #: the last day on which its value is valid
    rule: str
    past: bool


def today() -> int:
    """Days since 1970-01-01, in UTC."""
    return day_number(datetime.now(UTC).date())


def ageing_factors(library: PackLibrary, day: int) -> list[AgeingFactor]:
    """The factors in force on a day that are past their validity or soon will be."""
    found = [
        factor
        for editions in library.packs.values()
        for edition in editions
        if edition.in_force(day)
        for factor in _ageing(edition, day)
    ]
    return sorted(found, key=lambda factor: (factor.last, factor.pack, factor.name))


def _ageing(edition: CompiledPack, day: int) -> Iterator[AgeingFactor]:
    for factor in edition.definition.factors:
        for spell in factor.spells:
            if spell.rule and spell.first <= day + SOON_DAYS and day < spell.end:
                yield AgeingFactor(
                    pack=edition.id,
                    name=factor.name,
                    title=factor.title,
                    last=date_of(spell.first - 1),
                    rule=spell.rule,
                    past=spell.first <= day,
                )
