"""Giving consent and withdrawing it, purpose by purpose and source by source.

A withdrawal waits for a batch of the source that is at the door just now, and is known to the next
one: a batch is taken before it as a whole, or judged after it as a whole.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import psycopg

from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.consenting.children import refuse_child
from tanzhang.apps.people.consenting.guardians import refuse_guardian
from tanzhang.apps.people.consenting.purposes import COLLECT, GUARDIAN, SENSITIVE, purposes
from tanzhang.apps.people.consenting.windows import ENDS, LAPSING, lock_source, now_us
from tanzhang.apps.people.selectors import AccountEntry, account_numbered
from tanzhang.problems import Problem

_KNOWN: Final = "select from partner_link where account_id = %s and partner_id = %s limit 1"

_GIVE: Final = """
insert into consent_giving (press, account_id, subject_id, given_us, purpose, text_id, channel,
    button, handler, given_by_id)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict (press) do nothing returning id
"""


@dataclass(frozen=True, slots=True)
class Press:
    """One press of one button: the form's own number, where, what it said, and who was named.

    ``handler`` is the responsible organisation and the address to write to, as they were shown.
    """

    id: uuid.UUID = field(default_factory=uuid.uuid4)
    channel: str = "unstated"
    button: str = ""
    handler: str = ""


def grant(
    account: AccountEntry,
    partner_id: int | None,
    *,
    text_id: int,
    at_us: int,
    purpose: str = COLLECT,
    kinds: Collection[str] = (),
    press: Press | None = None,
    given_by: int | None = None,
) -> None:
    """Record consent from ``at_us`` on; nothing happens if it is live by these words already.

    ``kinds`` are the sensitive data that were listed. ``given_by`` is the account of a child's
    guardian. Raises ``people.source_unknown`` if the partner does not know the account,
    ``consenting.child_may_not``, ``consenting.press_used`` if the form was sent for something
    else, and what ``refuse_guardian`` raises.
    """
    per_source = purposes()[purpose].per == "source"
    with bulk_transaction() as cursor:
        if per_source:
            cursor.execute(_KNOWN, [account.id, partner_id])
            if cursor.fetchone() is None:
                raise Problem("people.source_unknown")
        refuse_child(cursor, account.id, purpose, at_us)
        guardian = None if given_by is None else account_numbered(given_by)
        if guardian is not None:
            refuse_guardian(cursor, account, guardian, at_us)
        source = partner_id if per_source else None
        wanted = sorted(kinds) if purpose == SENSITIVE else []
        if not _make_room(cursor, account.id, source, purpose, text_id, wanted, at_us):
            return
        owner = (account.id, account.subject_id)
        giving_id = _give(cursor, owner, purpose, text_id, at_us, press or Press(), given_by)
        cursor.execute(
            "insert into consent (account_id, subject_id, partner_id, text_id, from_us, purpose,"
            " kinds, giving_id) values (%s, %s, %s, %s, %s, %s, %s, %s)",
            [
                account.id,
                account.subject_id,
                source,
                text_id,
                at_us,
                purpose,
                wanted,
                giving_id,
            ],
        )


def collect_from(
    cursor: psycopg.Cursor[Any],
    owner: tuple[int, int],
    partner_ids: Sequence[int],
    *,
    text_id: int,
    at_us: int,
    press: Press,
) -> None:
    """Record consent to collect from several sources, given by one press when an account opens.

    ``owner`` is the new account and its subject.
    """
    account_id, subject_id = owner
    giving_id = _give(cursor, owner, COLLECT, text_id, at_us, press, None)
    cursor.execute(
        "insert into consent (account_id, subject_id, text_id, from_us, giving_id, partner_id)"
        " select %s, %s, %s, %s, %s, * from unnest(%s::smallint[])",
        [account_id, subject_id, text_id, at_us, giving_id, [*partner_ids]],
    )


def _make_room(
    cursor: psycopg.Cursor[Any],
    account_id: int,
    partner_id: int | None,
    purpose: str,
    text_id: int,
    kinds: list[str],
    at_us: int,
) -> bool:
    """Close an open consent that no longer covers what is asked; False if it does cover it."""
    cursor.execute(
        f"select consent.id, consent.text_id, kinds, {ENDS} from consent {LAPSING}"
        " where consent.account_id = %s and partner_id is not distinct from %s and purpose = %s"
        " and to_us is null for update of consent",
        [account_id, partner_id, purpose],
    )
    row = cursor.fetchone()
    if row is None:
        return True
    number, known_text, known_kinds, ends_us = row
    if ends_us is None and known_text in (text_id, None) and set(kinds) <= set(known_kinds):
        return False
    cursor.execute(
        "update consent set to_us = greatest(from_us, least(%s, %s)) where id = %s",
        [at_us, ends_us, number],
    )
    return True


def _give(
    cursor: psycopg.Cursor[Any],
    owner: tuple[int, int],
    purpose: str,
    text_id: int,
    at_us: int,
    press: Press,
    given_by: int | None,
) -> int:
    """The giving of a press, whose form was sent for nothing else before."""
    if (given_by is not None) != (purpose == GUARDIAN):
        raise Problem("consenting.guardian_needed")
    cursor.execute(
        _GIVE,
        [
            press.id,
            *owner,
            at_us,
            purpose,
            text_id,
            press.channel,
            press.button,
            press.handler,
            given_by,
        ],
    )
    row = cursor.fetchone()
    if row is None:
        raise Problem("consenting.press_used")
    return int(row[0])


def withdraw(
    account: AccountEntry,
    partner_id: int | None,
    *,
    at_us: int | None = None,
    purpose: str = COLLECT,
) -> None:
    """End consent at ``at_us``, or as soon as no batch is at the door; nothing if none is live."""
    with bulk_transaction() as cursor:
        doors = _doors(cursor, account.id, partner_id, purpose)
        free_us = max([lock_source(cursor, source) for source in doors], default=now_us())
        cursor.execute(
            "update consent set to_us = greatest(from_us, %s) where account_id = %s"
            " and partner_id is not distinct from %s and purpose = %s and to_us is null",
            [free_us if at_us is None else at_us, account.id, partner_id, purpose],
        )


def _doors(
    cursor: psycopg.Cursor[Any], account_id: int, partner_id: int | None, purpose: str
) -> list[int]:
    """The sources whose batches a withdrawal must not cut in two, in one order for everybody."""
    if partner_id is not None:
        return [partner_id]
    if purpose != GUARDIAN:
        return []
    cursor.execute(
        "select distinct partner_id from partner_link where account_id = %s order by partner_id",
        [account_id],
    )
    return [int(row[0]) for row in cursor.fetchall()]
