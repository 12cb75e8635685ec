"""The wheel carries the packs and the partners' pages where the installed code looks for them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tanzhang.engine.packs import load_packs

ROOT = Path(__file__).parents[2]
BUILD = "import setuptools.build_meta as b, sys; print(b.build_wheel(sys.argv[1]))"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of this checkout, unpacked; what the build writes stays out of the checkout."""
    place = tmp_path_factory.mktemp("wheel")
    copy = place / "copy"
    copy.mkdir()
    for name in ("pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    for name in ("src", "packs", "docs/partners"):
        left_out = shutil.ignore_patterns("__pycache__", "*.egg-info")
        shutil.copytree(ROOT / name, copy / name, ignore=left_out)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", BUILD, str(place)],
        cwd=copy,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    (wheel,) = place.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(place / "site")
    return place / "site"


def test_an_installed_copy_finds_the_packs_that_came_with_it(installed: Path) -> None:
    code = "from tanzhang.engine.packs import load_packs; lib = load_packs(); print(lib.folder)"
    environment = {name: value for name, value in os.environ.items() if name != "TANZHANG_PACKS"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=installed,
        env=environment | {"PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == str(installed / "tanzhang" / "packs"), done.stderr


def test_no_pack_stays_behind(installed: Path) -> None:
    folder = load_packs().folder
    shipped = installed / "tanzhang" / "packs"
    files = {file.relative_to(folder) for file in folder.rglob("*.yaml")}
    assert {file.relative_to(shipped) for file in shipped.rglob("*.yaml")} == files


def test_no_page_for_partners_stays_behind(installed: Path) -> None:
    names = {file.name for file in (ROOT / "docs" / "partners").glob("*.md")}
    shipped = installed / "tanzhang" / "docs" / "partners"
    assert "sign.zh-CN.md" in names
    assert {file.name for file in shipped.iterdir()} == names
