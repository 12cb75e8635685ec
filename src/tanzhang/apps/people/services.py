"""Writes: opening accounts for people as a partner names them, and their consent."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import psycopg

from tanzhang.apps.people.consenting.models import KINDS
from tanzhang.apps.people.consenting.purposes import COLLECT, SENSITIVE
from tanzhang.apps.people.installation import refuse_fictitious


def person_refs(secret: bytes, partner: str, persons: Iterable[str]) -> list[bytes]:
    """16 bytes for each person as one partner names her; who lacks the secret cannot guess back."""
    prefix = b"person\0" + partner.encode() + b"\0"
    return [hmac.digest(secret, prefix + person.encode(), "sm3")[:16] for person in persons]


def handles(programme: str, partner: str, persons: Iterable[str]) -> list[str]:
    """The handle of each enrolled person's account: the same in every database she is imported to.

    ``<programme>-<partner>-<16 hex digits of SM3(partner | person)>``.
    """
    prefix = f"{programme}-{partner}-"
    start = hashlib.new("sm3", partner.encode() + b"|")
    made = []
    for person in persons:
        digest = start.copy()
        digest.update(person.encode())
        made.append(prefix + digest.hexdigest()[:16])
    return made


def enrol(
    cursor: psycopg.Cursor[Any],
    *,
    partner_id: int,
    programme_id: int,
    refs: Sequence[bytes],
    account_handles: Sequence[str],
    joined_day: int,
    consent_from_us: int,
    also_known: Mapping[int, Sequence[bytes]] | None = None,
) -> None:
    """Open a subject with one account, link and consent for each person that a partner names.

    ``also_known`` gives the references of further partners, by partner, to the same people in the
    same order; each gets a link and consent too, to collect and, by itself, to handle what is
    sensitive. For fictitious people only: nobody real consents
    by being mentioned in a file. Raises ``people.installation_live`` where people may be real.
    """
    refuse_fictitious(cursor)
    subject_ids = _next_ids(cursor, "subject", len(refs))
    account_ids = _next_ids(cursor, "account", len(refs))
    cursor.execute(
        "insert into subject (id, key) select * from unnest(%s::bigint[], %s::bytea[])",
        [subject_ids, [os.urandom(32) for _ in refs]],
    )
    cursor.execute(
        "insert into account (programme_id, joined_day, id, subject_id, handle)"
        " select %s, %s, * from unnest(%s::bigint[], %s::bigint[], %s::text[])",
        [programme_id, joined_day, account_ids, subject_ids, [*account_handles]],
    )
    for partner, persons in {partner_id: refs, **(also_known or {})}.items():
        cursor.execute(
            "insert into partner_link (partner_id, account_id, subject_id, person_ref)"
            " select %s, * from unnest(%s::bigint[], %s::bigint[], %s::bytea[])",
            [partner, account_ids, subject_ids, [*persons]],
        )
        cursor.execute(
            "insert into consent (partner_id, from_us, purpose, kinds, account_id, subject_id)"
            " select %s, %s, asked.purpose, asked.kinds, who.*"
            " from unnest(%s::bigint[], %s::bigint[]) as who"
            " cross join (values (%s, '{}'::text[]), (%s, %s)) as asked (purpose, kinds)",
            [partner, consent_from_us, account_ids, subject_ids, COLLECT, SENSITIVE, [*KINDS]],
        )


def _next_ids(cursor: psycopg.Cursor[Any], table: str, count: int) -> list[int]:
    cursor.execute(
        "select nextval(pg_get_serial_sequence(%s, 'id')) from generate_series(1, %s)",
        [table, count],
    )
    return [row[0] for row in cursor.fetchall()]
