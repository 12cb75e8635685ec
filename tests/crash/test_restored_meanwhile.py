"""A backup is restored under processes that live on: none of them works on what it brings back."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from clean_database import TEMPLATE, URLS, Database, url
from crash.processes import ran, started, step
from tanzhang.config.database import parameters
from tanzhang.config.postgres.binaries import program
from tanzhang.config.postgres.cluster import SUPERUSER

pytestmark = pytest.mark.database

SECONDS = 60.0
NAME = f"tanzhang_restored_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"


@dataclass
class House:
    """A database of its own on the tests' server, and a journal; processes know both."""

    socket: Path
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        own = {variable: url(self.socket, user, NAME) for variable, user in URLS.items()}
        return own | {"TANZHANG_ERASURES": str(self.folder / "erasures")}

    def asks(self, query: str) -> list[tuple[object, ...]]:
        with psycopg.connect(url(self.socket, SUPERUSER, NAME), autocommit=True) as connection:
            return connection.execute(query.encode()).fetchall()

    def keeps(self) -> None:
        self._run("pg_dump", "--format=custom", f"--file={self.folder / 'dump'}")

    def brings_back(self) -> None:
        """In place, under whoever is connected, as no command of ours would."""
        self._run("pg_restore", "--clean", "--if-exists", "--single-transaction", "--exit-on-error",
                  f"--dbname={NAME}", str(self.folder / "dump"))  # fmt: skip

    def loses_its_journal(self) -> None:
        shutil.move(self.folder / "erasures", self.folder / "elsewhere")

    def finds_its_journal(self) -> None:
        shutil.rmtree(self.folder / "erasures", ignore_errors=True)  # whoever looks for it makes it
        shutil.move(self.folder / "elsewhere", self.folder / "erasures")

    def _run(self, name: str, *words: str) -> None:
        known = {"PGHOST": str(self.socket), "PGUSER": SUPERUSER, "PGDATABASE": NAME}
        port = {"PGPORT": str(parameters("owner")["port"])}
        subprocess.run([str(program(name)), *words], env=os.environ | known | port, check=True)


@pytest.fixture
def house(database: Database, tmp_path: Path) -> Iterator[House]:
    found = House(Path(str(parameters("owner")["host"])), tmp_path)
    drop = sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(NAME))
    make = sql.SQL("create database {} template {} owner tanzhang_owner")
    with psycopg.connect(url(found.socket, SUPERUSER, "postgres"), autocommit=True) as server:
        server.execute(drop)
        server.execute(make.format(sql.Identifier(NAME), sql.Identifier(TEMPLATE)))
        ran(step("settle-in"), found.environment)
        yield found
        server.execute(drop)


@pytest.fixture
def alive() -> Iterator[list[subprocess.Popen[str]]]:
    """Processes that end with the test."""
    made: list[subprocess.Popen[str]] = []
    yield made
    for process in made:
        process.send_signal(signal.SIGTERM)
    for process in made:
        process.communicate(timeout=SECONDS)


def seen(asked: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + SECONDS
    while not asked() and time.monotonic() < deadline:
        time.sleep(0.1)
    return asked()


def erased(house: House) -> bool:
    """Whether river-ada is gone, and the database knows it."""
    (knows,) = house.asks("select count(*) from erasure where was_here")
    (leads,) = house.asks("select count(*) from account where handle = 'river-ada'")
    return (knows, leads) == ((1,), (0,))


def answer(port: int, path: str = "/log-in/") -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=SECONDS) as said:
            return int(said.status)
    except urllib.error.HTTPError as refused:
        return refused.code
    except OSError:
        return 0


def ada(house: House) -> str:
    ((subject,),) = house.asks("select subject_id from account where handle = 'river-ada' limit 1")
    return str(subject)


def test_a_worker_that_lives_on_erases_again_and_stops_where_it_cannot(
    house: House, alive: list[subprocess.Popen[str]]
) -> None:
    who = ada(house)
    house.keeps()
    alive.append(started((sys.executable, "-m", "tanzhang", "worker"), house.environment))
    ran(step("hand-in", "1"), house.environment)
    assert seen(lambda: house.asks("select count(*) from piece_queue") == [(0,)]), "it works"
    ran(step("erase", who), house.environment)
    house.brings_back()
    assert seen(lambda: erased(house))

    alive[0].send_signal(signal.SIGSTOP)
    ran(step("hand-in", "1"), house.environment)
    house.loses_its_journal()
    alive[0].send_signal(signal.SIGCONT)
    time.sleep(3)
    assert house.asks("select count(*) > 0 from piece_queue") == [(True,)], "nobody may work"
    house.finds_its_journal()
    assert seen(lambda: house.asks("select count(*) from piece_queue") == [(0,)])
    assert alive[0].poll() is None, "it is the same process"


def test_a_site_that_lives_on_answers_nothing_before_it_has_erased_again(
    house: House, alive: list[subprocess.Popen[str]]
) -> None:
    who = ada(house)
    house.keeps()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    here = house.environment | {"TANZHANG_LISTEN": f"127.0.0.1:{port}"}
    alive.append(started((sys.executable, "-m", "tanzhang", "web"), here))
    assert seen(lambda: answer(port) == 200)
    ran(step("erase", who), house.environment)
    assert answer(port) == 200
    house.brings_back()
    assert not erased(house), "the backup knows her"
    assert answer(port) == 200
    assert erased(house), "the first answer came after she was erased again"

    house.loses_its_journal()
    assert answer(port) >= 500
    assert answer(port, "/readyz") == 503
    house.finds_its_journal()
    assert answer(port) == 200
    assert alive[0].poll() is None, "it is the same process"
