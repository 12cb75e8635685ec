"""``tanzhang migrate``, ``web``, ``worker``, ``stop``: the machinery itself."""

from __future__ import annotations

import json
import signal
from types import FrameType
from typing import Annotated

import typer

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
    if as_json:
        typer.echo(json.dumps({"applied": applied}))
    elif applied:
        typer.echo("\n".join(f"applied {name}" for name in applied))
    else:
        typer.echo("Nothing to do: the database has the shape of this version.")


def stop(as_json: Json = False, lang: Lang = None) -> None:
    """Stop the embedded PostgreSQL of TANZHANG_HOME.

    Works from any process, whoever started the server. What was committed stays; the next command
    that needs the server starts it again.

    Example: tanzhang stop
    """
    from tanzhang.config import database, postgres

    stopped = postgres.stop(database.home())
    if as_json:
        typer.echo(json.dumps({"stopped": stopped}))
    else:
        typer.echo("Stopped." if stopped else "No server was running.")


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
    told = None if until_empty else _Told()
    from tanzhang.config import setup

    setup()
    from tanzhang.apps.activities import api as activities

    if told:
        activities.run(told.to_end)
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

    database.ensure_available()
    serving.serve()


class _Told:
    """Hears the signals that ask a process to end, and remembers."""

    def __init__(self) -> None:
        self._heard = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._hear)

    def to_end(self) -> bool:
        return self._heard

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        self._heard = True
