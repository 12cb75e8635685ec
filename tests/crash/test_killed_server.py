"""PostgreSQL killed in the middle of a settlement: nothing is lost, nothing is posted twice."""

from __future__ import annotations

import json
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from crash.processes import WORKER, ended, ran, started, step
from crash.test_killed_processes import SEED, UNDISTURBED
from tanzhang.config import postgres
from tanzhang.config.postgres.cluster import SUPERUSER
from tanzhang.config.postgres.layout import PORT, Layout

pytestmark = pytest.mark.database


@pytest.fixture
def home() -> Iterator[Path]:
    """A home for a server of this test's own: the others' must live."""
    folder = Path(tempfile.mkdtemp(prefix="tzk-", dir="/tmp"))
    folder.chmod(0o711)
    yield folder
    postgres.stop(folder)
    shutil.rmtree(folder)


def test_a_server_killed_in_the_middle_is_started_again_and_the_books_go_on(home: Path) -> None:
    unset = {name: "" for name in os.environ if name.startswith("DATABASE_")}
    installation = unset | {"TANZHANG_HOME": str(home)}
    ran((*WORKER[:3], "migrate"), installation)
    ran(step("settle-in"), installation)
    acknowledged = [
        key
        for line in ran(step("hand-in", str(SEED)), installation).splitlines()
        for key in json.loads(line)["accepted"]
    ]
    with closing(server(home)) as keeper:
        keeper.execute("begin")
        keeper.execute("lock table cut in exclusive mode")  # the worker comes so far and waits
        worker = started(WORKER, installation)
        wait_until_a_worker_waits(home)
        os.kill(int(Layout.of(home).pid_file.read_text().split("\n")[0]), signal.SIGKILL)
        code, _ = ended(worker)
    assert code == 1  # it says that the database is gone, and whoever runs workers starts another
    ran(WORKER, installation)
    judged = json.loads(ran(step("judge"), installation))
    assert judged == {"digest": UNDISTURBED, "faults": []}
    with closing(server(home)) as connection:
        posted = connection.execute("select distinct event_key from activity").fetchall()
    assert set(acknowledged) <= {key.hex for (key,) in posted}


def server(home: Path) -> psycopg.Connection:
    return psycopg.connect(
        host=str(Layout.of(home).socket_directory()),
        port=PORT,
        user=SUPERUSER,
        dbname="tanzhang",
        autocommit=True,
    )


def wait_until_a_worker_waits(home: Path) -> None:
    deadline = time.monotonic() + 60
    with closing(server(home)) as connection:
        while connection.execute(
            "select count(*) from pg_locks where not granted and relation = 'cut'::regclass"
        ).fetchone() == (0,):
            assert time.monotonic() < deadline
            time.sleep(0.05)
