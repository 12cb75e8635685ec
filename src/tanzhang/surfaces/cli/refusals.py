"""What a person or a script is told when something cannot be done, and with which exit code."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from itertools import pairwise

import typer

from tanzhang.problems import LANGUAGES, PARTS, Problem

#: Exit codes. Wrong usage and interruption are what shells expect of any command.
DONE = 0
REFUSED = 1
USAGE = 2
INTERRUPTED = 130

#: SQLSTATE of what is missing in a database that was never migrated, or long ago.
ABSENT = {"42P01", "42703", "42883", "3F000"}  # table, column, function, schema


def refusal_of(error: Exception) -> Problem | None:
    """The problem to show for an error; ``None`` for a fault of the program itself.

    Besides ``Problem`` these are the two things that happen to every database: it cannot be
    reached, or nobody migrated it. Django wraps the driver's error, so both are looked at.
    """
    if isinstance(error, Problem):
        return error
    for cause in (error, error.__cause__):
        kinds = {kind.__name__ for kind in type(cause).__mro__}
        if getattr(cause, "sqlstate", None) in ABSENT:
            return Problem("database.not_migrated")
        if type(cause).__module__.startswith("psycopg") and "OperationalError" in kinds:
            return Problem("database.unreachable", said=" ".join(str(cause).split()))
    return None


def language(arguments: Sequence[str]) -> str:
    """``zh`` or ``en``: by ``--lang``, else by the environment's locale."""
    given = [
        argument.partition("=")[2] or following
        for argument, following in pairwise([*arguments, ""])
        if argument == "--lang" or argument.startswith("--lang=")
    ]
    spoken = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next((value for value in (*given, *spoken) if value), "en")
    return next((lang for lang in LANGUAGES if locale.startswith(lang)), "en")


def show(problem: Problem, arguments: Sequence[str]) -> None:
    """Tell the problem: with ``--json`` as one object on standard output, else in plain words."""
    lang = language(arguments)
    said = {part: problem.part(part, lang) for part in PARTS}
    if "--json" in arguments:
        answer = {"code": problem.code, **said, "details": problem.details}
        typer.echo(json.dumps(answer, ensure_ascii=False, default=str))
        return
    typer.secho(said["what"], fg="red", bold=True, err=True)
    typer.echo(said["why"], err=True)
    typer.secho(said["now"], fg="green", err=True)
    typer.secho(f"[{problem.code}]", dim=True, err=True)
    sys.stderr.flush()
