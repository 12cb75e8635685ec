"""Which versions count on which days, once somebody has decided from when each of them counts.

A version says in its file from which day it *could* apply; it applies from the day of its
activation, and not before. A version that is in force ends where a newer one begins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from tanzhang.engine.packs.library import PackLibrary
from tanzhang.engine.rules import FOR_EVER, PackVersion, Programme, ProgrammeVersion, Rulebook

Version = TypeVar("Version", PackVersion, ProgrammeVersion)


@dataclass(frozen=True, slots=True)
class Activated:
    """From which local day a version counts, and the end that was agreed with it (exclusive)."""

    from_day: int
    end: int = FOR_EVER


def version_name(code: str, version: str) -> str:
    """``meituan-bike@1``: a pack's or a programme's version (no programme is named as a pack)."""
    return f"{code}@{version}"


def activated_rules(library: PackLibrary, activated: Mapping[str, Activated]) -> Rulebook:
    """The rulebook of the versions in ``activated`` (by ``version_name``) and of no others.

    Each is in force for local days [max(its first day, its activation), its end), cut where a
    newer version of the same begins; a version that has no day left is left out, and so is a pack
    or a programme without versions.
    """
    packs = {
        code: in_force(code, [edition.rules for edition in editions], activated)
        for code, editions in sorted(library.packs.items())
    }
    programmes = {
        code: replace(file.rules, versions=in_force(code, file.rules.versions, activated))
        for code, file in sorted(library.programmes.items())
    }
    return Rulebook(
        packs={code: versions for code, versions in packs.items() if versions},
        programmes={code: rules for code, rules in programmes.items() if rules.versions},
    )


def in_force(
    code: str, versions: Sequence[Version], activated: Mapping[str, Activated]
) -> tuple[Version, ...]:
    """The activated ones of these versions, old to new, with the days that remain to each."""
    found: list[Version] = []
    newer = FOR_EVER
    for version in reversed(versions):
        decided = activated.get(version_name(code, version.version))
        if decided is None:
            continue
        first, end = max(version.valid_from, decided.from_day), min(decided.end, newer)
        if first < end:
            found.append(replace(version, valid_from=first, valid_to=end))
        newer = min(newer, first)
    return tuple(reversed(found))


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose acts two rulebooks may treat differently: packs, programmes, local days [from, to)."""

    packs: frozenset[str]
    programmes: frozenset[str]
    from_day: int
    to_day: int


def reach(before: Rulebook, after: Rulebook) -> Reach | None:
    """The days on which another version is in force, and of which packs and programmes.

    Versions are told apart by name: a name means one thing for ever. None if nothing differs.
    """
    packs = _differing(before.packs, after.packs)
    programmes = _differing(_versions(before.programmes), _versions(after.programmes))
    spans = [*packs.values(), *programmes.values()]
    if not spans:
        return None
    return Reach(
        packs=frozenset(packs),
        programmes=frozenset(programmes),
        from_day=min(first for first, _ in spans),
        to_day=max(end for _, end in spans),
    )


def _versions(programmes: Mapping[str, Programme]) -> Mapping[str, tuple[ProgrammeVersion, ...]]:
    return {code: programme.versions for code, programme in programmes.items()}


def _differing(
    before: Mapping[str, Sequence[Version]], after: Mapping[str, Sequence[Version]]
) -> dict[str, tuple[int, int]]:
    """From the first to the last day on which a code's version differs, for each that does."""
    found: dict[str, tuple[int, int]] = {}
    for code in before.keys() | after.keys():
        old: Sequence[Version] = before.get(code, ())
        new: Sequence[Version] = after.get(code, ())
        edges = sorted({day for v in [*old, *new] for day in (v.valid_from, v.valid_to)})
        days = [
            day
            for place, first in enumerate(edges[:-1])
            if _name_on(old, first) != _name_on(new, first)
            for day in (first, edges[place + 1])
        ]
        if days:
            found[code] = (days[0], days[-1])
    return found


def _name_on(versions: Sequence[Version], day: int) -> str | None:
    return next((v.version for v in versions if v.valid_from <= day < v.valid_to), None)
