"""The list of commands is quick and whole; each command loads, and explains itself by example."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tanzhang import __main__
from tanzhang.surfaces import cli
from tanzhang.surfaces.cli.reference import BEGIN, END, PAGES, command_list
from tanzhang.surfaces.cli.root import COMMANDS, load

ROOT = Path(__file__).resolve().parents[3]


def called(*words: str) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "tanzhang", *words], capture_output=True, text=True, cwd=ROOT
    )


def leaves(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    """Every command that can be called, with its words."""
    inner: dict[str, Any] = getattr(command, "commands", {})
    for word, subcommand in inner.items():
        yield from leaves(f"{name} {word}", subcommand)
    if not inner:
        yield name, command


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_loads_and_shows_an_example(name: str) -> None:
    without = [
        words
        for words, command in leaves(name, load(name))
        if f"tanzhang {words}" not in (command.help or "") + (command.epilog or "")
    ]
    assert without == []


def test_the_list_names_every_command_and_loads_none() -> None:
    program = (
        "import sys\n"
        "from tanzhang.surfaces.cli import main\n"
        "sys.argv = ['tanzhang', '--help']\n"
        "try:\n    main()\n"
        "finally:\n    print([m for m in sys.modules if m in ('django', 'polars', 'psycopg')])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0
    assert [name for name in COMMANDS if f" {name} " not in done.stdout] == []
    assert done.stdout.strip().endswith("[]")


def test_a_slip_of_the_pen_is_wrong_usage_and_is_met_with_a_suggestion() -> None:
    done = called("stpo")
    assert done.returncode == 2
    assert "stop" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("lang", PAGES)
def test_the_reference_pages_list_the_commands_as_they_are(lang: str) -> None:
    page = (ROOT / PAGES[lang]).read_text(encoding="utf-8")
    listed = re.search(f"{BEGIN}.*{END}", page, re.DOTALL)
    assert listed is not None
    assert listed[0] == command_list(lang), "run “make reference”"


def test_python_m_tanzhang_is_the_command() -> None:
    assert __main__.main is cli.main
    assert called("--help").returncode == 0
