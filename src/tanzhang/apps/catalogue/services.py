"""Writes: loading packs and programmes from their folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from tanzhang.apps.catalogue.activations import install, nothing_activated
from tanzhang.apps.catalogue.digests import pack_digest, programme_digest
from tanzhang.apps.catalogue.models import (
    LimitName,
    Pack,
    PackVersion,
    Programme,
    ProgrammeVersion,
    Scene,
    SourceFile,
)
from tanzhang.apps.catalogue.stored import lock_catalogue
from tanzhang.apps.partners.api import IdTime, ensure_partner
from tanzhang.engine.packs import CompiledPack, PackLibrary, ProgrammeFile, build_rulebook
from tanzhang.engine.packs.scenes import UNPUBLISHED
from tanzhang.engine.rules import Rulebook
from tanzhang.problems import Problem

SHARED_FILES = ("vocabulary.yaml", "factors/*.yaml", "methodologies/**/*.yaml")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading changed: versions that are new, and versions whose files state another end.

    The latter go on as before until they are activated again, with the new end.
    """

    new: tuple[str, ...]
    ended: tuple[str, ...]
    #: Whether the catalogue was empty, so that all this is in force by the installation itself.
    installed: bool = False


@transaction.atomic
def load_catalogue(library: PackLibrary, programme_ids: Iterable[str]) -> Loaded:
    """Load all packs of a library and some of its programmes, with their partners.

    What is loaded counts once it is activated (``activations``); only into an empty catalogue it
    is installed as it comes. Loading the same again changes nothing. Raises
    ``catalogue.version_changed`` if a version that is loaded already says something else now,
    ``catalogue.version_missing`` if one has vanished from the files or is a draft again,
    ``catalogue.zone_changed``, and ``packs.programme_unknown``.
    """
    lock_catalogue()
    wanted = sorted(set(programme_ids))
    rulebook = build_rulebook(library, wanted)
    _refuse_vanished_packs(library)
    files = [library.programmes[code] for code in wanted]
    changes = [*_load_packs(library), *_load_programmes(files)]
    _remember_limits(library, rulebook)
    _remember_files(library, files)
    installs = nothing_activated() and bool(changes)
    if installs:
        install(_publishable(library, files))
    return Loaded(
        tuple(name for name, is_new in changes if is_new),
        tuple(name for name, is_new in changes if not is_new),
        installed=installs,
    )


def _publishable(library: PackLibrary, files: Iterable[ProgrammeFile]) -> list[str]:
    """The names of all versions that may be activated, of packs and of these programmes."""
    packs = [
        f"{edition.id}@{edition.version}"
        for editions in library.packs.values()
        for edition in editions
        if edition.definition.status not in UNPUBLISHED
    ]
    versions = [f"{file.id}@{version.version}" for file in files for version in file.rules.versions]
    return [*packs, *versions]


def _finished(editions: Iterable[CompiledPack]) -> list[CompiledPack]:
    """Drafts are nobody's business but their author's."""
    return [edition for edition in editions if edition.definition.status != "draft"]


def _refuse_vanished_packs(library: PackLibrary) -> None:
    for code in Pack.objects.values_list("code", flat=True):
        present = [edition.version for edition in _finished(library.packs.get(code, ()))]
        known = PackVersion.objects.filter(pack__code=code).values_list("version", flat=True)
        _refuse_missing(code, known, present)


def _load_packs(library: PackLibrary) -> Iterator[tuple[str, bool]]:
    for code, all_editions in sorted(library.packs.items()):
        editions = _finished(all_editions)
        if not editions:
            continue
        pack, _ = Pack.objects.get_or_create(code=code)
        known = {entry.version: entry for entry in PackVersion.objects.filter(pack=pack)}
        for edition, newer in zip(editions, [*editions[1:], None], strict=True):
            values = {
                "valid_from": edition.rules.valid_from,
                "valid_to": edition.rules.valid_to,
                "digest": pack_digest(edition),
            }
            entry = known.get(edition.version)
            if entry is None:
                source = _texts(library.folder, _own_files(edition))
                PackVersion.objects.create(
                    pack=pack, version=edition.version, source=source, **values
                )
            follows = newer.rules.valid_from if newer else None
            yield from _noted(f"{code}@{edition.version}", entry, values, follows)


