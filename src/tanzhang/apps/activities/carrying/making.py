"""A statement over an account's acts, for one account of one other installation.

An act is carried to one installation at most: which, is remembered for ever before the statement is
signed. So two statements for two places never hold the same act.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import psycopg

from tanzhang.apps.activities.current import CurrentAct, current_acts
from tanzhang.apps.activities.log import append_positions
from tanzhang.apps.activities.models import Cause
from tanzhang.apps.activities.proving.certificates import account_name
from tanzhang.apps.activities.proving.evidence import Evidence, RowName
from tanzhang.apps.activities.words import grams
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners.api import partner_codes
from tanzhang.apps.people.api import AccountEntry
from tanzhang.engine.acts import Status
from tanzhang.problems import Problem
from tanzhang.proofs import (
    Audience,
    Document,
    Entry,
    Trust,
    key_file,
    make_statement,
    read_key_file,
    verify_statement,
)

# Every outcome, in whatever month, of the events that are carried; moves close before they begin.
_ROWS: Final = """
select uuid_send(event_key), outcome_no, month, pack_version_id, piece_id, position
from activity left join log_entry using (piece_id)
where subject_id = %s and account_id = %s and event_key = any(%s::uuid[])
order by position, 1, (cause = %s) desc, outcome_no
"""

#: Settlements that may fall between giving rows their places and reading them.
_MOST_TRIES: Final = 5

_CARRY: Final = """
insert into carried_away (event_key, account_id, audience)
select unnest(%s::uuid[]), %s, %s on conflict do nothing
"""

_TEXT: Final = {
    "en": "{acts} acts of the account {account}, which came to {total} of CO2e avoided, for the"
    " installation {audience} and nobody else.",
    "zh": "账户 {account} 的 {acts} 项行为，减排量合计 {total}（二氧化碳当量），"
    "仅供环境 {audience} 使用。",
}


@dataclass(frozen=True, slots=True)
class Carried:
    """A statement, and how many acts stayed behind because they were carried elsewhere before."""

    document: Document
    acts: int
    left_behind: int


def carry(account: AccountEntry, audience: Audience, evidence: Evidence) -> Carried:
    """The signed statement of everything of an account that is worth grams and may go there.

    Raises ``carrying.nothing_to_carry``, ``carrying.to_ourselves`` and ``carrying.books_busy``.
    """
    if audience.installation == evidence.installation:
        raise Problem("carrying.to_ourselves")
    with bulk_transaction() as cursor:
        worth = [act for act in current_acts(cursor, account) if act.credited_mg > 0]
        mine = _reserve(cursor, account, audience, [act.event for act in worth])
    acts, rows = _at_one_instant(account, mine)
    if not acts:
        raise Problem("carrying.nothing_to_carry")
    root = evidence.root_over(rows)
    bundle = evidence.bundle(rows, root.size)
    name = account_name(account)
    total_mg = sum(act.credited_mg for act in acts)
    document = make_statement(
        installation=evidence.installation,
        account=name,
        audience=audience,
        entries=[_entry(act, account, evidence) for act in acts],
        bundle=bundle,
        reading={
            lang: text.format(
                acts=len(acts),
                account=name.hex(),
                total=grams(total_mg, lang),
                audience=audience.installation,
            )
            for lang, text in _TEXT.items()
        },
        root=root.parsed(),
        seal=evidence.seal,
    )
    verify_statement(document, _trust_in_us(evidence))
    return Carried(document, len(acts), len(worth) - len(mine))


def _trust_in_us(evidence: Evidence) -> Trust:
    """What the receiving side believes of us: nothing is handed out that would not verify there."""
    return read_key_file(key_file(evidence.installation, evidence.keys.published()))


def _at_one_instant(
    account: AccountEntry, events: set[str]
) -> tuple[list[CurrentAct], list[RowName]]:
    """Those of the events that are worth grams, and all their rows, by one snapshot of the books.

    A settlement that falls between two looks would be in one of them alone. Rows without a place in
    the log yet get one before the next try. Raises ``carrying.books_busy``.
    """
    for _ in range(_MOST_TRIES):
        append_positions()
        with bulk_transaction() as cursor:
            cursor.execute("set transaction isolation level repeatable read")
            standing = current_acts(cursor, account)
            acts = [act for act in standing if act.event in events and act.credited_mg > 0]
            rows = _rows(cursor, account, [act.event for act in acts])
        if rows is not None:
            return acts, rows
    raise Problem("carrying.books_busy")


def _reserve(
    cursor: psycopg.Cursor[Any], account: AccountEntry, audience: Audience, events: list[str]
) -> set[str]:
    """Those of the events that go to this installation: now, or before."""
    cursor.execute(_CARRY, [events, account.id, audience.installation])
    cursor.execute(
        "select encode(uuid_send(event_key), 'hex') from carried_away"
        " where event_key = any(%s::uuid[]) and audience = %s",
        [events, audience.installation],
    )
    return {row[0] for row in cursor.fetchall()}


def _rows(
    cursor: psycopg.Cursor[Any], account: AccountEntry, events: list[str]
) -> list[RowName] | None:
    """The events' rows in the order of the log; None while one of them has no place there."""
    cursor.execute(_ROWS, [account.subject_id, account.id, events, int(Cause.MOVED)])
    found = cursor.fetchall()
    if any(row[-1] is None for row in found):
        return None
    return [RowName(bytes(row[0]), *row[1:]) for row in found]


def _entry(act: CurrentAct, account: AccountEntry, evidence: Evidence) -> Entry:
    rules = evidence.rules
    packs = {number: code for code, number in rules.pack_ids.items()}
    scenes = {number: code for (_, code), number in rules.scene_ids.items()}
    version = act.pack_version_id
    return Entry(
        event_key=bytes.fromhex(act.event),
        programme=rules.programme_code(account.programme_id),
        scene=scenes[act.scene_id],
        partner=partner_codes()[act.partner_id],
        pack=packs[act.pack_id],
        version="" if version is None else rules.versions[version],
        started_us=act.started_us,
        ended_us=act.ended_us,
        status=Status(act.status).name.lower(),
        total_mg=act.credited_mg,
    )
