"""One real PostgreSQL for a test run, one database for each of its processes.

The server is embedded, in a temporary home, and starts when the first test asks for it. Migrations
run once, into a template; every process copies the template. A test marked ``database`` finds empty
tables (but for what migrations put there) and works with the rights of the app; what it commits is
removed by the owner afterwards.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings

from abandoned_runs import bury_killed_runs, make_run
from clean_database import (
    SECRET,
    TEMPLATE,
    URLS,
    Database,
    EmptiedDatabase,
    copy_template,
    make_template,
    url,
)
from tanzhang.config import postgres, setup
from tanzhang.config.database import connect
from tanzhang.config.postgres.cluster import SUPERUSER
from tanzhang.engine.packs import PackLibrary

#: Where this run keeps its server; the process that started the run names it for the others.
RUN = "TANZHANG_TEST_RUN"

# How long one example takes says something of the machine, and nothing of the code.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

#: Tests in these folders import models, so Django is loaded before they are read.
DJANGO_FOLDERS = {"apps", "broken", "config", "crash", "journeys", "surfaces", "workbench"}


def pytest_configure(config: pytest.Config) -> None:
    """Name the server and the database before anything reads the environment; start nothing yet."""
    if not hasattr(config, "workerinput"):
        bury_killed_runs(Path("/tmp"))
        os.environ[RUN] = str(make_run(Path("/tmp")))  # a short path, because a socket goes in
    os.environ["TANZHANG_HOME"] = str(_run() / "home")
    os.environ["TANZHANG_HOSTS"] = "localhost,127.0.0.1,testserver"
    os.environ["TANZHANG_STATIC"] = "plain"
    for variable, user in URLS.items():
        os.environ[variable] = url(_run() / "server" / "socket", user, _database_name())


def pytest_unconfigure(config: pytest.Config) -> None:
    """The process that made the server's home stops the server and removes everything."""
    if not hasattr(config, "workerinput"):
        postgres.stop(_run() / "server")
        shutil.rmtree(_run())


def pytest_pycollect_makemodule(module_path: Path) -> None:
    """Load Django before the first module that needs it is imported."""
    tests = Path(__file__).parent
    folder = module_path.parent
    if folder.is_relative_to(tests) and DJANGO_FOLDERS & {*folder.relative_to(tests).parts[:1]}:
        setup(opens=False)  # the server does not run yet


@pytest.fixture(autouse=True)
def _database_if_marked(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("database"):
        request.getfixturevalue("database")


@pytest.fixture
def database(_emptied_database: EmptiedDatabase) -> Iterator[Database]:
    """A clean database, reached as app by Django and by ``connect``."""
    yield _emptied_database.database
    from django.db import connections

    connections.close_all()
    _emptied_database.clean()


@pytest.fixture
def river(database: Database) -> None:
    """The programmes and people of ``tests/river``; no act yet."""
    from river.people import settle_in

    settle_in()


@pytest.fixture
def afresh(_emptied_database: EmptiedDatabase, river: None) -> Callable[..., None]:
    """Empty the database in the middle of a test; ``river`` is there again, and no act.

    It is the same installation still: references and codes of before are known.

    It takes the packs and programmes to begin with, if they are not the usual ones.
    """

    def begin(*packs: PackLibrary) -> None:
        from river.people import settle_in

        _emptied_database.clean(keeping=SECRET)
        settle_in(*packs)

    return begin


@pytest.fixture(scope="session")
def _emptied_database() -> Iterator[EmptiedDatabase]:
    """The database of this process, copied from the template that the first process makes."""
    directory = postgres.start(_run() / "server")
    where = url(directory, SUPERUSER, "postgres")
    with (
        psycopg.connect(where, autocommit=True) as server,
        (_run() / "template.lock").open("w") as lock,
    ):
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = server.execute("SELECT FROM pg_database WHERE datname = %s", [TEMPLATE])
        if found.fetchone() is None:
            make_template(server, directory)
        copy_template(server, _database_name())
    setup()
    with connect("owner", autocommit=True) as owner:
        yield EmptiedDatabase(_database_name(), owner)


def _run() -> Path:
    return Path(os.environ[RUN])


def _database_name() -> str:
    return f"tanzhang_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
