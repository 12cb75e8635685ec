"""Every command that a page tells a reader to type exists, and the safe ones are typed here."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tanzhang.surfaces.cli.root import COMMANDS, load

SHELL = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)

#: ``NAME=value`` before a command.
SET_FOR_ONE = re.compile(r"[A-Z_]+=\S*")

#: First word -> why it is not run here. ``tanzhang`` is run or at least understood (see below).
NOT_OURS = {
    "make": "the targets are checked in test_makefile",
    ".": "sets up the reader's shell",
    "cd": "moves the reader's shell",
    "git": "fetches the project",
    "export": "sets up the reader's shell",
    "curl": "fetches somebody else's file",
    "openssl": "run in tests/crypto/test_openssl_command.py",
}

#: Commands of the README that are run as they stand, in a data directory of their own.
SAFE = {"account", "demo", "doctor", "ledger", "pack", "programme", "simulate", "stop"}


def commands(page: str) -> Iterator[list[str]]:
    """The commands of a page's shell blocks, continued lines joined, comments left out."""
    for block in SHELL.findall(page):
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True)
            while words and SET_FOR_ONE.fullmatch(words[0]):
                del words[0]
            if words:
                yield words


def fault(words: list[str]) -> str:
    """What ``tanzhang`` would not understand in a command, or nothing."""
    words = [word for word in words if word != "--sandbox"]  # goes before any command
    name, rest = words[1], words[2:]
    if name not in COMMANDS:
        return f"{name!r} is no command"
    command = load(name)
    while rest and hasattr(command, "commands"):
        if rest[0] not in command.commands:
            return f"{rest[0]!r} is no command of {command.name}"
        command, rest = command.commands[rest[0]], rest[1:]
    options = {name for parameter in command.params for name in parameter.opts} | {"--help"}
    unknown = [word for word in rest if word.startswith("--") and word.split("=")[0] not in options]
    return f"{command.name} has no {unknown}" if unknown else ""


def test_every_command_of_every_page_exists(pages: dict[str, str]) -> None:
    faults = [
        f"{path}: {' '.join(words)} ({fault(words) if words[0] == 'tanzhang' else 'unknown'})"
        for path, page in pages.items()
        for words in commands(page)
        if (fault(words) if words[0] == "tanzhang" else words[0] not in NOT_OURS)
    ]
    assert faults == []


@pytest.fixture
def home() -> Iterator[Path]:
    """A data directory with a short path, because the server's socket lies in it."""
    with tempfile.TemporaryDirectory(prefix="tzc-") as folder:
        Path(folder).chmod(0o711)  # the server may run as another user
        yield Path(folder) / "home"


@pytest.mark.database
def test_the_commands_of_the_readme_run_as_they_stand(
    root: Path, pages: dict[str, str], home: Path
) -> None:
    reader = {name: value for name, value in os.environ.items() if "DATABASE_" not in name}
    tools = Path(sys.executable).parent
    reader |= {"TANZHANG_HOME": str(home), "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}
    typed = [words for words in commands(pages["README.md"]) if words[0] == "tanzhang"]
    assert typed[-1] == ["tanzhang", "stop"]
    assert [words for words in typed if words[1] not in SAFE] == []
    try:
        for words in typed:
            done = subprocess.run(words, cwd=root, env=reader, capture_output=True, text=True)
            assert done.returncode == 0, f"{shlex.join(words)}\n{done.stdout}\n{done.stderr}"
    finally:
        subprocess.run(["tanzhang", "stop"], cwd=root, env=reader, check=True)
