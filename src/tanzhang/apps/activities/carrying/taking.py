"""Taking a statement: verified whole, then each entry accepted or refused with its reason.

========================  ==================================================================
``already_carried``       the very act was carried here before, by whomever
``nothing_credited``      it is worth no grams where it comes from
``method_unknown``        no pack in force here has its name
``counted_here``          the same act is counted here already, reported by a partner of ours
``carried_from_another``  the same act was carried here from a third place
========================  ==================================================================
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import psycopg

from tanzhang.apps.activities.carrying.codes import outside_name
from tanzhang.apps.activities.carrying.matching import Span, kinds, meets, own_spans
from tanzhang.apps.activities.carrying.trusting import trust_in
from tanzhang.apps.catalogue.api import RulesInForce, rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people
from tanzhang.apps.people.api import AccountEntry
from tanzhang.crypto import sm3
from tanzhang.problems import Problem
from tanzhang.proofs import Entry, Statement, canonical, parse, verify_statement

_SPANS: Final = "select pack, started_us, ended_us from carried_entry where subject_id = %s"

_INSERT_STATEMENT: Final = """
insert into carried_statement
    (digest, account_id, subject_id, installation, accepted, refused, answer)
values (%s, %s, %s, %s, %s, %s, %s)
"""
_INSERT_ENTRY: Final = """
insert into carried_entry (installation, event_key, statement_id, account_id, subject_id, scene,
    pack, version, started_us, ended_us, total_mg)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""

#: Whoever takes a statement for a person holds this advisory lock with her number: "carr".
_LOCK: Final = 0x63617272


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one entry; ``reason`` is empty if it was accepted."""

    event: str
    scene: str
    pack: str
    started_us: int
    total_mg: int
    reason: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a statement."""

    installation: str
    answers: Sequence[Answer]

    @property
    def accepted(self) -> list[Answer]:
        """Entries that are carried here from now on."""
        return [answer for answer in self.answers if not answer.reason]

    @property
    def refused(self) -> list[Answer]:
        """Entries that are not, each with its reason."""
        return [answer for answer in self.answers if answer.reason]


def take_statement(data: bytes, account: AccountEntry) -> Taken:
    """Verify a statement and carry what may be carried into an account.

    The same statement taken again gets the same answer and changes nothing. Raises ``proofs.…`` for
    what does not verify, ``carrying.installation_unknown``, and ``carrying.audience_other`` for a
    statement that was made for another account or installation.
    """
    document = parse(data)
    statement = verify_statement(document, trust_in(str(document.get("installation", ""))))
    expected = (people.installation().id_text, outside_name(account.id))
    if (statement.audience.installation, statement.audience.account) != expected:
        raise Problem("carrying.audience_other")
    digest = sm3(canonical(document))
    rules = rulebook_in_force()
    with bulk_transaction() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [_LOCK, account.subject_id % 2**31])
        known = _answered(cursor, digest)
        if known is not None:
            return known
        taken = _decide(cursor, statement, account, rules)
        _write(cursor, digest, statement, account, taken)
    return taken


def statements_of(account_id: int) -> list[Taken]:
    """What became of every statement of an account, the latest first."""
    with bulk_transaction() as cursor:
        cursor.execute(
            "select answer from carried_statement where account_id = %s order by taken_at desc",
            [account_id],
        )
        return [_read(bytes(row[0])) for row in cursor.fetchall()]


def _decide(
    cursor: psycopg.Cursor[Any], statement: Statement, account: AccountEntry, rules: RulesInForce
) -> Taken:
    installation = statement.bundle.root.installation
    by_pack = kinds(rules)
    ours = own_spans(cursor, account, rules)
    cursor.execute(_SPANS, [account.subject_id])
    carried = [Span(by_pack.get(pack, ""), *times) for pack, *times in cursor.fetchall()]
    cursor.execute(
        "select encode(uuid_send(event_key), 'hex') from carried_entry"
        " where installation = %s and event_key = any(%s)",
        [installation, [uuid.UUID(bytes=entry.event_key) for entry in statement.entries]],
    )
    known = {row[0] for row in cursor.fetchall()}
    answers = []
    for entry in sorted(statement.entries, key=lambda e: (e.started_us, e.event_key)):
        span = Span(by_pack.get(entry.pack, ""), entry.started_us, entry.ended_us)
        reason = (
            "already_carried"
            if entry.event_key.hex() in known
            else "nothing_credited"
            if entry.total_mg <= 0
            else "method_unknown"
            if entry.pack not in by_pack
            else "counted_here"
            if meets(span, ours)
            else "carried_from_another"
            if meets(span, carried)
            else ""
        )
        if not reason:
            carried.append(span)
        answers.append(
            Answer(
                entry.event_key.hex(),
                entry.scene,
                entry.pack,
                entry.started_us,
                entry.total_mg,
                reason,
            )
        )
    return Taken(installation, answers)


def _write(
    cursor: psycopg.Cursor[Any],
    digest: bytes,
    statement: Statement,
    account: AccountEntry,
    taken: Taken,
) -> None:
    accepted = {answer.event for answer in taken.accepted}
    answer = json.dumps(
        {"installation": taken.installation, "answers": [_told(a) for a in taken.answers]}
    ).encode()
    whose = [account.id, account.subject_id, taken.installation]
    counts = [len(accepted), len(taken.answers) - len(accepted)]
    cursor.execute(_INSERT_STATEMENT, [digest, *whose, *counts, answer])
    for entry in statement.entries:
        if entry.event_key.hex() in accepted:
            cursor.execute(_INSERT_ENTRY, _row(entry, digest, account, taken.installation))


def _row(entry: Entry, digest: bytes, account: AccountEntry, installation: str) -> list[Any]:
    key = uuid.UUID(bytes=entry.event_key)
    method = [entry.scene, entry.pack, entry.version]
    amounts = [entry.started_us, entry.ended_us, entry.total_mg]
    return [installation, key, digest, account.id, account.subject_id, *method, *amounts]


def _answered(cursor: psycopg.Cursor[Any], digest: bytes) -> Taken | None:
    cursor.execute("select answer from carried_statement where digest = %s", [digest])
    row = cursor.fetchone()
    return None if row is None else _read(bytes(row[0]))


def _told(answer: Answer) -> dict[str, Any]:
    return {name: getattr(answer, name) for name in Answer.__slots__}


def _read(stored: bytes) -> Taken:
    said = json.loads(stored)
    return Taken(said["installation"], [Answer(**answer) for answer in said["answers"]])
