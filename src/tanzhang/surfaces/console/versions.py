"""Versions of packs and programmes as a page shows them: name, standing today, days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tanzhang.apps.catalogue.api import VersionEntry, catalogue_versions
from tanzhang.surfaces.console.ageing import today
from tanzhang.surfaces.console.times import day


@dataclass(frozen=True, slots=True)
class Version:
    """One version; ``standing`` is a word for today, the days are those on which it counts."""

    entry: VersionEntry
    standing: str
    first: date | None
    end: date | None

    @property
    def name(self) -> str:
        """Its name within the pack or programme."""
        return self.entry.version

    @property
    def may_be_proposed(self) -> bool:
        """Whether nobody proposed it and it is not in force."""
        return self.entry.state in ("loaded", "superseded") and self.entry.proposal_id is None


def versions_by_code(kind: str) -> dict[str, list[Version]]:
    """The versions of every ``pack`` or ``programme``, from old to new."""
    found: dict[str, list[Version]] = {}
    for entry in catalogue_versions():
        if entry.kind == kind:
            found.setdefault(entry.code, []).append(_version(entry))
    return found


def chosen(versions: Iterable[Version], asked: str | None) -> Version:
    """The version asked for, or the one in force today, or the last."""
    known = list(versions)
    exact = [version for version in known if version.name == asked]
    in_force = [version for version in known if version.standing == "in_force"]
    return (exact or in_force or known)[-1]


def standing_of(entry: VersionEntry) -> str:
    """``loaded``, ``proposed``, ``coming``, ``in_force``, ``ended`` or ``superseded``."""
    if entry.in_force is None:
        return entry.state
    if entry.in_force_on(today()):
        return "in_force"
    return "coming" if today() < entry.in_force[0] else "ended"


def _version(entry: VersionEntry) -> Version:
    first, end = entry.in_force or (entry.valid_from, entry.valid_to)
    return Version(entry, standing_of(entry), day(first), day(end))
