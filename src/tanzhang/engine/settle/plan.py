"""A rulebook, laid out for columns: every version and every limit has a number.

Versions of all packs are numbered in rulebook order (``PlannedVersion``), and so are the versions
of all programmes. A *family* is a limit's identity over all versions that state it; families are
listed in the order in which they act (design §2 "Limits", §10.13-14).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from tanzhang.engine.acts import Acts
from tanzhang.engine.rules import (
    ConflictClass,
    Flags,
    Ints,
    Kind,
    Limit,
    PackVersion,
    Period,
    ProgrammeVersion,
    Rulebook,
    Scope,
)
from tanzhang.engine.settle.segments import by_code, distinct


@dataclass(frozen=True, slots=True)
class Family:
    """One limit over all versions: where it acts and how much room each version gives.

    ``room`` maps a pack version's number to its (value, whole); ``replaced`` maps a programme
    version's number to the (value, whole) that it puts in the pack's place; ``own`` does the same
    for a limit of the programme itself.
    """

    owner: str
    name: str
    kind: Kind
    scope: Scope
    period: Period
    per_item_key: bool
    from_pack: bool
    room: dict[int, tuple[int, bool]] = field(default_factory=dict)
    replaced: dict[int, tuple[int, bool]] = field(default_factory=dict)

    @property
    def rank(self) -> tuple[int, int, int, str, bool, str]:
        """The place in the cascade: shortest period first, item before scene before account …"""
        return (self.period, self.scope, self.kind, self.name, not self.from_pack, self.owner)

    def part(self, acts: Acts, rows: Ints) -> Ints:
        """Which part of its owner's acts each row belongs to: a scene, a pack, or (0) all.

        A pack's own limits count its acts alone; a programme's limit of scope item counts each
        pack's acts apart.
        """
        if self.scope is Scope.SCENE:
            return acts.scene[rows]
        if self.scope is Scope.ITEM and not self.from_pack:
            return acts.pack[rows]
        return np.zeros(len(rows), np.int64)


@dataclass(frozen=True, slots=True)
class Plan:
    """What settlement looks up by number."""

    versions: tuple[PackVersion, ...]
    #: For each pack: the number of its first version and the first days of all its versions.
    first_version: Ints
    version_days: tuple[Ints, ...]
    #: Number of the conflict class of each version, -1 for none.
    class_of_version: Ints
    classes: tuple[ConflictClass, ...]
    programme_versions: tuple[ProgrammeVersion, ...]
    first_programme_version: Ints
    programme_days: tuple[Ints, ...]
    programme_zones: tuple[str, ...]
    programme_ends: Ints
    families: tuple[Family, ...]
    pack_names: tuple[str, ...]
    #: For each version's number (and -1) whether its acts yield no grams by design.
    zero_by_design: Flags

    def stated(self, family: Family, version: Ints, programme_version: Ints) -> Flags:
        """Which acts a limit counts, by the versions that are in force for them."""
        stating = version if family.from_pack else programme_version
        return np.isin(stating, list(family.room))

    def ever_stated(self, family: Family, acts: Acts) -> Flags:
        """Which acts a limit counts or has counted: any version of their pack (or programme)."""
        first = self.first_version if family.from_pack else self.first_programme_version
        owners = np.searchsorted(first, list(family.room), side="right") - 1
        return np.isin(acts.pack if family.from_pack else acts.programme, owners)

    def input_values(self, acts: Acts, version: Ints, slot: int, rows: Ints) -> Ints:
        """An input of some acts as their formulas see it: reported, or the version's default.

        ``version`` numbers the version of every act; a version without such an input counts 0.
        """
        given = acts.given[rows, slot]
        if given.all():
            return np.asarray(acts.inputs[rows, slot])
        defaults = [
            rule.inputs[slot].default if slot < len(rule.inputs) else 0 for rule in self.versions
        ]
        default = np.array(defaults, np.int64)[version[rows]]
        return np.where(given, acts.inputs[rows, slot], default)

    def pack_version(self, pack: Ints, day: Ints) -> Ints:
        """The number of the pack version in force on each day, -1 for none."""
        number = np.full(len(pack), -1, np.int64)
        for index, rows in by_code(pack):
            place = np.searchsorted(self.version_days[index], day[rows], side="right") - 1
            number[rows] = np.where(place < 0, -1, self.first_version[index] + place)
        ends = np.array([version.valid_to for version in self.versions], np.int64)
        return np.where((number >= 0) & (day < ends[number]), number, -1)

    def programme_version(self, programme: Ints, day: Ints) -> Ints:
        """The number of the programme version in force; its first or last one outside its life."""
        number = np.zeros(len(programme), np.int64)
        for index in distinct(programme):
            rows = programme == index
            place = np.searchsorted(self.programme_days[index], day[rows], side="right") - 1
            number[rows] = self.first_programme_version[index] + np.maximum(place, 0)
        return number


_plans: list[tuple[Rulebook, Plan]] = []


def plan_of(rulebook: Rulebook) -> Plan:
    """The plan of a rulebook; the last few are kept, since a worker settles by one for days."""
    for known, plan in _plans:
        if known is rulebook:
            return plan
    plan = _make_plan(rulebook)
    _plans[:] = [*_plans[-3:], (rulebook, plan)]
    return plan


def _make_plan(rulebook: Rulebook) -> Plan:
    versions = tuple(version for pack in rulebook.packs.values() for version in pack)
    classes = tuple(
        {v.conflict_class.name: v.conflict_class for v in versions if v.conflict_class}.values()
    )
    number_of_class = {conflict_class.name: n for n, conflict_class in enumerate(classes)}
    programmes = tuple(rulebook.programmes.values())
    return Plan(
        versions=versions,
        first_version=_first_numbers(rulebook.packs),
        version_days=tuple(
            np.array([version.valid_from for version in pack], np.int64)
            for pack in rulebook.packs.values()
        ),
        class_of_version=np.array(
            [number_of_class[v.conflict_class.name] if v.conflict_class else -1 for v in versions],
            np.int64,
        ),
        classes=classes,
        programme_versions=tuple(v for programme in programmes for v in programme.versions),
        first_programme_version=_first_numbers({p.id: p.versions for p in programmes}),
        programme_days=tuple(
            np.array([version.valid_from for version in programme.versions], np.int64)
            for programme in programmes
        ),
        programme_zones=tuple(programme.time_zone for programme in programmes),
        programme_ends=np.array([p.versions[-1].valid_to for p in programmes], np.int64),
        families=_families(rulebook),
        pack_names=tuple(rulebook.packs),
        zero_by_design=np.array([version.zero_by_design for version in versions] + [False], bool),
    )


def _first_numbers(groups: Mapping[str, tuple[object, ...]]) -> Ints:
    sizes = [len(group) for group in groups.values()]
    return np.concatenate([[0], np.cumsum(sizes)])[:-1].astype(np.int64)


def _families(rulebook: Rulebook) -> tuple[Family, ...]:
    families: dict[tuple[object, ...], Family] = {}

    def family_of(limit: Limit) -> Family:
        identity = (limit.owner, limit.name, limit.from_pack, limit.kind, limit.scope, limit.period)
        return families.setdefault(
            (*identity, limit.per_item_key),
            Family(
                owner=limit.owner,
                name=limit.name,
                kind=limit.kind,
                scope=limit.scope,
                period=limit.period,
                per_item_key=limit.per_item_key,
                from_pack=limit.from_pack,
            ),
        )

    versions = [version for pack in rulebook.packs.values() for version in pack]
    for number, version in enumerate(versions):
        for limit in version.limits:
            family_of(limit).room[number] = (limit.value, limit.whole)
    programme_versions = [v for p in rulebook.programmes.values() for v in p.versions]
    for number, programme_version in enumerate(programme_versions):
        for limit in programme_version.limits:
            if not limit.from_pack:
                family_of(limit).room[number] = (limit.value, limit.whole)
                continue
            # A replacing limit keeps the pack's kind, scope and period: only its room is new.
            for family in families.values():
                if (family.owner, family.name, family.from_pack) == (limit.owner, limit.name, True):
                    family.replaced[number] = (limit.value, limit.whole)
    return tuple(sorted(families.values(), key=lambda family: family.rank))
