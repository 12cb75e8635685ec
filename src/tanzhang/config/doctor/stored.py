"""The database: is it there, has it its shape, does it hold the rules, does anybody settle."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

import psycopg

from tanzhang.config import database as where, environment, postgres, roles, setup
from tanzhang.config.doctor import volumes
from tanzhang.config.doctor.finding import Finding, Found
from tanzhang.config.postgres.binaries import program
from tanzhang.problems import Problem

#: What waits longer than this has nobody to settle it.
LAG_NOTED_SECONDS: Final = 60.0

#: How a worker calls itself at the database (``tanzhang worker`` sets it).
WORKER_NAME: Final = "tanzhang worker"


def reachable() -> psycopg.Connection[Any] | None:
    """A connection as app; nothing if the server does not run or refuses us (``database`` says)."""
    if where.is_embedded() and not postgres.is_running(where.home()):
        return None
    try:
        return where.connect("app", autocommit=True)
    except Problem:
        return None


def database() -> Iterator[Finding]:
    """The server, and if it is there, all that lies in it. Raises why it cannot be used."""
    if where.is_embedded() and not postgres.is_running(where.home()):
        program("postgres")
        yield Found("database.asleep", {"home": str(where.home())})
        return
    with where.open_connection(where.administrator(), autocommit=True) as connection:
        version = connection.info.server_version // 10000
        prepared = roles.is_prepared(connection)
    yield Found("database.ok", {"version": version})
    if not prepared:
        yield Found("roles.missing")
        return
    yield Found("roles.ok")
    setup()
    yield from _inside()


def _inside() -> Iterator[Finding]:
    from django.db import connection

    from tanzhang.config.health import missing_parts

    missing = missing_parts()
    if "database" in missing:
        yield Found("database.refused")
    elif "migrations" in missing:
        yield _shape()
    else:
        yield Found("migrations.ok")
        yield _kind()
        yield _codes()
        yield Found("personal.locked" if "keys" in missing else "personal.ok")
        yield from volumes.thresholds()
        yield Found("catalogue.empty" if "catalogue" in missing else "catalogue.ok")
        yield _workers()
    connection.close()


def _shape() -> Finding:
    """What the database lacks of this version's shape."""
    from tanzhang.config.health import pending_migrations
    from tanzhang.config.shape import lacking_columns

    if pending := pending_migrations():
        return Found("migrations.pending", {"count": len(pending)})
    lacking = lacking_columns()
    return Found("migrations.rewritten", {"count": len(lacking), "first": lacking[0]})


def _kind() -> Finding:
    """Whether people here may be real, and whether that is what whoever asks believes."""
    from tanzhang.apps.people.api import Kind, installation

    here = installation()
    details = {"kind": here.kind.value, "id": here.id_text}
    if environment.is_sandbox() and here.kind is not Kind.SANDBOX:
        return Found("installation.mistaken", details)
    return {
        Kind.LIVE: Found("installation.live", details),
        Kind.SANDBOX: Found("installation.sandbox", details),
        Kind.DEMONSTRATION: Found("installation.demonstration", details),
    }[here.kind]


def _codes() -> Finding:
    """Whether anybody can log in by phone."""
    from tanzhang.apps.people.api import codes_are_shown

    try:
        return Found("codes.shown" if codes_are_shown() else "codes.ok")
    except Problem:
        return Found("codes.none")
    except (ImportError, AttributeError) as error:
        return Found("codes.broken", {"said": str(error)})


def _workers() -> Finding:
    """Who settles, and how long what was accepted has waited for it."""
    from django.db import connection

    from tanzhang.apps.activities.api import waiting_by_shard

    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from pg_stat_activity where datname = current_database()"
            " and application_name = %s",
            [WORKER_NAME],
        )
        workers = cursor.fetchone()[0]
    waiting = waiting_by_shard()
    oldest = min((load.oldest_at for load in waiting), default=None)
    lag = 0.0 if oldest is None else (datetime.now(UTC) - oldest).total_seconds()
    details = {
        "workers": workers,
        "pieces": sum(load.pieces for load in waiting),
        "seconds": int(lag),
    }
    if workers == 0:
        return Found("workers.needed" if waiting else "workers.none", details)
    return Found("workers.behind" if lag > LAG_NOTED_SECONDS else "workers.ok", details)
