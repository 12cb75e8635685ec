"""A catalogue with one programme in force, and files that say something else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from catalogue.lake_files import LAKE, SECOND_LAKE, WALK, Edit
from tanzhang.engine.packs import PackLibrary, load_packs


@pytest.fixture
def folder(packs_folder: Path, tmp_path: Path) -> Path:
    """A copy of the packs folder that a test may change."""
    copied = tmp_path / "packs"
    shutil.copytree(packs_folder, copied)
    return copied


@pytest.fixture
def edited(folder: Path) -> Edit:
    """The library with one text in one file replaced."""

    def edit(file: str, old: str, new: str) -> PackLibrary:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return load_packs(folder)

    return edit


@pytest.fixture
def second_walk(folder: Path) -> PackLibrary:
    """A library in which walking has a second version, of which half as much counts."""
    home = (folder / WALK).parent
    (home / "second").mkdir()
    shutil.copy(home / "examples.yaml", home / "second")
    text = (folder / WALK).read_text(encoding="utf-8")
    text = text.replace('version: "1"', 'version: "2"\nsupersedes: "1"')
    text = text.replace("valid_from: 2019-01-01", "valid_from: 2026-01-01")
    text = text.replace("amount: 200 g", "amount: 100 g")
    (home / "second" / "pack.yaml").write_text(text, encoding="utf-8")
    return load_packs(folder)


@pytest.fixture
def second_lake(folder: Path) -> PackLibrary:
    """A library in which the programme has a second version, with walking only planned."""
    file = folder / LAKE
    file.write_text(file.read_text(encoding="utf-8").rstrip() + SECOND_LAKE, encoding="utf-8")
    return load_packs(folder)
