"""Is it alive, start, ready, stop.

No process id decides whether a server lives. A pid outlives its process in a file and is given to a
stranger after a restart. Instead the server inherits an open lock on ``server.lock``: the kernel
keeps it as long as one of the server's processes lives and not a moment longer. Whoever starts or
stops the server holds ``start.lock`` meanwhile, so that any number of processes get one server.
"""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from psycopg import pq

from tanzhang.config.postgres import cluster
from tanzhang.config.postgres.account import Account, account_for
from tanzhang.config.postgres.binaries import program
from tanzhang.config.postgres.layout import PORT, Layout
from tanzhang.problems import Problem

#: Recovery after a crash replays at most ``max_wal_size``; a minute or two on a slow disk.
START_SECONDS = 180.0
STOP_SECONDS = 60.0
PAUSE_SECONDS = 0.02

LOG_BYTES_KEPT = 16 * 1024 * 1024


def start(home: Path) -> Path:
    """Make sure that the server of a home directory runs; its socket's directory.

    Creates what is missing. Raises a ``Problem`` of room ``embedded`` if that cannot be done.
    """
    layout = Layout.of(home)
    with _home_in_use(layout):
        if not _ready(layout):
            layout.make_home()
            with _locked(layout.start_lock):
                if not _ready(layout):
                    _start(layout)
    return layout.socket_directory()


def stop(home: Path) -> bool:
    """Stop the server of a home directory, whoever started it; ``False`` if none ran.

    Open connections are ended, what was committed stays. Raises ``embedded.stop_failed``.
    """
    layout = Layout.of(home)
    if not layout.start_lock.exists():
        return False
    with _home_in_use(layout), _locked(layout.start_lock):
        if not _alive(layout):
            return False
        for number in (signal.SIGINT, signal.SIGQUIT):  # a fast shutdown, then an immediate one
            if _ping(layout) != pq.Ping.NO_RESPONSE:  # else only dying children are left
                _signal(layout, number)
            if _wait_for_end(layout, STOP_SECONDS):
                return True
    raise Problem("embedded.stop_failed", home=str(layout.home), log=str(layout.log))


def is_running(home: Path) -> bool:
    """Whether the server of a home directory lives and takes connections."""
    return _ready(Layout.of(home))


@contextmanager
def _home_in_use(layout: Layout) -> Iterator[None]:
    """Say which file of a home the system refuses, be it closed, full or not what we thought."""
    try:
        yield
    except OSError as error:
        said = f"{error.strerror}: {error.filename}"
        raise Problem("embedded.home_unusable", home=str(layout.home), said=said) from error


def _ready(layout: Layout) -> bool:
    # Both: another server may answer on a socket whose home was deleted and made again.
    return _alive(layout) and _ping(layout) == pq.Ping.OK


def _ping(layout: Layout) -> pq.Ping:
    """What ``pg_isready`` asks: does a server answer on the socket, and would it let us in."""
    directory = layout.socket_directory()
    where = f"host='{_quoted(directory)}' port={PORT} user={cluster.SUPERUSER} dbname=postgres"
    return pq.Ping(pq.PGconn.ping(where.encode()))


def _quoted(path: Path) -> str:
    return str(path).replace("\\", "\\\\").replace("'", "\\'")


def _alive(layout: Layout) -> bool:
    """Whether any process of the server lives: whether somebody holds ``server.lock``."""
    try:
        descriptor = os.open(layout.server_lock, os.O_RDWR)
    except (FileNotFoundError, NotADirectoryError):
        return False
    try:
        # Shared, so that two who ask at once do not take each other for the server.
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    """Hold a lock on a file; others wait. Gives the descriptor that holds it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def _start(layout: Layout) -> None:
    """Start a server that is not ready; the caller holds ``start.lock``."""
    if _alive(layout) and not _settle_living(layout):
        return
    postgres = program("postgres")
    account = account_for(layout.home, layout.data, [postgres])
    if not layout.data.exists():
        cluster.create(layout, account)
    elif layout.data.stat().st_uid != account.uid:  # root copied it here from elsewhere
        account.give(layout.data)
    directory = layout.make_socket_directory()
    for left_behind in directory.glob(".s.PGSQL.*"):  # ours alone, and no server of ours lives
        left_behind.unlink()
    account.give(directory)
    cluster.write_settings(layout, account)
    if layout.log.exists() and layout.log.stat().st_size > LOG_BYTES_KEPT:
        layout.log.replace(layout.log.with_suffix(".log.old"))
    with _locked(layout.server_lock) as lock:
        _launch(layout, account, postgres, lock)
    _wait_until_ready(layout)


def _settle_living(layout: Layout) -> bool:
    """A server lives but is not ready. True if it came to its end and another is to be started.

    It may be recovering from a crash (then it gets ready), or its head was killed and its children
    are on their way out (then it ends by itself).
    """
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if not _alive(layout):
            return True
        if _ping(layout) == pq.Ping.OK:
            return False
        time.sleep(PAUSE_SECONDS)
    raise _not_ready(layout)


def _launch(layout: Layout, account: Account, postgres: Path, lock: int) -> None:
    """Leave a server behind, in a session of its own, that has inherited the lock."""
    # A pid file without a living server names nobody or a stranger. This variable is how PostgreSQL
    # is told that a pid is no server; its own guard, the shared memory named in that file, stays.
    environment = {"PG_GRANDPARENT_PID": _first_line(layout.pid_file)} if _has_pid(layout) else {}
    log = os.open(layout.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        account.run(
            ["/bin/sh", "-c", '"$0" -D "$1" &', postgres, layout.data],
            environment,
            pass_fds=(lock,),
            log=log,
        )
    finally:
        os.close(log)


def _has_pid(layout: Layout) -> bool:
    return layout.pid_file.is_file() and _first_line(layout.pid_file).isdecimal()


def _first_line(path: Path) -> str:
    return path.read_text(encoding="ascii", errors="replace").partition("\n")[0].strip()


def _wait_until_ready(layout: Layout) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if not _alive(layout):
            break
        if _ping(layout) == pq.Ping.OK:
            return
        time.sleep(PAUSE_SECONDS)
    raise _not_ready(layout)


def _not_ready(layout: Layout) -> Problem:
    lines = layout.log.read_text(encoding="utf-8", errors="replace").splitlines()
    return Problem("embedded.start_failed", log=str(layout.log), said=" / ".join(lines[-3:]))


def _signal(layout: Layout, number: signal.Signals) -> None:
    """Send a signal to the head of a server that answers, so that its pid file is true."""
    try:
        os.kill(int(_first_line(layout.pid_file)), number)
    except OSError as error:
        if error.errno == errno.ESRCH:  # it ended by itself meanwhile
            return
        raise Problem("embedded.stop_failed", home=str(layout.home), log=str(layout.log)) from error


def _wait_for_end(layout: Layout, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not _alive(layout):
            return True
        time.sleep(PAUSE_SECONDS)
    return False
