"""What the house tests read: the project's own files, with or without a git checkout."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = (".ci", "docs", "maps", "packs", "src", "tests")
TEXT = {"", ".cfg", ".csv", ".in", ".ini", ".lock", ".md", ".py", ".sql", ".svg", ".toml", ".yaml"}


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return ROOT


@pytest.fixture(scope="session")
def texts() -> dict[str, str]:
    """Every text file of the project by its path from the root; nothing made by a tool."""
    inside = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file()]
    beside = [path for path in ROOT.iterdir() if path.is_file()]
    kept = (
        path
        for path in inside + beside
        if path.suffix in TEXT and "__pycache__" not in path.parts and ".egg-info" not in str(path)
    )
    return {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in sorted(kept)
    }


@pytest.fixture(scope="session")
def sources(texts: dict[str, str]) -> dict[str, ast.Module]:
    """The syntax tree of every module under ``src`` by its path from the root."""
    return {
        path: ast.parse(text, filename=path)
        for path, text in texts.items()
        if path.startswith("src/") and path.endswith(".py")
    }


@pytest.fixture(scope="session")
def pages(texts: dict[str, str]) -> dict[str, str]:
    """Every Markdown page by its path from the root."""
    return {path: text for path, text in texts.items() if path.endswith(".md")}
