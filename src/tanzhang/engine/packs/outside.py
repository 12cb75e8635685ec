"""A programme from a file or folder anywhere, beside the packs of a library."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tanzhang.engine.packs.folder import VOCABULARY_FILE
from tanzhang.engine.packs.library import PackLibrary, load_packs
from tanzhang.engine.packs.programmes import PROGRAMME_FILE, ProgrammeFile, add_programme


def library_with_programme(path: Path) -> tuple[PackLibrary, ProgrammeFile]:
    """The library that a programme belongs to, with the programme in it.

    ``path`` is the programme's file, or its folder with ``programme.yaml``. Inside a packs folder
    its packs are that folder's; elsewhere they are those in use. Raises FaultyPacks.
    """
    file = (path / PROGRAMME_FILE if path.is_dir() else path).resolve()
    root = next((p for p in file.parents if (p / VOCABULARY_FILE).is_file()), None)
    library = load_packs(root)
    programme = add_programme(library.packs, file)
    programmes = {**library.programmes, programme.id: programme}
    return replace(library, programmes=programmes), programme
