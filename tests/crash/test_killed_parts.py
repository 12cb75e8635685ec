"""Every part of a running installation killed outright while a city lives: nothing is lost."""

from __future__ import annotations

import json
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crash.processes import WORKER, ran
from tanzhang.config import postgres
from tanzhang.config.postgres.layout import Layout
from tanzhang.config.processes.supervisor import Part, Supervisor

TANZHANG = WORKER[:3]
LIVING = ("city", "live", "--citizens", "40", "--seed", "3", "--rate", "20")
SECONDS = 90.0


@pytest.fixture
def home() -> Iterator[Path]:
    """A home for a server of this test's own."""
    folder = Path(tempfile.mkdtemp(prefix="tzl-", dir="/tmp"))
    folder.chmod(0o711)
    yield folder
    postgres.stop(folder)
    shutil.rmtree(folder)


def acts(home: Path) -> int:
    """Acts that the city was told are accepted."""
    lines = (home / "city-journal.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    answers = (json.loads(line) for line in lines if line.endswith("\n"))
    return sum(len(answer["verdicts"]) for answer in answers if "answer" in answer)


def wait(supervisor: Supervisor, true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < deadline
        supervisor.look_after()
        time.sleep(0.05)


def wait_for_more_acts(supervisor: Supervisor, home: Path) -> None:
    before = acts(home)
    wait(supervisor, lambda: acts(home) > before)


def kill_part(supervisor: Supervisor, name: str, deaths: list[str]) -> None:
    """Kill a part as nothing can catch; it is noticed, and will be started again."""
    before = len(deaths)
    (process,) = [run.process for run in supervisor._runs if run.part.name == name]
    assert process is not None
    process.kill()
    wait(supervisor, lambda: len(deaths) > before)


def kill_postgres(home: Path) -> None:
    """Kill the server's head; whoever looks after it starts it again."""
    os.kill(int(Layout.of(home).pid_file.read_text().split("\n")[0]), signal.SIGKILL)
    time.sleep(0.5)
    postgres.start(home)


def test_whatever_is_killed_every_acknowledged_act_is_in_the_books_once(home: Path) -> None:
    unset = {name: "" for name in os.environ if name.startswith("DATABASE_")}
    installation = unset | {"TANZHANG_HOME": str(home)}
    ran((*TANZHANG, "demo", "--size", "none", "--no-serve"), installation)
    deaths: list[str] = []
    lock = os.open(home / "parts.lock", os.O_RDWR | os.O_CREAT)
    with Supervisor(home, installation, lock, lambda name, *_: deaths.append(name)) as supervisor:
        supervisor.start([Part("worker", ("worker",)), Part("city", LIVING)])
        wait(supervisor, (home / "city-journal.jsonl").exists)
        for killed in ("worker", "city", "postgres", "worker"):
            wait_for_more_acts(supervisor, home)
            if killed == "postgres":
                kill_postgres(home)
            else:
                kill_part(supervisor, killed, deaths)
        wait_for_more_acts(supervisor, home)
    os.close(lock)
    assert deaths == ["worker", "city", "worker"]
    ran(WORKER, installation)
    compared = json.loads(ran((*TANZHANG, "city", "compare", "--json"), installation))
    assert compared["ok"], compared
    assert compared["acts"] > 0
    assert json.loads(ran((*TANZHANG, "ledger", "verify", "--json"), installation))["ok"]
