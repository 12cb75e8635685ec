"""The databases of a test run: a template that is migrated once, copies that the owner empties."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from tanzhang.config.database import Role, connect
from tanzhang.config.postgres.cluster import SUPERUSER
from tanzhang.config.postgres.layout import PORT

TEMPLATE = "tanzhang_template"

#: Tests enrol fictitious people, so their database is a demonstration's.
PREPARE = """
from tanzhang.config.migrate import migrate
migrate()
from tanzhang.config.kind import admit_fictitious_people
admit_fictitious_people()
"""

#: The secret of keyed hashes, and the keys that it lies under.
SECRET = frozenset({"installation_secret", "master_key"})

#: How often emptying is tried again that PostgreSQL broke off.
ATTEMPTS = 5

URLS = {
    "DATABASE_URL": "tanzhang_app",
    "DATABASE_OWNER_URL": "tanzhang_owner",
    "DATABASE_AUDITOR_URL": "tanzhang_auditor",
}


@dataclass(frozen=True)
class Database:
    """The clean database of a test."""

    name: str

    def connect(self, role: Role = "app", *, autocommit: bool = False) -> psycopg.Connection:
        """A connection of the test's own with the rights of ``role``; the test closes it."""
        return connect(role, autocommit=autocommit)

    def turn(self, kind: str) -> None:
        """Make the installation another kind, whoever lives in it: only its owner's owner could."""
        with connect("owner") as owner:
            owner.execute("alter table installation disable trigger user")
            owner.execute("update installation set kind = %s", [kind])
            owner.execute("alter table installation enable trigger user")


class EmptiedDatabase:
    """A migrated database that is emptied after each test, through a connection as owner."""

    def __init__(self, name: str, owner: psycopg.Connection) -> None:
        self.database = Database(name)
        self.owner = owner
        owner.execute("SET lock_timeout = '10s'")  # if a test left a transaction open: say so
        owner.execute("SET client_min_messages = warning")
        owner.execute("CREATE SCHEMA seeds")
        self.drawn = self._drawn()
        self.seeded = self._filled()
        for table in self.seeded:
            self._each("CREATE TABLE seeds.{0} AS TABLE public.{0}", table)

    def clean(self, keeping: frozenset[str] = frozenset()) -> None:
        """Empty every table that a test filled; put back what migrations had put there."""
        if any(table not in self.seeded or self._differs(table) for table in self._filled()):
            self._empty_in_the_end(keeping)
        for sequence in self._drawn() - self.drawn:  # for a row that was never written after all
            if not sequence.startswith(tuple(keeping)):
                self._each("ALTER SEQUENCE public.{} RESTART", sequence)

    def _empty_in_the_end(self, keeping: frozenset[str]) -> None:
        """A site beside the test has a worker, who may hold one table and want another."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                self._empty(keeping)
            except psycopg.errors.DeadlockDetected:
                if attempt == ATTEMPTS:
                    raise
            else:
                break

    def _empty(self, keeping: frozenset[str]) -> None:
        tables = sorted({*self._filled(), *self.seeded} - keeping)
        with self.owner.transaction():
            names = sql.SQL(", ").join(sql.Identifier("public", table) for table in tables)
            self.owner.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(names))
            for table in self.seeded:
                self._each("INSERT INTO public.{0} TABLE seeds.{0}", table)

    def _filled(self) -> list[str]:
        """Tables that take any room, but for Django's own book of migrations."""
        rows = self.owner.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind = 'r' AND relname <> 'django_migrations' AND pg_relation_size(oid) > 0"
        )
        return [name for (name,) in rows]

    def _drawn(self) -> set[str]:
        """Sequences that gave a number since they began."""
        rows = self.owner.execute(
            "SELECT sequencename FROM pg_sequences"
            " WHERE schemaname = 'public' AND last_value IS NOT NULL"
        )
        return {name for (name,) in rows}

    def _differs(self, table: str) -> bool:
        row = self._each(
            "SELECT EXISTS (TABLE public.{0} EXCEPT ALL TABLE seeds.{0})"
            " OR EXISTS (TABLE seeds.{0} EXCEPT ALL TABLE public.{0})",
            table,
        ).fetchone()
        return row is not None and bool(row[0])

    def _each(self, statement: str, table: str) -> psycopg.Cursor:
        return self.owner.execute(sql.SQL(statement).format(sql.Identifier(table)))


def make_template(server: psycopg.Connection, directory: Path) -> None:
    """Migrate once, in a process of its own, and let the finished database take the name."""
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        server.execute(f"ALTER SYSTEM SET {setting} = off")  # a test run need survive no power cut
    server.execute("SELECT pg_reload_conf()")
    fresh = f"{TEMPLATE}_fresh"
    server.execute(f"DROP DATABASE IF EXISTS {fresh}")
    server.execute(f"CREATE DATABASE {fresh}")
    all_as_superuser = dict.fromkeys(URLS, url(directory, SUPERUSER, fresh))
    subprocess.run(
        [sys.executable, "-c", PREPARE],
        env=os.environ | all_as_superuser,
        check=True,
    )
    for role in URLS.values():
        server.execute(f"ALTER ROLE {role} LOGIN")
    server.execute(f"ALTER DATABASE {fresh} RENAME TO {TEMPLATE}")


def copy_template(server: psycopg.Connection, name: str) -> None:
    """Make the database of one process."""
    server.execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER tanzhang_owner").format(
            sql.Identifier(name), sql.Identifier(TEMPLATE)
        )
    )


def url(directory: Path, user: str, database: str) -> str:
    """The address of a database on the server whose socket is in ``directory``."""
    return f"postgresql://{user}@/{database}?host={directory}&port={PORT}"
