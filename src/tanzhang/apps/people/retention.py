"""How long things are kept, from one file; whoever keeps something tells here how it is removed.

The terms are in ``retention.yaml``. A term shorter than its minimum is refused when the file is
read, and a removal before its term when it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Final

import psycopg
import yaml
from django.utils import timezone

from tanzhang.apps.database import bulk_transaction
from tanzhang.problems import Problem

Cursor = psycopg.Cursor[Any]

#: Counts or removes what is older than an instant; gives the number of rows.
Rows = Callable[[Cursor, datetime], int]


@dataclass(frozen=True, slots=True)
class Term:
    """How long one kind of thing is kept, and why; what ``stays`` is never removed."""

    name: str
    days: int
    least_days: int
    stays: bool
    title: dict[str, str]
    reason: dict[str, str]

    def before(self, at: datetime) -> datetime:
        """What is older than this may go."""
        return at - timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Retained:
    """What was removed of one kind, or would be; None where nothing ever is."""

    term: Term
    rows: int | None


@dataclass(frozen=True, slots=True)
class _Ageing:
    count: Rows
    remove: Rows


_ageing: dict[str, _Ageing] = {}


def ages(name: str, *, count: Rows, remove: Rows) -> None:
    """Tell how things of a kind are counted and removed once their term is over."""
    _ageing[name] = _Ageing(count, remove)


def counted(table: str, column: str) -> Rows:
    """Counts rows of a table whose ``column`` is before the instant; names are the rooms' own."""

    def count(cursor: Cursor, before: datetime) -> int:
        cursor.execute(f"select count(*) from {table} where {column} < %s", [before])
        return int(cursor.fetchall()[0][0])

    return count


def deleted(table: str, column: str) -> Rows:
    """Removes them."""

    def delete(cursor: Cursor, before: datetime) -> int:
        cursor.execute(f"delete from {table} where {column} < %s", [before])
        return cursor.rowcount

    return delete


def called(function: str) -> Rows:
    """Removes by a function of the owner's, which knows itself what may go."""

    def call(cursor: Cursor, before: datetime) -> int:
        arguments: list[object] = [before] if "%s" in function else []
        cursor.execute(f"select {function}", arguments)
        return int(cursor.fetchall()[0][0])

    return call


def retain(at: datetime | None = None, *, dry_run: bool = False) -> list[Retained]:
    """Remove everything whose term is over at an instant, each kind in its own transaction.

    ``dry_run`` only counts. An instant that is still to come is refused
    (``privacy.term_not_over``): nothing goes before its time.
    """
    now = timezone.now()
    if (at or now) > now:
        raise Problem("privacy.term_not_over")
    found = []
    for name, term in terms().items():
        known = _ageing.get(name)
        if term.stays or known is None:
            found.append(Retained(term, None))
            continue
        with bulk_transaction() as cursor:
            do = known.count if dry_run else known.remove
            found.append(Retained(term, do(cursor, term.before(at or now))))
    return found


def terms() -> dict[str, Term]:
    """Every term, by name. Raises ``privacy.term_too_short``."""
    return read_terms(_file())


def read_terms(given: dict[str, Any]) -> dict[str, Term]:
    """Terms as a file says them. Raises ``privacy.term_too_short``."""
    found = {
        name: Term(
            name,
            said["days"],
            said["least_days"],
            said.get("stays", False),
            said["title"],
            said["reason"],
        )
        for name, said in given.items()
    }
    for term in found.values():
        if term.days < term.least_days:
            raise Problem("privacy.term_too_short", name=term.name, least=term.least_days)
    return found


_FILE: Final = "retention.yaml"


@cache
def _file() -> dict[str, Any]:
    text = files("tanzhang.apps.people").joinpath(_FILE).read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded
