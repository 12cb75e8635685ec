"""A programme's file may lie anywhere; its packs are those of its library."""

from __future__ import annotations

from pathlib import Path

import pytest

from tanzhang.engine.packs import FaultyPacks, library_with_programme
from tanzhang.engine.packs.folder import ENVIRONMENT

from .folders import PROGRAMME, write, write_folder


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder outside the packs in use."""
    monkeypatch.setenv(ENVIRONMENT, str(write_folder(tmp_path / "packs")))
    return tmp_path / "elsewhere"


def test_a_file_of_any_name_takes_the_packs_in_use(elsewhere: Path) -> None:
    write(elsewhere / "our.yaml", PROGRAMME)
    write(elsewhere / "other.yaml", "not: ours")
    library, programme = library_with_programme(elsewhere / "our.yaml")
    assert library.programmes == {"city": programme}
    assert list(library.packs) == ["ride"]
    assert programme.files == {"programme.yaml": elsewhere / "our.yaml"}


def test_a_folder_brings_all_its_files(elsewhere: Path) -> None:
    write(elsewhere / "programme.yaml", PROGRAMME)
    write(elsewhere / "more.yaml", "more: true")
    _, programme = library_with_programme(elsewhere)
    assert list(programme.files) == ["more.yaml", "programme.yaml"]


def test_inside_a_packs_folder_its_packs_are_taken(elsewhere: Path, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "another", programme=())
    library, _ = library_with_programme(folder / "programmes" / "city")
    assert library.folder == folder


def test_every_fault_of_the_file_is_told(elsewhere: Path) -> None:
    write(elsewhere / "our.yaml", PROGRAMME.replace("pack: ride", "pack: walk"))
    with pytest.raises(FaultyPacks) as faulty:
        library_with_programme(elsewhere / "our.yaml")
    assert {fault.code for fault in faulty.value.faults} >= {"packs.pack_unknown"}
    with pytest.raises(FaultyPacks) as missing:
        library_with_programme(elsewhere / "nothing.yaml")
    assert [fault.code for fault in missing.value.faults] == ["packs.file_unreadable"]
