"""The packs of a folder: read, compiled, checked, and looked up."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tanzhang.engine.packs.checks import check_definition, check_formula, check_versions
from tanzhang.engine.packs.compiled import CompiledPack
from tanzhang.engine.packs.compiler import compile_pack
from tanzhang.engine.packs.faults import Fault, Faults, FaultyPacks
from tanzhang.engine.packs.figures import Figure, read_figures
from tanzhang.engine.packs.folder import VOCABULARY_FILE, default_folder
from tanzhang.engine.packs.programmes import PROGRAMME_FILE, ProgrammeFile, read_programme
from tanzhang.engine.packs.read_factors import FactorTable, read_table
from tanzhang.engine.packs.read_pack import EXAMPLES_FILE, PACK_FILE, ReadPack, Shelf, read_pack
from tanzhang.engine.packs.registered import Registered, read_registered
from tanzhang.engine.packs.tree import day_of
from tanzhang.engine.packs.vocabulary import ClassEntry, read_vocabulary
from tanzhang.problems import Problem

FIGURES_FILE = "seed_figures.yaml"
REGISTERED_FILE = "registered.yaml"


@dataclass(frozen=True, slots=True)
class PackLibrary:
    """Everything that a packs folder says."""

    folder: Path
    #: Pack id -> its editions from old to new: by version, and by their first day within one.
    packs: Mapping[str, tuple[CompiledPack, ...]]
    vocabulary: Mapping[str, ClassEntry]
    tables: Mapping[str, FactorTable]
    programmes: Mapping[str, ProgrammeFile]
    figures: tuple[Figure, ...]
    #: Methodologies known by title only, which credit nobody.
    registered: Mapping[str, Registered]

    def find(self, name: str) -> CompiledPack:
        """``id`` or ``id@version``: the latest edition that fits.

        Raises Problem ``packs.pack_unknown`` or ``packs.version_unknown``.
        """
        pack_id, _, version = name.partition("@")
        editions = self.packs.get(pack_id)
        if editions is None:
            raise Problem("packs.pack_unknown", pack=pack_id, known=", ".join(self.packs))
        fitting = [e for e in editions if version in ("", e.version, e.definition.version)]
        if not fitting:
            known = ", ".join(edition.version for edition in editions)
            raise Problem("packs.version_unknown", pack=pack_id, version=version, known=known)
        return fitting[-1]

    def find_on(self, name: str, day: str) -> CompiledPack:
        """The edition of ``id`` or ``id@version`` in force on a day like ``2023-06-01``.

        Raises what ``find`` raises, ``packs.date_malformed`` or ``packs.day_outside_validity``.
        """
        latest, number = self.find(name), day_of(day)
        version = latest.definition.version if "@" in name else ""
        for edition in reversed(self.packs[latest.id]):
            if edition.in_force(number) and version in ("", edition.definition.version):
                return edition
        raise Problem("packs.day_outside_validity", pack=name, day=day)

    def on(self, pack_id: str, day: int) -> CompiledPack | None:
        """The newest edition that applies on a local day, if there is one."""
        return next((e for e in reversed(self.packs.get(pack_id, ())) if e.in_force(day)), None)


def load_packs(folder: Path | str | None = None) -> PackLibrary:
    """The library of a packs folder (the default one if none is given).

    Raises FaultyPacks with every fault, or Problem ``packs.folder_missing``.
    """
    faults = Faults()
    library = read_library(_root(folder), faults)
    if faults.found:
        raise FaultyPacks(faults.sorted())
    return library


def check(path: Path | str | None = None) -> list[Fault]:
    """Every fault of a packs folder, or of one part of it; empty if all is well.

    Raises Problem ``packs.folder_missing`` or, for what is no part of any packs folder,
    ``packs.not_a_pack``.
    """
    faults = Faults()
    start = _root(path) if path is None else Path(path)
    if not start.exists():
        raise Problem("packs.folder_missing", folder=str(path), variable="PATH")
    folder = start.parent if start.is_file() else start
    if start.is_file() and start.suffix != ".yaml":
        raise Problem("packs.not_a_pack", path=str(path), file=PACK_FILE)
    if (folder / VOCABULARY_FILE).is_file():
        read_library(folder, faults)
        return faults.sorted()
    folder = folder.resolve()
    root = next((p for p in folder.parents if (p / VOCABULARY_FILE).is_file()), None)
    alone = any(folder.glob(f"**/{PACK_FILE}"))
    if root is None and not alone:
        raise Problem("packs.not_a_pack", path=str(path), file=PACK_FILE)
    read_library(root or default_folder(), faults, only=folder if alone else None)
    return [fault for fault in faults.sorted() if fault.file.resolve().is_relative_to(folder)]


def _root(folder: Path | str | None) -> Path:
    if folder is None:
        return default_folder()
    if not (Path(folder) / VOCABULARY_FILE).is_file():
        raise Problem("packs.folder_missing", folder=str(folder), variable="PATH")
    return Path(folder)


def read_library(folder: Path, faults: Faults, only: Path | None = None) -> PackLibrary:
    """Reads everything and records every fault; ``only`` adds a pack outside the folder."""
    classes = read_vocabulary(folder / VOCABULARY_FILE, faults)
    tables = {
        table.id: table
        for file in sorted((folder / "factors").glob("*.yaml"))
        if (table := read_table(file, faults)) is not None
    }
    shelf = Shelf(classes, tables)
    homes = {file.parent for file in (folder / "methodologies").glob(f"**/{PACK_FILE}")}
    if only is not None:
        homes = {home.resolve() for home in homes}
        homes |= {file.parent for file in only.glob(f"**/{PACK_FILE}")}
    read = [
        (home, pack)
        for home in sorted(homes)
        if (pack := read_pack(home, shelf, faults)) is not None
    ]
    packs = _compile_all(read, shelf, folder, faults)
    programmes = {
        programme.id: programme
        for file in sorted((folder / "programmes").glob(f"*/{PROGRAMME_FILE}"))
        if (programme := read_programme(file, packs, faults)) is not None
    }
    figures_file = folder / FIGURES_FILE
    figures = read_figures(figures_file, packs, faults) if figures_file.is_file() else ()
    titles_file = folder / REGISTERED_FILE
    registered = read_registered(titles_file, packs, faults) if titles_file.is_file() else {}
    return PackLibrary(folder, packs, classes, tables, programmes, figures, registered)


def _compile_all(
    read: Iterable[tuple[Path, ReadPack]], shelf: Shelf, folder: Path, faults: Faults
) -> dict[str, tuple[CompiledPack, ...]]:
    by_id: dict[str, list[tuple[Path, ReadPack]]] = {}
    for home, pack in read:
        by_id.setdefault(pack.definition.id, []).append((home, pack))
    packs: dict[str, tuple[CompiledPack, ...]] = {}
    for pack_id, versions in sorted(by_id.items()):
        check_versions([pack.definition for _, pack in versions], faults)
        editions: list[CompiledPack] = []
        for home, pack in versions:
            if not pack.usable:
                continue
            check_definition(pack.definition, shelf, faults)
            compiled = compile_pack(pack.definition, shelf, _digest(home, folder), faults)
            if compiled:
                check_formula(compiled, faults)
            editions += compiled
        packs[pack_id] = tuple(
            sorted(editions, key=lambda e: (e.definition.valid_from, e.rules.valid_from))
        )
    return packs


def _digest(home: Path, folder: Path) -> str:
    """SHA-256 over a pack's files and the shared factor tables, with their names."""
    digest = hashlib.sha256()
    own = [home / name for name in (PACK_FILE, EXAMPLES_FILE)]
    for file in (*own, *sorted((folder / "factors").glob("*.yaml"))):
        if file.is_file():
            data = file.read_bytes()
            digest.update(f"{file.name}\0{len(data)}\0".encode())
            digest.update(data)
    return digest.hexdigest()
