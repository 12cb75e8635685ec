"""``migrate``, ``worker`` and ``stop`` as a person or a script calls them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from clean_database import Database
from tanzhang.config import postgres


def called(*words: str, environment: dict[str, str] | None = None) -> str:
    """What a command prints when all is well."""
    return subprocess.run(
        [sys.executable, "-m", "tanzhang", *words],
        env=os.environ | (environment or {}),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout


@pytest.fixture
def embedded() -> Iterator[dict[str, str]]:
    """An installation of its own."""
    home = Path(tempfile.mkdtemp(prefix="tzs-", dir="/tmp"))
    unset = {name: "" for name in os.environ if name.startswith("DATABASE_")}
    yield unset | {"TANZHANG_HOME": str(home)}
    postgres.stop(home)
    shutil.rmtree(home)


def test_migrate_and_stop_say_what_they_did_and_that_nothing_was_left_to_do(
    embedded: dict[str, str],
) -> None:
    applied = json.loads(called("migrate", "--json", environment=embedded))["applied"]
    assert "people.0001_initial" in applied
    assert json.loads(called("migrate", "--json", environment=embedded)) == {"applied": []}
    assert json.loads(called("stop", "--json", environment=embedded)) == {"stopped": True}
    assert called("stop", environment=embedded) == "Nothing was running.\n"


@pytest.mark.database
def test_a_worker_that_finds_nothing_waiting_ends_if_told_so(database: Database) -> None:
    answer = json.loads(called("worker", "--until-empty", "--json"))
    assert answer == {"pieces": 0, "items": 0}


@pytest.mark.database
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_ends_in_order_when_it_is_asked_to(
    database: Database, number: signal.Signals
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tanzhang", "worker"], env=os.environ | {"PGAPPNAME": "the worker"}
    )
    with database.connect(autocommit=True) as connection:
        deadline = time.monotonic() + 30
        while connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND application_name = 'the worker'"
        ).fetchone() == (0,):
            assert time.monotonic() < deadline
            time.sleep(0.05)
    process.send_signal(number)
    assert process.wait(timeout=30) == 0
