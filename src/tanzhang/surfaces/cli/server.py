"""``tanzhang migrate``, ``web``, ``worker``, ``scheduler``, ``stop``: the machinery itself."""

from __future__ import annotations

import json
import os
from typing import Annotated

import typer

from tanzhang.surfaces.cli.signals import Told

Json = Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")]
Lang = Annotated[str | None, typer.Option("--lang", help="zh or en; default: by LANG.")]


def migrate(as_json: Json = False, lang: Lang = None) -> None:
    """Bring the database to the shape of this version.

    Starts the embedded server if DATABASE_URL is unset, makes the three roles where they are
    missing, applies what is new as the owner, and grants each role its rights. Running it again
    does nothing.

    Example: tanzhang migrate
    """
    from tanzhang.config import migrate as migrations

    applied = migrations.migrate()
    from tanzhang.apps.people.api import record_texts

    record_texts()  # what a new version of a consent text changes counts from now on
    if as_json:
        typer.echo(json.dumps({"applied": applied}))
    elif applied:
        typer.echo("\n".join(f"applied {name}" for name in applied))
    else:
        typer.echo("Nothing to do: the database has the shape of this version.")


def stop(as_json: Json = False, lang: Lang = None) -> None:
    """Stop “tanzhang up” with all its parts, and the embedded PostgreSQL of TANZHANG_HOME.

    Works from any shell, whoever started them. What was committed stays; the next command that
    needs the server starts it again.

    Example: tanzhang stop
    """
    from tanzhang.config import database, postgres
    from tanzhang.config.processes import presence

    home = database.home()
    stopped = [presence.stop(home), postgres.stop(home)]
    if as_json:
        typer.echo(json.dumps({"stopped": any(stopped)}))
    else:
        typer.echo("Stopped." if any(stopped) else "Nothing was running.")


def worker(
    until_empty: Annotated[
        bool, typer.Option("--until-empty", help="End as soon as nothing waits.")
    ] = False,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Settle accepted pieces, until told to end.

    A worker is a plain process; run as many as the machine has cores. Ctrl-C or SIGTERM lets it
    finish the piece in hand; killing it outright loses nothing either.

    Example: tanzhang worker --until-empty
    """
    told = None if until_empty else Told()
    os.environ.setdefault("PGAPPNAME", "tanzhang worker")  # how others see that it is there
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.activities import api as activities
    from tanzhang.config.opening import open_installation
    from tanzhang.crypto import self_test

    self_test()
    if told:
        activities.run(told.to_end, open_installation)
        return
    settled = activities.drain()
    if as_json:
        typer.echo(json.dumps({"pieces": settled.pieces, "items": settled.items}))
    else:
        typer.echo(f"Settled {settled.items} acts in {settled.pieces} pieces.")


def web(lang: Lang = None) -> None:
    """Serve the site, until told to end.

    Configured by the environment alone: TANZHANG_LISTEN, TANZHANG_HOSTS, TANZHANG_ORIGINS and the
    others of docs/reference/configuration.md. Collects static files when they have changed, and
    answers /healthz at once and /readyz as soon as the database is in order. Ctrl-C or SIGTERM lets
    it finish its requests.

    Example: tanzhang web
    """
    from tanzhang.config import database, serving
    from tanzhang.crypto import self_test

    self_test()
    database.ensure_available()
    serving.serve()


def scheduler(lang: Lang = None) -> None:
    """Do what is due from time to time, until told to end.

    It forgets ended sessions of the site and old records of log-ins. One is enough; of several only
    one does anything at a time.

    Example: tanzhang scheduler
    """
    told = Told()
    from tanzhang.config import setup

    setup()
    from tanzhang.config import chores

    chores.run(told.to_end)
