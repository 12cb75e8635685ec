"""Which database, and as whom.

``DATABASE_URL`` names a PostgreSQL server of version 15 or later; without it the embedded server in
``TANZHANG_HOME`` is used. Either way there are three roles: *owner* owns the schema and runs
migrations, *app* does the daily work without owning anything, *auditor* reads.

A server of one's own may give its log-ins any name: if a URL's user is not the role itself, the
connection puts the role on at once (``SET ROLE``), so rights are the same everywhere.

==========================  ===================================================================
``DATABASE_URL``            log-in of the app
``DATABASE_OWNER_URL``      log-in for migrations; default: ``DATABASE_URL``
``DATABASE_AUDITOR_URL``    log-in for reading; default: ``DATABASE_OWNER_URL``
``TANZHANG_HOME``           home of the embedded server; default ``var`` in the current directory
==========================  ===================================================================
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

import psycopg
from psycopg.conninfo import conninfo_to_dict

from tanzhang.config import environment, postgres
from tanzhang.config.postgres.cluster import SUPERUSER
from tanzhang.config.postgres.layout import PORT
from tanzhang.problems import Problem

Role = Literal["owner", "app", "auditor"]
ROLES: tuple[Role, ...] = ("owner", "app", "auditor")

EMBEDDED_DATABASE = "tanzhang"
OLDEST_VERSION = 15

_URLS: dict[Role, tuple[str, ...]] = {
    "app": ("DATABASE_URL",),
    "owner": ("DATABASE_OWNER_URL", "DATABASE_URL"),
    "auditor": ("DATABASE_AUDITOR_URL", "DATABASE_OWNER_URL", "DATABASE_URL"),
}


def role_name(role: Role) -> str:
    """The role's name in the database, such as ``tanzhang_app``."""
    return f"tanzhang_{role}"


def home() -> Path:
    """The home directory of this installation."""
    return environment.home()


def is_embedded() -> bool:
    """Whether the database is our own embedded server."""
    return not os.environ.get("DATABASE_URL")


def ensure_available() -> None:
    """Start the embedded server if it is the one to use, with its roles and its database."""
    if is_embedded():
        from tanzhang.config import roles

        postgres.start(home())
        roles.prepare()


def login(role: Role) -> dict[str, Any]:
    """Parameters of a connection as the role's log-in, before the role is put on."""
    if is_embedded():
        return _embedded(role_name(role), EMBEDDED_DATABASE)
    url = next(os.environ[name] for name in _URLS[role] if os.environ.get(name))
    try:
        return conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        raise Problem("database.url_malformed") from error


def administrator(database: str = EMBEDDED_DATABASE) -> dict[str, Any]:
    """Parameters of the connection that may make roles: the superuser, or the owner's log-in."""
    return _embedded(SUPERUSER, database) if is_embedded() else login("owner")


def parameters(role: Role) -> dict[str, Any]:
    """Parameters of a connection with exactly the rights of ``role``."""
    found = login(role)
    options = [found["options"]] if "options" in found else []
    if found.get("user") != role_name(role):
        options.append(f"-c role={role_name(role)}")
    if role == "auditor":
        options.append("-c default_transaction_read_only=on")
    return found | ({"options": " ".join(options)} if options else {})


def connect(role: Role, *, autocommit: bool = False) -> psycopg.Connection:
    """A new connection with the rights of ``role``; the caller closes it."""
    return open_connection(parameters(role), autocommit=autocommit)


def open_connection(
    where: dict[str, Any], *, autocommit: bool = False, database: str | None = None
) -> psycopg.Connection:
    """Connect, or say in plain words why not (``database.unreachable``, ``.version_old``)."""
    if database is not None:
        where = where | {"dbname": database}
    try:
        connection = psycopg.connect(**where, autocommit=autocommit)
    except psycopg.OperationalError as error:
        raise Problem("database.unreachable", said=" ".join(str(error).split())) from error
    refuse_old(connection)
    return connection


def refuse_old(connection: psycopg.Connection) -> None:
    """Raise ``database.version_old`` if the server is older than this house can live on."""
    version = connection.info.server_version // 10000
    if version < OLDEST_VERSION:
        connection.close()
        raise Problem("database.version_old", version=version, oldest=OLDEST_VERSION)


def database_settings(role: Role) -> dict[str, Any]:
    """An entry of Django's ``DATABASES`` that connects with the rights of ``role``."""
    rest = parameters(role)
    named = {
        "NAME": rest.pop("dbname", ""),
        "USER": rest.pop("user", ""),
        "PASSWORD": rest.pop("password", ""),
        "HOST": rest.pop("host", ""),
        "PORT": rest.pop("port", ""),
    }
    return {
        "ENGINE": "django.db.backends.postgresql",
        **{name: str(value) for name, value in named.items()},
        "OPTIONS": rest,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }


def _embedded(user: str, database: str) -> dict[str, Any]:
    directory = postgres.Layout.of(home()).socket_directory()
    return {"host": str(directory), "port": str(PORT), "dbname": database, "user": user}
