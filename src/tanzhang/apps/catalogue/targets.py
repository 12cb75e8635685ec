"""What a proposal is about: stored versions by name, and whether their scenes can be served."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tanzhang.apps.catalogue.models import ActivationItem, PackVersion, ProgrammeVersion
from tanzhang.apps.catalogue.stored import activated_versions, loaded_library, loaded_programme
from tanzhang.engine.packs import CompiledPack, PackLibrary
from tanzhang.engine.packs.activated import Activated, activated_rules, reach
from tanzhang.engine.packs.scenes import UNPUBLISHED
from tanzhang.engine.rules import Rulebook
from tanzhang.problems import Problem


@dataclass(frozen=True, slots=True)
class Target:
    """One stored version: a programme's, or one edition of a pack's."""

    name: str
    is_pack: bool
    row_id: int
    valid_from: int
    end: int  #: the end that its file states by now (exclusive)
    earlier_edition: bool  #: whether another edition of the same version follows it


def find_targets(names: Iterable[str]) -> list[Target]:
    """The stored versions that these names mean, each once.

    Raises ``catalogue.version_unknown`` and ``catalogue.version_unpublished``.
    """
    library = loaded_library()
    wanted = list(dict.fromkeys(names))
    found = {target.name: target for name in wanted for target in _targets(name, library)}
    if not found:
        raise Problem("catalogue.version_unknown", version=", ".join(wanted))
    return list(found.values())


def editions_of(name: str, library: PackLibrary) -> list[CompiledPack]:
    """The editions that ``id@version`` means: all of a version, or the one of that name."""
    code, _, version = name.partition("@")
    own = library.packs.get(code, ())
    return [e for e in own if version in (e.version, e.definition.version)]


def _targets(name: str, library: PackLibrary) -> Iterator[Target]:
    code, _, version = name.partition("@")
    editions = editions_of(name, library)
    if editions:
        yield from _pack_targets(name, editions)
        return
    row = ProgrammeVersion.objects.filter(programme__code=code, version=version).first()
    if row is None:
        raise Problem("catalogue.version_unknown", version=name)
    # A programme's version ends where another is activated, or with the programme.
    end = library.programmes[code].rules.versions[-1].valid_to
    yield Target(name, False, row.id, row.valid_from, end, False)


def _pack_targets(name: str, editions: list[CompiledPack]) -> Iterator[Target]:
    rows = {row.version: row for row in PackVersion.objects.filter(pack__code=editions[0].id)}
    for edition in editions:
        if edition.definition.status in UNPUBLISHED:
            status = edition.definition.status
            raise Problem("catalogue.version_unpublished", version=name, status=status)
        row = rows[edition.version]
        yield Target(
            name=f"{edition.id}@{edition.version}",
            is_pack=True,
            row_id=row.id,
            valid_from=row.valid_from,
            end=edition.definition.valid_to,
            earlier_edition=edition is not editions[-1],
        )


def pending_versions(programme: str) -> list[str]:
    """A programme's loaded versions, and those of its scenes' packs, that were never activated.

    Raises what ``loaded_programme`` raises.
    """
    activated = activated_versions()
    return [name for name in _own_versions(programme) if name not in activated]


def ended_versions(programme: str) -> list[str]:
    """A programme's activated versions, and those of its packs, whose files state another end now.

    Only those whose days change if they are activated again. Raises what ``loaded_programme``
    raises.
    """
    library, activated = loaded_library(), activated_versions()
    known = [name for name in _own_versions(programme) if name in activated]
    before = activated_rules(library, activated)
    return [
        name
        for name in known
        for target in _targets(name, library)
        if target.end != activated[name].end
        if reach(before, activated_rules(library, once_activated(activated, [target], target.end)))
    ]


def _own_versions(programme: str) -> list[str]:
    """The published versions of a programme's scenes' packs, then its own."""
    library, file = loaded_library(), loaded_programme(programme)
    packs = {scene.pack for scenes in file.scenes.values() for scene in scenes.values()}
    editions = [
        f"{edition.id}@{edition.version}"
        for pack in sorted(packs)
        for edition in library.packs.get(pack, ())
        if edition.definition.status not in UNPUBLISHED
    ]
    versions = [f"{programme}@{version.version}" for version in file.rules.versions]
    return [*editions, *versions]


def once_activated(
    before: Mapping[str, Activated], targets: Iterable[Target], from_day: int
) -> dict[str, Activated]:
    """What is activated once these targets are: the earliest day counts, and the last end."""
    after = dict(before)
    for target in targets:
        known = before.get(target.name)
        first = from_day if known is None else min(from_day, known.from_day)
        after[target.name] = Activated(first, target.end)
    return after


def check_scenes(rules: Rulebook) -> None:
    """Every connected scene has a methodology in force on some of its days.

    That it is published and reviewed is checked when a programme is compiled, and again when its
    pack is proposed. Raises ``catalogue.scene_not_in_force``.
    """
    for code, programme in rules.programmes.items():
        for version in programme.versions:
            for scene, pack in version.scenes.items():
                spans = rules.packs.get(pack, ())
                if not any(
                    span.valid_from < version.valid_to and version.valid_from < span.valid_to
                    for span in spans
                ):
                    raise Problem(
                        "catalogue.scene_not_in_force",
                        version=f"{code}@{version.version}",
                        scene=scene,
                        pack=pack,
                    )


def item_name(item: ActivationItem) -> str:
    """The name of the version that an item is about."""
    if item.pack_version is not None:
        return f"{item.pack_version.pack.code}@{item.pack_version.version}"
    assert item.programme_version is not None  # the database holds that it is one of the two
    return f"{item.programme_version.programme.code}@{item.programme_version.version}"
