"""Reads: what an activation would change, before anybody decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from tanzhang.apps.catalogue.changes import RulesChange
from tanzhang.apps.catalogue.models import Activation, ActivationItem
from tanzhang.apps.catalogue.stored import activated_versions, loaded_library
from tanzhang.apps.catalogue.targets import (
    Target,
    editions_of,
    find_targets,
    item_name,
    once_activated,
)
from tanzhang.engine.packs import CompiledPack, PackLibrary, Text
from tanzhang.engine.packs.activated import Activated, activated_rules, reach
from tanzhang.engine.packs.changes import Change, change, day
from tanzhang.engine.packs.pack_changes import edition_changes, pack_changes
from tanzhang.engine.packs.programme_changes import programme_changes
from tanzhang.engine.rules import PackVersion, ProgrammeVersion, Rulebook
from tanzhang.problems import Problem


@dataclass(frozen=True, slots=True)
class VersionPreview:
    """What one version would change; ``against`` names what is in force then, empty for nothing."""

    name: str
    title: Text
    against: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What activating some versions from a local day on would change, and whose acts it reaches."""

    versions: tuple[VersionPreview, ...]
    from_day: int
    change: RulesChange


def preview(names: Iterable[str], from_day: int | None = None) -> Preview:
    """The preview of activating versions from a day on.

    By default that is their earliest first day; of versions that are activated already, the day
    from which they all count, so that only their ends change. Raises
    ``catalogue.version_unknown`` and ``catalogue.version_unpublished``.
    """
    targets = find_targets(names)
    library, before = loaded_library(), activated_versions()
    first = _first_day(targets, before) if from_day is None else from_day
    rules = activated_rules(library, before)
    after = once_activated(before, targets, first)
    return Preview(
        versions=tuple(_previews(targets, first, library, rules, before)),
        from_day=first,
        change=rules_change(rules, activated_rules(library, after), first),
    )


def _first_day(targets: list[Target], activated: Mapping[str, Activated]) -> int:
    if all(target.name in activated for target in targets):
        return max(activated[target.name].from_day for target in targets)
    return min(target.valid_from for target in targets)


def preview_of_proposal(proposal_id: int) -> Preview:
    """The preview of a proposal that waits. Raises ``catalogue.proposal_unknown``."""
    proposal = Activation.objects.filter(pk=proposal_id).first()
    if proposal is None:
        raise Problem("catalogue.proposal_unknown", proposal=proposal_id)
    items = ActivationItem.objects.filter(activation=proposal).select_related(
        "pack_version__pack", "programme_version__programme"
    )
    return preview([item_name(item) for item in items], proposal.from_day)


def rules_change(before: Rulebook, after: Rulebook, from_day: int) -> RulesChange:
    """Whose acts come out by other versions; an empty span at ``from_day`` if nobody's."""
    found = reach(before, after)
    if found is None:
        return RulesChange(frozenset(), frozenset(), from_day, from_day)
    return RulesChange(found.packs, found.programmes, found.from_day, found.to_day)


def _previews(
    targets: list[Target],
    from_day: int,
    library: PackLibrary,
    rules: Rulebook,
    activated: Mapping[str, Activated],
) -> Iterator[VersionPreview]:
    for target in targets:
        code, _, version = target.name.partition("@")
        if not target.is_pack:
            yield _programme(target, from_day, library, rules, activated)
            continue
        (edition,) = (e for e in library.packs[code] if e.version == version)
        name = f"{code}@{edition.definition.version}"
        own = [e for e in editions_of(name, library) if _is_target(e, targets)]
        if edition is own[0]:
            yield _pack(name, own, target, from_day, library, rules, activated)


def _is_target(edition: CompiledPack, targets: list[Target]) -> bool:
    return any(target.name == f"{edition.id}@{edition.version}" for target in targets)


def _pack(
    name: str,
    editions: list[CompiledPack],
    target: Target,
    from_day: int,
    library: PackLibrary,
    rules: Rulebook,
    activated: Mapping[str, Activated],
) -> VersionPreview:
    title = editions[0].definition.title
    if target.name in activated:
        return VersionPreview(name, title, name, _again(target, from_day, activated[target.name]))
    start = max(from_day, editions[0].rules.valid_from)
    after = [e for e in editions if e.rules.valid_from <= start][-1]
    in_force = _on(rules.packs.get(after.id, ()), start)
    before = next((e for e in library.packs[after.id] if e.version == in_force), None)
    later = [e for e in editions if e.rules.valid_from >= after.rules.valid_from]
    changes = (
        *pack_changes(before, after, start),
        *(found for old, new in pairwise(later) for found in edition_changes(old, new)),
    )
    return VersionPreview(name, title, f"{after.id}@{in_force}" if in_force else "", changes)


def _programme(
    target: Target,
    from_day: int,
    library: PackLibrary,
    rules: Rulebook,
    activated: Mapping[str, Activated],
) -> VersionPreview:
    code, _, version = target.name.partition("@")
    file = library.programmes[code]
    if target.name in activated:
        changes = _again(target, from_day, activated[target.name])
        return VersionPreview(target.name, file.title, target.name, changes)
    own = rules.programmes[code].versions if code in rules.programmes else ()
    start = max(from_day, target.valid_from)
    before = _on(own, start)
    against = f"{code}@{before}" if before else ""
    changes = programme_changes(file, before, version, start)
    return VersionPreview(target.name, file.title, against, changes)


def _again(target: Target, from_day: int, known: Activated) -> tuple[Change, ...]:
    """What activating once more changes: an earlier day, another end."""
    found = []
    if from_day < known.from_day and target.valid_from < known.from_day:
        days = {"old": known.from_day, "new": max(from_day, target.valid_from)}
        found.append(change("counts_from", **{name: day(number) for name, number in days.items()}))
    if target.end != known.end:
        found.append(change("valid_to", old=day(known.end), new=day(target.end)))
    return tuple(found)


def _on(versions: Iterable[PackVersion | ProgrammeVersion], on_day: int) -> str | None:
    return next((v.version for v in versions if v.valid_from <= on_day < v.valid_to), None)
