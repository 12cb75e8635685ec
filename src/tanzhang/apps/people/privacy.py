"""What rooms keep of a person, so that one place can show it, forget it and let it age.

Each room above tells this register what it keeps (in its app's ``ready``); nobody else has to know
the rooms. A row in an export is plain JSON; what a person may not get back (salts, keyed hashes)
is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

Cursor = psycopg.Cursor[Any]

#: Gives the rows that are kept of a subject, in an order that does not change.
Export = Callable[[Cursor, int], Iterable[dict[str, Any]]]

#: Takes away, or makes unreadable, what is kept of a subject; gives the number of rows touched.
Erase = Callable[[Cursor, int], int]

#: Takes away what is older than it may be, at this instant; gives the number of rows touched.
Retain = Callable[[Cursor, datetime], int]


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of thing that a room keeps of people.

    ``name`` is the section of the export (``consents``). ``erase`` is None where the rows stay
    because totals and proofs need them; ``why_kept`` then says so, in both languages of
    ``problems``' manner: ``{"zh": ..., "en": ...}``. ``retain`` is None where nothing ages.
    ``tables`` are those of which each row about her is one row of the section.
    """

    name: str
    export: Export
    erase: Erase | None = None
    retain: Retain | None = None
    why_kept: dict[str, str] | None = None
    tables: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A table that knows something of people and is in no export; ``why`` in both languages."""

    table: str
    why: dict[str, str]


_registered: dict[str, Kept] = {}
_left_out: dict[str, LeftOut] = {}
_erasers: dict[str, Erase] = {}


def register(*kept: Kept) -> None:
    """Tell what a room keeps; telling the same name again replaces it."""
    for one in kept:
        _registered[one.name] = one


def everything_kept() -> list[Kept]:
    """What all rooms keep of people, in the order of the sections' names."""
    return [_registered[name] for name in sorted(_registered)]


def leave_out(*left_out: LeftOut) -> None:
    """Tell which tables are in no export; telling the same table again replaces it."""
    for one in left_out:
        _left_out[one.table] = one


def everything_left_out() -> list[LeftOut]:
    """The tables that are in no export, by name."""
    return [_left_out[table] for table in sorted(_left_out)]


def when_erased(name: str, erase: Erase) -> None:
    """Tell what else must be done when a person is erased, besides what sections say themselves."""
    _erasers[name] = erase


def erasers() -> dict[str, Erase]:
    """Everything that must be done when a person is erased, by name."""
    of_sections = {kept.name: kept.erase for kept in everything_kept() if kept.erase is not None}
    return dict(sorted({**of_sections, **_erasers}.items()))
