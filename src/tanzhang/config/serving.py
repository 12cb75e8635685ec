"""The web server: granian runs Django's WSGI application with threads.

The process that listens starts web processes and loads nothing itself; each web process loads
Django afresh (``spawn``), because a process with threads must not be forked. A web process ends
with the one that started it, however that one came to its end.

===========================  ==================================================================
``TANZHANG_LISTEN``          where to listen; default ``127.0.0.1:8000``, in a sandbox 8001
``TANZHANG_WEB_PROCESSES``   web processes; default 1
``TANZHANG_WEB_THREADS``     requests that one process answers at a time; default 8
===========================  ==================================================================

Each thread keeps a database connection of its own, so a server takes processes × threads of them.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tanzhang.config import environment
from tanzhang.config.logs import server_logging
from tanzhang.problems import Problem

FIRST_PORT = 8000

#: A web process that has not ended its requests by then is killed.
STOP_SECONDS = 10

#: The longest that granian knows: a thread that ends closes its database connection.
IDLE_THREAD_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Address:
    """Where the site listens."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    def reached_at(self) -> str:
        """The host by which this machine itself reaches the site."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - it is compared

    def is_free(self) -> bool:
        """Whether anybody could listen here now."""
        try:
            self.refuse_taken()
        except Problem:
            return False
        return True

    def refuse_taken(self) -> None:
        """Raise ``configuration.address_taken`` if nobody could listen here now.

        Asked before granian starts, because its own port may be shared: two servers of it would
        listen on one port and get every other request.
        """
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((self.host, self.port))
            except OSError as error:
                said = error.strerror or str(error)
                raise Problem(
                    "configuration.address_taken", address=str(self), said=said
                ) from error


def first_port() -> int:
    """The port of a site that is told none: a sandbox leaves the first to its neighbour."""
    return FIRST_PORT + environment.is_sandbox()


def address() -> Address:
    """Where to listen, from the environment. Raises ``configuration.address_invalid``."""
    given = environment.text("TANZHANG_LISTEN", f"127.0.0.1:{first_port()}")
    host, _, port = given.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise Problem("configuration.address_invalid", variable="TANZHANG_LISTEN", given=given)
    return Address(host, int(port))


def size() -> tuple[int, int]:
    """Web processes, and threads of each, from the environment."""
    processes = environment.number("TANZHANG_WEB_PROCESSES", 1, least=1, most=64)
    return processes, environment.number("TANZHANG_WEB_THREADS", 8, least=1, most=256)


def serve(load: Callable[[str], Callable[..., Any]] | None = None) -> None:
    """Serve the site until SIGTERM or SIGINT, then end in order.

    ``load`` gives a web process something else to answer with. Raises a ``Problem`` if the
    environment is wrong or the address is taken; exits with code 1 if a web process dies.
    """
    where = address()
    processes, threads = size()
    where.refuse_taken()
    multiprocessing.set_start_method("spawn", force=True)
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    Server(
        "tanzhang.config.wsgi:application",
        address=where.host,
        port=where.port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=threads,
        blocking_threads_idle_timeout=IDLE_THREAD_SECONDS,
        log_level=LogLevels.error,
        log_dictconfig=server_logging(),
        workers_kill_timeout=STOP_SECONDS,
    ).serve(target_loader=load or load_site)


def load_site(_target: str) -> Callable[..., Any]:
    """The site, as a web process loads it."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    from tanzhang.config.arrivals import Arrivals
    from tanzhang.config.wsgi import application

    _, threads = size()
    behind_proxy = environment.switched_on("TANZHANG_BEHIND_PROXY")
    return Arrivals(application, threads, behind_proxy=behind_proxy)


def _end_with_parent() -> None:
    """End this process in order when the one that started it is gone; at once if that hangs."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait(STOP_SECONDS)
    os._exit(1)
