"""The rules in force as one value, compiled from the texts in the database.

A process compiles a catalogue once. Whoever needs the rules asks ``rulebook_in_force`` each time:
it costs one small query while nothing has changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from tanzhang.apps.catalogue.models import (
    LimitName,
    Pack,
    PackVersion,
    Programme,
    Scene,
)
from tanzhang.apps.catalogue.stored import activated_versions, loaded_library, stamp
from tanzhang.engine.packs import CompiledPack, PackLibrary, ProgrammeFile
from tanzhang.engine.packs.accounts import PERSON, PERSONS_ALONE
from tanzhang.engine.packs.activated import activated_rules
from tanzhang.engine.packs.tree import Text
from tanzhang.engine.rules import Ints, Programme as ProgrammeRules, Rulebook
from tanzhang.problems import Problem


@dataclass(frozen=True, slots=True)
class RulesInForce:
    """The rulebook, and how stored numbers name what is in it.

    ``*_index`` turn an array of stored numbers into indexes of the rulebook (-1: none such);
    ``version_ids`` are the stored numbers of all pack versions, pack after pack in its order, and
    ``digests`` the first 16 bytes of each version's digest (zeros under 0, which is no version).
    """

    rulebook: Rulebook
    library: PackLibrary = field(repr=False)  #: all that is loaded, in force or not
    files: Mapping[str, ProgrammeFile] = field(repr=False)  #: programmes in force
    pack_ids: Mapping[str, int]
    programme_ids: Mapping[str, int]
    scene_ids: Mapping[tuple[str, str], int]  #: by programme and scene
    limit_ids: Mapping[tuple[str, str], int]  #: by owner and name
    pack_index: Ints
    programme_index: Ints
    version_ids: Ints
    digests: Mapping[int, bytes]
    versions: Mapping[int, str]  #: the name of each pack version by its stored number

    def programme(self, code: str) -> ProgrammeRules:
        """A programme's rules. Raises ``catalogue.programme_unknown``."""
        found = self.rulebook.programmes.get(code)
        if found is None:
            known = ", ".join(self.rulebook.programmes)
            raise Problem("catalogue.programme_unknown", programme=code, known=known)
        return found

    def programme_code(self, number: int) -> str:
        """The programme with this stored number."""
        return next(code for code, known in self.programme_ids.items() if known == number)

    def edition(self, pack: str, version_id: int | None) -> CompiledPack | None:
        """The edition of a pack with this stored number; None for none."""
        if version_id is None:
            return None
        return next(e for e in self.library.packs[pack] if e.version == self.versions[version_id])

    def programme_file(self, code: str) -> ProgrammeFile:
        """What people read about a programme: titles, partners, who reports which scene.

        Its versions are those that are in force, on the days on which they are.
        """
        return self.files[self.programme(code).id]

    def planned_scenes(self, code: str, version: str) -> tuple[str, ...]:
        """Scenes that a programme's version announces and does not accept acts of yet."""
        scenes = self.programme_file(code).scenes[version].values()
        return tuple(scene.id for scene in scenes if not scene.connected)

    def scene_title(self, programme: str, scene: str) -> Text:
        """A scene's title, in the latest version that has it; rather in one that is in force."""
        files = (self.library.programmes[programme], self.programme_file(programme))
        versions = [scenes for file in files for scenes in file.scenes.values()]
        return next(scenes[scene].title for scenes in versions[::-1] if scene in scenes)

    def points_title(self, programme: str, unit: int) -> Text:
        """What the points of a unit (the ledger's number) are called in a programme."""
        kinds = self.programme_file(programme).accounts.values()
        named = [kind.points for kind in (*kinds, *PERSONS_ALONE.values()) if kind.unit == unit]
        return named[0] if named else PERSONS_ALONE[PERSON].points

    def input_names(self, pack: str) -> tuple[str, ...]:
        """A pack's inputs in the order in which acts store them; later versions only add some."""
        versions = self.rulebook.packs[pack]
        return max((tuple(i.name for i in version.inputs) for version in versions), key=len)


_cached: dict[tuple[object, ...], RulesInForce] = {}


def rulebook_in_force() -> RulesInForce:
    """Everything that was activated, each version on the days that remain to it.

    Raises ``catalogue.nothing_loaded`` if nothing is even loaded.
    """
    key = stamp()
    found = _cached.get(key)
    if found is None:
        found = _read()
        _cached.clear()  # another thread may do so at any moment: ask the table for nothing
        _cached[key] = found
    return found


def _read() -> RulesInForce:
    library = loaded_library()
    rulebook = activated_rules(library, activated_versions())
    pack_ids = dict(Pack.objects.values_list("code", "id"))
    programme_ids = dict(Programme.objects.values_list("code", "id"))
    scenes = Scene.objects.values_list("programme__code", "code", "id")
    limits = LimitName.objects.values_list("owner", "name", "id")
    rows = PackVersion.objects.values_list("pack__code", "version", "id", "digest")
    known = {(code, version): (number, digest) for code, version, number, digest in rows}
    versions = [(code, version.version) for code, own in rulebook.packs.items() for version in own]
    return RulesInForce(
        rulebook=rulebook,
        library=library,
        files={
            code: _as_in_force(library.programmes[code], rules)
            for code, rules in rulebook.programmes.items()
        },
        pack_ids=pack_ids,
        programme_ids=programme_ids,
        scene_ids={(programme, scene): number for programme, scene, number in scenes},
        limit_ids={(owner, name): number for owner, name, number in limits},
        pack_index=_index([pack_ids[code] for code in rulebook.packs]),
        programme_index=_index([programme_ids[code] for code in rulebook.programmes]),
        version_ids=np.array([known[version][0] for version in versions], np.int64),
        digests={0: bytes(16)} | {number: bytes(digest)[:16] for number, digest in known.values()},
        versions={number: version for (_, version), (number, _) in known.items()},
    )


def _as_in_force(file: ProgrammeFile, rules: ProgrammeRules) -> ProgrammeFile:
    scenes = {version.version: file.scenes[version.version] for version in rules.versions}
    return replace(file, rules=rules, scenes=scenes)


def _index(numbers: list[int]) -> Ints:
    index = np.full(max(numbers, default=0) + 1, -1, np.int64)
    index[numbers] = np.arange(len(numbers))
    return index
