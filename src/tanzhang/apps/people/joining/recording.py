"""Writing down how somebody joined, in the transaction that opens her account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import psycopg

from tanzhang.apps.people.joining.cohorts import enter_cohort
from tanzhang.apps.people.selectors import AccountEntry
from tanzhang.apps.people.vault import api as vault
from tanzhang.engine.packs.joining.section import Cohort, Joining

Cursor = psycopg.Cursor[Any]


@dataclass(frozen=True, slots=True)
class JoinedBy:
    """How somebody joins: the rules that let her in, what the form asked, the cohort she enters.

    ``fields`` go into the vault. ``cohort`` is one whose members alone may join, if there is one.
    """

    joining: Joining
    grounds: tuple[str, ...]
    fields: Mapping[str, str] = field(repr=False)
    cohort: Cohort | None = None
    listed: bool = False


def record_joining(
    cursor: Cursor, account: AccountEntry, by: JoinedBy, *, host_id: int | None, text_id: int
) -> None:
    """Raises what ``enter_cohort`` raises: then no account is opened."""
    cursor.execute(
        "insert into joining_record (account_id, subject_id, host_id, door, text_id)"
        " values (%s, %s, %s, %s, %s)",
        [account.id, account.subject_id, host_id, "phone" if host_id is None else "host", text_id],
    )
    for name in by.grounds:
        rule = by.joining.rules[name]
        cursor.execute(
            "insert into joining_ground (account_id, subject_id, rule, evidence, source)"
            " values (%s, %s, %s, %s, %s)",
            [account.id, account.subject_id, name, rule.evidence.value, rule.of],
        )
    if by.fields:
        vault.store(cursor, account.subject_id, by.fields)
    if by.cohort is not None:
        enter_cohort(cursor, account, by.cohort, listed=by.listed)


@dataclass(frozen=True, slots=True)
class JoiningEntry:
    """How an account was joined. Nobody is asked for more when she leaves (R-028)."""

    door: str
    host_id: int | None
    rules: tuple[str, ...]


def joining_of(cursor: Cursor, account_id: int) -> JoiningEntry | None:
    """How an account was joined; None for those of made-up people who were enrolled."""
    cursor.execute(
        "select door, host_id, (select array_agg(rule order by rule) from joining_ground"
        " where account_id = %s) from joining_record where account_id = %s",
        [account_id, account_id],
    )
    row = cursor.fetchone()
    return None if row is None else JoiningEntry(row[0], row[1], tuple(row[2] or ()))
