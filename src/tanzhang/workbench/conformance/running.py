"""A site to talk to: the sandbox's own if one runs, else a worker and a web server of ours."""

from __future__ import annotations

import json
import os
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tanzhang.config import database, postgres
from tanzhang.config.processes import presence
from tanzhang.config.processes.supervisor import PAUSE_SECONDS, Part, Supervisor
from tanzhang.problems import Problem

#: Packs are compiled and static files collected the first time.
READY_S: Final = 120.0


@contextmanager
def database_awake() -> Iterator[None]:
    """The database, and at the end as it was: started by us, it is stopped by us."""
    slept = database.is_embedded() and not postgres.is_running(database.home())
    try:
        yield
    finally:
        if slept:
            from django.db import connections

            connections.close_all()
            postgres.stop(database.home())


@contextmanager
def site() -> Iterator[str]:
    """The address of a site of this installation that answers, such as ``http://127.0.0.1:8001``.

    Raises ``up.site_silent``.
    """
    home = database.home()
    if found := presence.address(home):
        yield found.rstrip("/")
        return
    logs, address = home / "logs" / "conformance", f"127.0.0.1:{_free_port()}"
    lock = os.open(home / "conformance.lock", os.O_RDWR | os.O_CREAT, 0o600)
    environment = {"TANZHANG_LISTEN": address, "TANZHANG_HOME": str(home)}
    try:
        with Supervisor(logs, environment, lock, lambda *_: None) as parts:
            parts.start([Part("worker", ("worker",)), Part("web", ("web",))])
            _wait(f"http://{address}", parts, logs)
            yield f"http://{address}"
    finally:
        os.close(lock)


def _wait(url: str, parts: Supervisor, logs: Path) -> None:
    deadline, missing = time.monotonic() + READY_S, "web"
    while missing:
        if time.monotonic() > deadline:
            log = str(logs / "web.log")
            raise Problem(
                "up.site_silent", address=url, seconds=int(READY_S), missing=missing, log=log
            )
        time.sleep(PAUSE_SECONDS)
        parts.look_after()
        missing = _missing(url)


def _missing(url: str) -> str:
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=5) as answer:  # noqa: S310
            return ", ".join(json.load(answer)["missing"])
    except urllib.error.HTTPError as error:
        with error:
            return "web"
    except (OSError, ValueError, KeyError):
        return "web"


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])
