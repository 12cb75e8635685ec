"""The page on the pack format shows a pack that compiles, and names everything there is."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tanzhang.engine.packs import check, default_folder, load_packs
from tanzhang.engine.units import ATOMS, CANONICAL

PAGES = Path(__file__).parents[3] / "docs" / "reference"
_BLOCK = re.compile(r"```yaml\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("page", ["pack-format.md", "pack-format.zh-CN.md"])
def test_the_pack_and_the_title_of_the_page_compile(tmp_path: Path, page: str) -> None:
    pack, examples, *others = _BLOCK.findall((PAGES / page).read_text(encoding="utf-8"))
    (titles,) = (block for block in others if "\nregistered:" in block)
    home = tmp_path / "methodologies" / "park-bike"
    home.mkdir(parents=True)
    (home / "pack.yaml").write_text(pack, encoding="utf-8")
    (home / "examples.yaml").write_text(examples, encoding="utf-8")
    (tmp_path / "registered.yaml").write_text(titles, encoding="utf-8")
    shutil.copy(default_folder() / "vocabulary.yaml", tmp_path)
    assert [fault.text() for fault in check(tmp_path)] == []


@pytest.mark.parametrize("page", ["pack-format.md", "pack-format.zh-CN.md"])
def test_the_page_names_every_unit_and_every_conflict_class(page: str) -> None:
    text = (PAGES / page).read_text(encoding="utf-8")
    for word in (*ATOMS, *CANONICAL, *load_packs().vocabulary):
        assert f"`{word}`" in text, word
