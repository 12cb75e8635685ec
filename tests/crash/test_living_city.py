"""Any part may be stopped or killed while a city lives: its journal equals the books in the end."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from crash.processes import WORKER, ended, ran, started, step
from crash.test_killed_server import server
from tanzhang.config import postgres
from tanzhang.config.postgres.layout import Layout
from tanzhang.workbench.city.journal import Answer, Journal, LiveBatch, Verdict

pytestmark = pytest.mark.database

TANZHANG = WORKER[:3]
CITY = (*TANZHANG, "city", "live", "--citizens", "120", "--rate", "40", "--json")
WORKS = (*TANZHANG, "worker")

#: The order in which parts fall. Any order must do; this one is the same in every run.
SEED = 20261121

#: Exit codes.
ENDS = {signal.SIGTERM: 0, signal.SIGKILL: -signal.SIGKILL}


class Installation:
    """A home of its own with a server, two workers and a living city in it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        unset = {name: "" for name in os.environ if name.startswith("DATABASE_")}
        self.environment = unset | {"TANZHANG_HOME": str(home)}
        self.journal = Journal(home)
        self.parts: dict[str, subprocess.Popen[str]] = {}

    def begin(self, name: str, **more: str) -> None:
        """Start a part: ``city`` or a worker."""
        command = CITY if name == "city" else WORKS
        named = {"PGAPPNAME": name}
        self.parts[name] = started(command, self.environment | named | more)

    def end(self, name: str, number: signal.Signals) -> int:
        """Stop or kill a part; its exit code."""
        self.parts[name].send_signal(number)
        return ended(self.parts.pop(name))[0]

    def fall(self, name: str, number: signal.Signals) -> None:
        """Let a part fall, and start it again."""
        if name == "server":
            if number == signal.SIGTERM:
                postgres.stop(self.home)
            else:
                os.kill(int(Layout.of(self.home).pid_file.read_text().split("\n")[0]), number)
            time.sleep(0.3)  # long enough for everybody to notice
            postgres.start(self.home)
        else:
            assert self.end(name, number) == ENDS[number]
            self.begin(name)
            self.wait(partial(self.is_connected, name))

    def is_connected(self, name: str) -> bool:
        """Whether a part has come so far that it outlives the server."""
        with closing(server(self.home)) as connection:
            found = connection.execute(
                "select from pg_stat_activity"
                " where application_name = %s and usename = 'tanzhang_app'",
                [name],
            )
            return found.fetchone() is not None

    def answers(self) -> int:
        """How many batches have an answer."""
        return sum(isinstance(line, Answer) for line in self.journal.lines())

    def answer_to(self, batch: LiveBatch) -> Sequence[Verdict]:
        """What the door said of a batch."""
        lines = self.journal.lines()
        return next(a.verdicts for a in lines if isinstance(a, Answer) and a.batch == batch.id)

    def wait(self, reached: Callable[[], bool]) -> None:
        """Wait; no part may end by itself meanwhile."""
        deadline = time.monotonic() + 60
        while not reached():
            assert time.monotonic() < deadline
            for name, part in self.parts.items():
                assert part.poll() is None, f"{name}: {part.communicate()}"
            time.sleep(0.05)

    def more_answers(self) -> None:
        """Wait until the city goes on."""
        goal = self.answers() + 5
        self.wait(lambda: self.answers() >= goal)


@pytest.fixture
def installation() -> Iterator[Installation]:
    """An installation of this test's own, with the demonstration's rules and no act."""
    home = Path(tempfile.mkdtemp(prefix="tzl-", dir="/tmp"))
    home.chmod(0o711)
    made = Installation(home)
    try:
        ran(step("prepare"), made.environment)
        yield made
    finally:
        for part in made.parts.values():
            part.kill()
            part.communicate()
        postgres.stop(home)
        shutil.rmtree(home)


def test_whoever_falls_in_whatever_order_nothing_is_lost_and_nothing_counts_twice(
    installation: Installation,
) -> None:
    for point in ("door.before_commit:9", "door.after_commit:9"):  # the ninth batch has no answer
        installation.begin("city", TANZHANG_FAULT=point)
        assert ended(installation.parts.pop("city"))[0] == -signal.SIGKILL
        (orphan,) = installation.journal.unanswered()
    for name in ("city", "first worker", "second worker"):
        installation.begin(name)
    for name in installation.parts:
        installation.wait(partial(installation.is_connected, name))
    installation.more_answers()
    (known,) = installation.answer_to(orphan)
    assert known.verdict == "duplicate"  # it was in the books before its city fell
    falls = [
        (name, number)
        for name in ("city", "first worker", "second worker", "server")
        for number in (signal.SIGTERM, signal.SIGKILL)
    ]
    random.Random(SEED).shuffle(falls)
    for name, number in falls:
        installation.fall(name, number)
        installation.more_answers()
    for name in list(installation.parts):
        assert installation.end(name, signal.SIGTERM) == 0
    ran((*WORKS, "--until-empty"), installation.environment)
    verified = json.loads(ran((*TANZHANG, "ledger", "verify", "--json"), installation.environment))
    assert verified["ok"], verified
    compared = json.loads(ran((*TANZHANG, "city", "compare", "--json"), installation.environment))
    assert compared["ok"], compared
    assert compared["acts"] > 60
