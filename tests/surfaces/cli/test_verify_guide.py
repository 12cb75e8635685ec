"""The guide about receipts: each of its commands is typed, and does what the page says."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from clean_database import Database
from river.reports import act, hand_in
from tanzhang.apps.activities.api import drain

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "guides" / "verify-a-receipt.md"
BLOCK = re.compile(r"^```(?:sh|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

#: What a reader puts in for the words in capitals.
MEANT = {
    "ACCOUNT": "river-ada",
    "EVENT": "bikes:b1",
    "FIRST_DAY": "2025-05-01",
    "LAST_DAY": "2025-05-31",
}


def commands() -> Iterator[list[str]]:
    """Every command of the guide, in its order."""
    for block in BLOCK.findall(GUIDE.read_text(encoding="utf-8")):
        for line in block.splitlines():
            yield shlex.split(line)


def typed(words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """A command as the reader types it."""
    assert words[0] == "tanzhang"
    command = [sys.executable, "-m", "tanzhang", *words[1:]]
    return subprocess.run(command, cwd=folder, env=os.environ, capture_output=True, text=True)


def test_every_command_of_the_guide_does_what_it_says(tmp_path: Path, database: Database) -> None:
    hand_in(act("b1", "05-30 08:00"), act("b2", "05-30 09:00"), act("b3", "05-30 10:00"))
    drain()
    first = typed(["tanzhang", "log", "root", "--json"], tmp_path)
    hand_in(act("b4", "05-30 11:00"))
    drain()
    second = typed(["tanzhang", "log", "root", "--json"], tmp_path)
    sizes = [re.findall(r'"size": (\d+)', done.stdout)[0] for done in (first, second)]
    meant = MEANT | dict(zip(("OLD", "NEW"), sizes, strict=True))
    count = 0
    for words in commands():
        done = typed([meant.get(word, word) for word in words], tmp_path)
        assert done.returncode == 0, f"{shlex.join(words)}\n{done.stdout}\n{done.stderr}"
        count += 1
    assert count >= 10
