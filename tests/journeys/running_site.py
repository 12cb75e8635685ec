"""The real site for journeys: a web server and a worker on the test database."""

from __future__ import annotations

import os
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tanzhang.config.processes.supervisor import Part, Supervisor

START_SECONDS = 60.0


@dataclass(frozen=True)
class Site:
    """Where the site answers, such as ``http://127.0.0.1:41234``."""

    address: str
    logs: Path

    def url(self, path: str) -> str:
        """The address of a page by its path from the root, such as ``/host/``."""
        return self.address + path


@contextmanager
def running_site(folder: Path) -> Iterator[Site]:
    """The site with static files as they are served for real; its parts end with the test run."""
    port = _free_port()
    environment = {"TANZHANG_LISTEN": f"127.0.0.1:{port}", "TANZHANG_STATIC": "hashed"}
    lock = os.open(folder / "parts.lock", os.O_RDWR | os.O_CREAT)
    dead: list[str] = []
    try:
        with Supervisor(folder, environment, lock, lambda name, *_: dead.append(name)) as parts:
            parts.start([Part("worker", ("worker",)), Part("web", ("web",))])
            site = Site(f"http://127.0.0.1:{port}", folder)
            _wait_until_alive(site, parts, dead)
            yield site
            parts.look_after()
            assert dead == [], _logs(folder)
    finally:
        os.close(lock)


def wait_until_settled() -> None:
    """Until the site's worker has settled everything."""
    from tanzhang.apps.activities.api import waiting_shards

    deadline = time.monotonic() + START_SECONDS
    while waiting_shards():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def _wait_until_alive(site: Site, parts: Supervisor, dead: list[str]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        parts.look_after()
        assert dead == [] and time.monotonic() < deadline, _logs(site.logs)
        try:
            with urllib.request.urlopen(site.url("/healthz"), timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)


def _logs(folder: Path) -> str:
    return "\n".join(f"{file.name}:\n{file.read_text()}" for file in folder.glob("*.log"))
