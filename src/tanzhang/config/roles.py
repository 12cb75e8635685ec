"""The three roles, made where they are missing.

The rights to single tables are granted by the apps after each migration; here are the roles
themselves, and what they need to come in: the database and its schema.
"""

from __future__ import annotations

import psycopg
from psycopg import sql

from tanzhang.config.database import (
    EMBEDDED_DATABASE,
    ROLES,
    Role,
    administrator,
    is_embedded,
    login,
    open_connection,
    role_name,
)
from tanzhang.problems import Problem

#: Privileges on the database and on its schema.
DATABASE_PRIVILEGES: dict[Role, str] = {
    "owner": "CONNECT, TEMPORARY",
    "app": "CONNECT, TEMPORARY",
    "auditor": "CONNECT",
}
SCHEMA_PRIVILEGES: dict[Role, str] = {
    "owner": "USAGE, CREATE",
    "app": "USAGE",
    "auditor": "USAGE",
}

#: Whoever makes roles holds this advisory lock: "tzroles" as a number.
LOCK = 0x747A726F6C6573


def prepare() -> None:
    """Make the roles and their entry rights, if any is missing.

    Raises ``database.roles_missing`` with the SQL to run if our log-in may not do it itself.
    """
    if is_embedded():
        _make_embedded_database()
    with open_connection(administrator(), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        if is_prepared(connection):
            return
        script = statements(connection)
        try:
            with connection.transaction():
                for statement in script:
                    connection.execute(statement)
        except psycopg.errors.InsufficientPrivilege as error:
            text = " ".join(f"{each.as_string(connection)};" for each in script)
            raise Problem("database.roles_missing", sql=text) from error


def is_prepared(connection: psycopg.Connection) -> bool:
    """Whether every role exists, may come in, and is open to the log-in that is to put it on."""
    return _existing(connection) == {role_name(role) for role in ROLES} and all(
        _asked(
            connection,
            "SELECT pg_has_role(%s, %s, 'MEMBER')",
            _user(connection, role),
            role_name(role),
        )
        and all(
            _asked(
                connection,
                "SELECT has_database_privilege(%s, current_database(), %s)",
                role_name(role),
                right,
            )
            for right in DATABASE_PRIVILEGES[role].split(", ")
        )
        and all(
            _asked(
                connection, "SELECT has_schema_privilege(%s, 'public', %s)", role_name(role), right
            )
            for right in SCHEMA_PRIVILEGES[role].split(", ")
        )
        for role in ROLES
    )


def statements(connection: psycopg.Connection) -> list[sql.Composed]:
    """The SQL that prepares this database; may be run again and again."""
    existing = _existing(connection)
    database = sql.Identifier(connection.info.dbname)
    script = []
    for role in ROLES:
        name = sql.Identifier(role_name(role))
        if role_name(role) not in existing:
            kind = sql.SQL("LOGIN" if is_embedded() else "NOLOGIN")
            script.append(sql.SQL("CREATE ROLE {} {}").format(name, kind))
        user = _user(connection, role)
        if user != role_name(role):
            script.append(sql.SQL("GRANT {} TO {}").format(name, sql.Identifier(user)))
        for rights, thing in (
            (DATABASE_PRIVILEGES[role], sql.SQL("DATABASE {}").format(database)),
            (SCHEMA_PRIVILEGES[role], sql.SQL("SCHEMA public")),
        ):
            script.append(sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(rights), thing, name))
    return script


def _make_embedded_database() -> None:
    with open_connection(administrator("postgres"), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        if not _asked(
            connection,
            "SELECT EXISTS (SELECT FROM pg_database WHERE datname = %s)",
            EMBEDDED_DATABASE,
        ):
            connection.execute(
                sql.SQL("CREATE DATABASE {}").format(sql.Identifier(EMBEDDED_DATABASE))
            )


def _user(connection: psycopg.Connection, role: Role) -> str:
    """The log-in that puts the role on."""
    return str(login(role).get("user") or connection.info.user)


def _existing(connection: psycopg.Connection) -> set[str]:
    names = [role_name(role) for role in ROLES]
    rows = connection.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [names])
    return {name for (name,) in rows}


def _asked(connection: psycopg.Connection, question: str, *values: str) -> bool:
    row = connection.execute(question.encode(), values).fetchone()
    return row is not None and bool(row[0])
