"""An installation whose parts a test kills: PostgreSQL of its own, the site, two workers.

The site and the workers reach PostgreSQL through a proxy that can cut their connections.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, Final

from crash.cutting_proxy import CuttingProxy
from crash.test_killed_server import server
from tanzhang.config import postgres
from tanzhang.config.postgres.layout import Layout

TANZHANG: Final = (sys.executable, "-m", "tanzhang")
PATIENCE_SECONDS: Final = 90.0

#: Work under an Idempotency-Key that has not ended after three seconds began a minute earlier, so
#: that the server lets somebody else take it over.
MINUTE: Final = (
    "update idempotency set started_at = started_at - interval '61 s' where finished_at is null"
    " and started_at between now() - interval '60 s' and now() - interval '3 s' returning 1"
)
MINUTE_LASTS_SECONDS: Final = 0.5


def wait(true: Callable[[], bool], what: str) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.02)


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def begin(
    words: tuple[str, ...], log: Path, environment: dict[str, str]
) -> subprocess.Popen[bytes]:
    """A ``tanzhang`` command under way, with all its processes in a session of its own."""
    with log.open("ab") as said:
        return subprocess.Popen(
            (*TANZHANG, *words),
            env=os.environ | environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )


def kill(started: subprocess.Popen[bytes]) -> int:
    """Kill a command and everything that it started, as nothing can catch; its exit code."""
    with suppress(ProcessLookupError):  # all of them may have died already
        os.killpg(started.pid, signal.SIGKILL)
    return started.wait()


def answers(port: int) -> bool:
    """Whether a site is there."""
    try:
        with closing(HTTPConnection("127.0.0.1", port, timeout=15)) as connection:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False


class House:
    """The installation in ``home``, with its logs beside it."""

    def __init__(self, home: Path, proxy: CuttingProxy) -> None:
        self.home = home
        self.proxy = proxy
        self.port = free_port()
        self.directly = {name: "" for name in os.environ if name.startswith("DATABASE_")}
        self.directly |= {"TANZHANG_HOME": str(home)}
        self._parts: dict[str, subprocess.Popen[bytes]] = {}
        self._minute_passed = 0.0

    @property
    def url(self) -> str:
        """Where the partner reaches the site."""
        return f"http://127.0.0.1:{self.port}"

    def begin(self, name: str, **more: str) -> None:
        """Start ``web``, and wait until it is there, or a worker, whose name is its own."""
        environment = self.directly | {
            "DATABASE_URL": self.proxy.url("tanzhang_app"),
            "TANZHANG_LISTEN": f"127.0.0.1:{self.port}",
            "PGAPPNAME": name,
        }
        command = ("web",) if name == "web" else ("worker",)
        self._parts[name] = begin(command, self.home / f"{name}.log", environment | more)
        if name == "web":
            wait(lambda: answers(self.port), "the site answers")
        else:
            wait(lambda: self.is_connected(name), f"{name} works")

    def kill(self, name: str) -> None:
        """Kill a part that lives."""
        assert kill(self._parts.pop(name)) == -signal.SIGKILL

    def die(self, name: str, marker: Path) -> None:
        """Wait until a part has died of the fault that it was started with."""
        part = self._parts.pop(name)
        wait(lambda: part.poll() is not None, f"{name} dies")
        assert kill(part) != 0
        assert marker.exists()

    def kill_all(self) -> None:
        """Kill whatever still lives."""
        for part in self._parts.values():
            kill(part)
        self._parts.clear()

    def restart_database(self) -> None:
        """Stop PostgreSQL at once, as a crash does, and start it again."""
        os.kill(int(Layout.of(self.home).pid_file.read_text().split("\n")[0]), signal.SIGQUIT)
        wait(lambda: not postgres.is_running(self.home), "PostgreSQL is gone")
        time.sleep(0.3)  # long enough for everybody to notice
        postgres.start(self.home)

    def let_a_minute_pass(self) -> None:
        """Make work that died under an Idempotency-Key old enough to be taken over."""
        if time.monotonic() - self._minute_passed > MINUTE_LASTS_SECONDS:
            self.ask(MINUTE)
            self._minute_passed = time.monotonic()

    def is_connected(self, name: str) -> bool:
        """Whether a part has reached the database."""
        return bool(self.ask("select 1 from pg_stat_activity where application_name = %s", name))

    def ask(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Ask the database itself, beside the proxy."""
        with closing(server(self.home)) as connection:
            return connection.execute(query.encode(), values).fetchall()
