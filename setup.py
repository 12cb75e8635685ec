"""Puts the packs into the wheel, as ``tanzhang/packs``: where the installed code looks for them.

Everything else about the build stands in ``pyproject.toml``. An editable installation reads the
packs of its checkout and needs no copy.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithPacks(build_py):
    """Copies the packs folder beside the code."""

    def run(self) -> None:
        """Builds the code, then brings the packs."""
        super().run()
        if not self.editable_mode:
            packs = Path(self.build_lib) / "tanzhang" / "packs"
            shutil.rmtree(packs, ignore_errors=True)
            shutil.copytree(Path(__file__).parent / "packs", packs)


setup(cmdclass={"build_py": BuildWithPacks})
