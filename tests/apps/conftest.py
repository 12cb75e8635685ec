"""A small library of real packs with a programme of the tests' own, and reports for its door."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from apps_world import PROGRAMME, VOCABULARY_PACKS

from tanzhang.engine.packs import PackLibrary, default_folder, load_packs


@pytest.fixture(scope="session")
def packs_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A packs folder that a test may copy and change."""
    folder = tmp_path_factory.mktemp("library") / "packs"
    whole = default_folder()
    for name in VOCABULARY_PACKS:
        shutil.copytree(whole / "methodologies" / name, folder / "methodologies" / name)
    shutil.copy(whole / "vocabulary.yaml", folder)
    (folder / "factors").mkdir()
    (folder / "programmes" / "lake").mkdir(parents=True)
    (folder / "programmes" / "lake" / "programme.yaml").write_text(PROGRAMME, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def library(packs_folder: Path) -> PackLibrary:
    """The compiled library of ``packs_folder``."""
    return load_packs(packs_folder)


@pytest.fixture
def lake(database: object, library: PackLibrary) -> None:
    """The programme ``lake``, loaded."""
    from tanzhang.apps.catalogue.api import load_catalogue

    load_catalogue(library, ["lake"])
