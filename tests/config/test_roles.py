"""On a server of one's own the roles are made, or the administrator is told what to run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tanzhang.config import database, postgres, roles
from tanzhang.config.postgres.cluster import SUPERUSER
from tanzhang.config.postgres.layout import PORT
from tanzhang.problems import Problem


@pytest.fixture(scope="module")
def own_server() -> Iterator[Path]:
    """The socket of a server that knows nothing of this house yet."""
    home = Path(tempfile.mkdtemp(prefix="tzr-", dir="/tmp"))
    yield postgres.start(home)
    postgres.stop(home)
    shutil.rmtree(home)


@pytest.fixture
def superuser(own_server: Path) -> Iterator[psycopg.Connection]:
    """Its administrator; a database ``ours`` with two ordinary log-ins, and no trace of before."""
    where = f"host={own_server} port={PORT} user={SUPERUSER} dbname=postgres"
    with psycopg.connect(where, autocommit=True) as connection:
        connection.execute("CREATE ROLE house_admin LOGIN")
        connection.execute("CREATE ROLE house_worker LOGIN")
        connection.execute("CREATE DATABASE ours OWNER house_admin")
        yield connection
        connection.execute("DROP DATABASE ours")
        for role in database.ROLES:
            connection.execute(f"DROP ROLE IF EXISTS tanzhang_{role}".encode())
        connection.execute("DROP ROLE house_admin, house_worker")


@pytest.fixture
def addressed(own_server: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of an installation that uses this server."""
    for name, user in (("DATABASE_URL", "house_worker"), ("DATABASE_OWNER_URL", "house_admin")):
        monkeypatch.setenv(name, f"postgresql://{user}@/ours?host={own_server}&port={PORT}")
    monkeypatch.delenv("DATABASE_AUDITOR_URL", raising=False)


@pytest.mark.usefixtures("addressed")
def test_a_log_in_that_may_make_roles_makes_them(superuser: psycopg.Connection) -> None:
    superuser.execute("ALTER ROLE house_admin CREATEROLE")
    roles.prepare()
    roles.prepare()
    for role in database.ROLES:
        with database.connect(role) as connection:
            found = connection.execute("SELECT current_user").fetchone()
        assert found == (f"tanzhang_{role}",)


@pytest.mark.usefixtures("addressed")
def test_a_log_in_that_may_not_is_told_the_sql_and_the_sql_is_enough(
    superuser: psycopg.Connection, own_server: Path
) -> None:
    with pytest.raises(Problem) as raised:
        roles.prepare()
    assert raised.value.code == "database.roles_missing"
    script = raised.value.details["sql"]
    assert "CREATE ROLE" in script
    where = f"host={own_server} port={PORT} user={SUPERUSER} dbname=ours"
    with psycopg.connect(where, autocommit=True) as administrator:
        administrator.execute(script.encode())
    roles.prepare()
    with database.connect("owner") as connection:
        connection.execute("CREATE TABLE made_by_the_owner ()")
        connection.rollback()


@pytest.mark.usefixtures("addressed")
def test_a_log_in_of_another_name_works_with_the_rights_of_the_role_alone(
    superuser: psycopg.Connection,
) -> None:
    superuser.execute("ALTER ROLE house_admin SUPERUSER")
    roles.prepare()
    with (
        database.connect("auditor") as connection,
        pytest.raises(psycopg.errors.ReadOnlySqlTransaction),
    ):
        connection.execute("CREATE TABLE written ()")
    with (
        database.connect("app") as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("CREATE TABLE owned ()")


@pytest.mark.usefixtures("addressed", "superuser")
def test_migrating_a_server_of_ones_own_gives_the_schema_to_the_owner(
    superuser: psycopg.Connection,
) -> None:
    superuser.execute("ALTER ROLE house_admin CREATEROLE")
    subprocess.run([sys.executable, "-m", "tanzhang", "migrate"], env=os.environ, check=True)
    with database.connect("auditor") as connection:
        owners = connection.execute(
            "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
    assert owners == [("tanzhang_owner",)]


def test_an_address_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://[half an address")
    with pytest.raises(Problem) as raised:
        database.parameters("app")
    assert raised.value.code == "database.url_malformed"


def test_a_server_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@/ours?host=/nowhere")
    with pytest.raises(Problem) as raised:
        database.connect("app")
    assert raised.value.code == "database.unreachable"
    assert "/nowhere" in raised.value.details["said"]


def test_a_server_that_is_too_old_is_refused(
    own_server: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"user={SUPERUSER} dbname=postgres host={own_server}")
    monkeypatch.setattr(database, "OLDEST_VERSION", 99)
    with pytest.raises(Problem) as raised:
        database.open_connection(database.login("app"))
    assert raised.value.code == "database.version_old"
