"""The two commands of the README exist and do what it says."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

TARGETS = ("install", "run", "test", "lint", "bench", "browser", "help")


def would_run(root: Path, target: str) -> str:
    """The commands of a make target, printed and not run."""
    return subprocess.run(
        ["make", "--always-make", "--dry-run", target],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_make_run_installs_and_runs_the_demonstration(root: Path) -> None:
    commands = would_run(root, "run")
    assert "requirements.lock" in commands
    assert "--require-hashes" in commands
    assert re.search(r"tanzhang up\b", commands)


def test_make_test_installs_and_runs_the_tests(root: Path) -> None:
    commands = would_run(root, "test")
    assert "requirements.lock" in commands
    assert "pytest" in commands


def test_make_lint_runs_style_types_and_architecture(root: Path) -> None:
    commands = would_run(root, "lint")
    assert all(tool in commands for tool in ("ruff check", "ruff format", "mypy", "lint-imports"))


def test_make_help_lists_every_target_of_the_readme(root: Path) -> None:
    listed = subprocess.run(
        ["make", "help"], cwd=root, capture_output=True, text=True, check=True
    ).stdout
    assert [target for target in TARGETS if target not in listed] == []


def test_continuous_integration_runs_the_tests_and_the_lint(texts: dict[str, str]) -> None:
    assert "make test" in texts[".ci/run"]
    assert "make lint" in texts[".ci/run"]


def test_continuous_integration_skips_no_journey(texts: dict[str, str]) -> None:
    steps = texts[".ci/run"]
    assert "export CI=1" in steps
    assert 0 < steps.find("step make browser") < steps.find("step make test")