def _load_programmes(files: Iterable[ProgrammeFile]) -> Iterator[tuple[str, bool]]:
    for file in files:
        programme, _ = Programme.objects.get_or_create(
            code=file.id, defaults={"time_zone": file.rules.time_zone}
        )
        if programme.time_zone != file.rules.time_zone:
            raise Problem("catalogue.zone_changed", programme=file.id, zone=programme.time_zone)
        for code, title in file.partners.items():
            ensure_partner(
                code,
                programme_id=programme.id,
                title_zh=title.zh,
                title_en=title.en,
                id_time=IdTime(file.id_times[code]),
            )
        entries = ProgrammeVersion.objects.filter(programme=programme)
        known = {entry.version: entry for entry in entries}
        _refuse_missing(file.id, known, [version.version for version in file.rules.versions])
        versions = file.rules.versions
        for version, newer in zip(versions, [*versions[1:], None], strict=True):
            values = {
                "valid_from": version.valid_from,
                "valid_to": version.valid_to,
                "digest": programme_digest(version),
            }
            entry = known.get(version.version)
            if entry is None:
                ProgrammeVersion.objects.create(
                    programme=programme,
                    version=version.version,
                    source=_programme_texts(file),
                    **values,
                )
            follows = newer.valid_from if newer else None
            yield from _noted(f"{file.id}@{version.version}", entry, values, follows)
            for scene, code in version.scenes.items():
                Scene.objects.update_or_create(
                    programme=programme,
                    code=scene,
                    defaults={"pack": Pack.objects.get(code=code)},
                )


def _noted(
    name: str,
    entry: PackVersion | ProgrammeVersion | None,
    values: dict[str, Any],
    follows: int | None,
) -> Iterator[tuple[str, bool]]:
    """Compare a version with what is stored of it: (name, True) if new, (name, False) if ended.

    It goes without saying that a version ends on the day on which a newer one ``follows``.
    """
    if entry is None:
        yield name, True
    elif bytes(entry.digest) != values["digest"] or entry.valid_from != values["valid_from"]:
        raise Problem("catalogue.version_changed", version=name)
    elif entry.valid_to != values["valid_to"]:
        entry.valid_to = values["valid_to"]
        entry.save(update_fields=["valid_to"])
        if values["valid_to"] != follows:
            yield name, False


def _refuse_missing(code: str, known: Iterable[str], present: list[str]) -> None:
    for version in known:
        if version not in present:
            raise Problem("catalogue.version_missing", version=f"{code}@{version}")


def _remember_limits(library: PackLibrary, rulebook: Rulebook) -> None:
    """A number for every limit's identity, so that cuts can name it."""
    packs = [e.rules.limits for editions in library.packs.values() for e in _finished(editions)]
    programmes = [
        version.limits for own in rulebook.programmes.values() for version in own.versions
    ]
    names = {(limit.owner, limit.name) for limits in packs + programmes for limit in limits}
    names -= set(LimitName.objects.values_list("owner", "name"))
    LimitName.objects.bulk_create(
        LimitName(owner=owner, name=name) for owner, name in sorted(names)
    )


def _remember_files(library: PackLibrary, programmes: Iterable[ProgrammeFile]) -> None:
    """Keep the text of what was loaded: the catalogue in the database compiles by itself."""
    shared = [file for pattern in SHARED_FILES for file in sorted(library.folder.glob(pattern))]
    texts = _texts(library.folder, shared)
    for programme in programmes:
        texts |= _programme_texts(programme)
    stored = dict(SourceFile.objects.values_list("path", "text"))
    homes = {_home(path) for path in texts}
    gone = [path for path in stored if path not in texts and _home(path) in homes]
    SourceFile.objects.filter(path__in=gone).delete()
    for path, text in texts.items():
        if stored.get(path) != text:
            SourceFile.objects.update_or_create(
                path=path, defaults={"text": text, "loaded_at": timezone.now()}
            )


def _programme_texts(file: ProgrammeFile) -> dict[str, str]:
    """A programme's files by their places in a packs folder, wherever they lie."""
    return {
        f"programmes/{file.id}/{name}": place.read_text(encoding="utf-8")
        for name, place in file.files.items()
    }


def _home(path: str) -> tuple[str, ...]:
    """The folder of one pack or programme, or of all factors, that a file's path lies in."""
    folders = path.split("/")[:-1]
    return tuple(folders[:2])


def _own_files(edition: CompiledPack) -> list[Path]:
    home = edition.definition.place.file.parent
    return sorted(home.glob("*.yaml"))


def _texts(folder: Path, files: Iterable[Path]) -> dict[str, str]:
    return {file.relative_to(folder).as_posix(): file.read_text(encoding="utf-8") for file in files}
