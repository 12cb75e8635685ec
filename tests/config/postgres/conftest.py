"""Homes for servers of one test, which are gone when it ends."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tanzhang.config import postgres
from tanzhang.config.postgres.cluster import SUPERUSER
from tanzhang.config.postgres.layout import PORT, Layout

Ask = Callable[[Path, str], object]


@pytest.fixture
def closed_folder() -> Iterator[Path]:
    """A folder with a short name that is closed to everybody else, as ``/root`` is."""
    folder = Path(tempfile.mkdtemp(prefix="tzc-", dir="/tmp"))
    assert folder.stat().st_mode & 0o777 == 0o700
    yield folder
    for lock in folder.rglob("server.lock"):
        socket = Layout.of(lock.parent).socket_directory()
        postgres.stop(lock.parent)
        shutil.rmtree(socket, ignore_errors=True)
    shutil.rmtree(folder)


@pytest.fixture
def home(closed_folder: Path) -> Path:
    """A home that does not exist yet."""
    return closed_folder / "home"


@pytest.fixture
def ask() -> Ask:
    """Ask the running server of a home one question and get the first value of its answer."""

    def asked(home: Path, statement: str) -> object:
        directory = Layout.of(home).socket_directory()
        with psycopg.connect(
            host=str(directory), port=PORT, user=SUPERUSER, dbname="postgres"
        ) as connection:
            cursor = connection.execute(statement.encode())
            row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None

    return asked
