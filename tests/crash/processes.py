"""Real processes for the crash tests: workers, and steps of ``steps.py``."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

STEPS = Path(__file__).with_name("steps.py")
TESTS = STEPS.parents[1]

WORKER = (sys.executable, "-m", "tanzhang", "worker", "--until-empty", "--json")


def step(*words: str) -> tuple[str, ...]:
    """The command of a step."""
    return (sys.executable, str(STEPS), *words)


def started(
    command: tuple[str, ...], environment: dict[str, str] | None = None
) -> subprocess.Popen[str]:
    """A process under way."""
    return subprocess.Popen(
        command,
        env=os.environ | {"PYTHONPATH": str(TESTS)} | (environment or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """The exit code and what was said, when the process has come to its end."""
    said, complained = process.communicate(timeout=90)
    return process.returncode, said or complained


def ran(command: tuple[str, ...], environment: dict[str, str] | None = None) -> str:
    """What a process says that has to succeed."""
    process = started(command, environment)
    said, complained = process.communicate(timeout=90)
    assert process.returncode == 0, complained
    return said
