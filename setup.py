"""Puts the packs and the partners' pages into the wheel, where the installed code looks for them.

Everything else about the build stands in ``pyproject.toml``. An editable installation reads the
folders of its checkout and needs no copy.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

#: Folders of the checkout that lie beside the code in a wheel.
BESIDE_THE_CODE = ("packs", "docs/partners")


class BuildWithFolders(build_py):
    """Copies these folders beside the code."""

    def run(self) -> None:
        """Builds the code, then brings the folders."""
        super().run()
        if not self.editable_mode:
            for folder in BESIDE_THE_CODE:
                copy = Path(self.build_lib) / "tanzhang" / folder
                shutil.rmtree(copy, ignore_errors=True)
                shutil.copytree(Path(__file__).parent / folder, copy)


setup(cmdclass={"build_py": BuildWithFolders})
