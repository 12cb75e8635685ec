"""Migrating works from nothing, twice, twice at once, and in the database that tests copy."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tanzhang.config import postgres


@pytest.fixture
def environment() -> Iterator[dict[str, str]]:
    """An installation with nothing configured but its home."""
    home = Path(tempfile.mkdtemp(prefix="tzm-", dir="/tmp")) / "var"
    unset = {name: "" for name in os.environ if name.startswith("DATABASE_")}
    yield os.environ | unset | {"TANZHANG_HOME": str(home)}
    postgres.stop(home)
    shutil.rmtree(home.parent)


def migrating(environment: dict[str, str]) -> subprocess.Popen[str]:
    """``tanzhang migrate`` in a process of its own."""
    words = [sys.executable, "-m", "tanzhang", "migrate"]
    return subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True)


def test_two_who_migrate_a_new_home_at_once_share_the_work(environment: dict[str, str]) -> None:
    processes = [migrating(environment) for _ in range(2)]
    said = [process.communicate(timeout=120)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    applied = [line for text in said for line in text.splitlines() if line.startswith("applied")]
    assert "applied people.0001_initial" in applied
    assert len(applied) == len(set(applied))
    assert migrating(environment).communicate(timeout=60)[0].startswith("Nothing to do")


@pytest.mark.database
def test_the_models_say_what_the_migrations_made() -> None:
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
