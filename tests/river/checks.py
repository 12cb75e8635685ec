"""Are the books sound? Everything that can be derived is derived again and compared.

``faults()`` is empty for sound books and otherwise names what is wrong.
"""

from __future__ import annotations

import struct
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from river.books import ask
from tanzhang.apps.activities.api import rederive, verify
from tanzhang.apps.activities.models import Cause
from tanzhang.apps.activities.posting.claims import Entry, candidates
from tanzhang.apps.activities.posting.facts import acts_of, item_codes, ranks
from tanzhang.apps.activities.posting.history import read_stored
from tanzhang.apps.activities.scan import stored_months
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.engine.log import sm3

FOR_EVER = 2**31 - 1
EPOCH = date(1970, 1, 1)


def faults() -> dict[str, Any]:
    """What is wrong with the books, by the name of the check."""
    with bulk_transaction() as cursor:
        rederived = rederive(cursor, rulebook_in_force()).differing
    checks = {
        "rederived_outcomes_differ": rederived,
        **verify().checks,
        "lots_of_the_wrong_day": lots_that_differ(),
        "roots_over_other_leaves": pieces_with_another_root(),
        "claims_of_the_wrong_holder": claims_that_differ(),
    }
    return {name: found for name, found in checks.items() if found}


def lots_that_differ() -> list[tuple[int, ...]]:
    """Lots (account, available from, expires on, points) that are not those of the acts' days."""
    rules = rulebook_in_force()
    programmes = {number: code for code, number in rules.programme_ids.items()}
    wanted: dict[tuple[int, int, int], int] = defaultdict(int)
    for account, programme, day, points in ask(
        "select account_id, programme_id, last.day, sum(points) from activity join lateral"
        " (select day, cause from activity l where (l.event_key, l.month, l.subject_id)"
        " = (activity.event_key, activity.month, activity.subject_id)"
        " order by outcome_no desc limit 1) last on last.cause <> %s"
        " group by event_key, month, account_id, programme_id, last.day",
        [int(Cause.MOVED)],
    ):
        versions = rules.programme(programmes[programme]).versions
        terms = [v for v in versions if v.valid_from <= day][-1:] or versions[:1]
        wait, years = terms[0].points.available_after_days, terms[0].points.expires_after_years
        expires = FOR_EVER
        if years is not None:
            expires = (date((EPOCH + timedelta(day)).year + years + 1, 1, 1) - EPOCH).days
        wanted[account, day + wait if wait else 0, expires] += int(points)
    found = {
        (account, available, expires): points
        for account, available, expires, points in ask(
            "select account_id, available_from, expires_on, points from points_lot"
        )
    }
    lots = {lot: points for lot, points in wanted.items() if points}
    kept = {lot: points for lot, points in found.items() if points}
    return [(*lot, points) for lot, points in sorted(set(lots.items()) ^ set(kept.items()))]


def pieces_with_another_root() -> list[int]:
    """Pieces whose stored root is not that over the leaves of their stored outcomes."""
    leaves: dict[int, list[tuple[bytes, int, int, bytes]]] = defaultdict(list)
    for row in ask(
        "select piece_id, event_key, outcome_no, account_id, v.digest, status, revision,"
        " started_us, gross_mg, credited_mg, points, q1, q2, q3, q4, s.key, month from activity"
        " left join pack_version v on v.id = pack_version_id join subject s on s.id = subject_id"
    ):
        leaves[row[0]].append((row[1].bytes, row[2], row[16], leaf(*row[1:16])))
    stored = ask("select piece_id, outcome_count, leaf_root from piece_settlement")
    return [
        piece
        for piece, count, found in stored
        if count != len(leaves[piece])
        or bytes(found) != tree_root([made for *_, made in sorted(leaves[piece])])
    ]


def leaf(
    event_key: Any,
    number: int,
    account_id: int,
    pack_digest: bytes | None,
    status: int,
    revision: int,
    started_us: int,
    *amounts_inputs_and_key: Any,
) -> bytes:
    """Leaf format 1, written down a second time (``engine.log.leaf`` says what it holds)."""
    *amounts, q1, q2, q3, q4, person_key = amounts_inputs_and_key
    inputs = [-(2**63) if value is None else value for value in (q1, q2, q3, q4)]
    pseudonym = sm3(person_key + b"account" + struct.pack(">q", account_id))[:16]
    digest = bytes(pack_digest)[:16] if pack_digest else bytes(16)
    salt = sm3(person_key + event_key.bytes + struct.pack(">H", number))[:16]
    head = struct.pack(">B16sH16s16sB", 1, event_key.bytes, number, pseudonym, digest, status)
    return head + struct.pack(">I8q", revision, started_us, *amounts, *inputs) + salt


def tree_root(leaves: list[bytes]) -> bytes:
    """The Merkle tree hash of RFC 6962 §2.1, by its recursive definition, over SM3."""
    if not leaves:
        return sm3(b"")
    if len(leaves) == 1:
        return sm3(b"\x00" + leaves[0])
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return sm3(b"\x01" + tree_root(leaves[:split]) + tree_root(leaves[split:]))


def claims_that_differ() -> list[tuple[str, Entry]]:
    """Rows of ``claim`` and ``claim_rival`` that do not follow from the stored facts."""
    rules = rulebook_in_force()
    with bulk_transaction() as cursor:
        stored = read_stored(cursor, None, stored_months(cursor)).open_rows()
    facts = stored.facts
    acts = acts_of(facts, rules, ranks(facts.key), item_codes(facts.item))
    standing: dict[bytes, list[Entry]] = defaultdict(list)
    for entry in candidates(facts, acts, rules.rulebook).entries:
        standing[entry.claim_key].append(entry)
    wanted = {
        ("claim" if place == 0 else "claim_rival", entry)
        for entries in standing.values()
        for place, entry in enumerate(sorted(entries))
    }
    found = {
        (table, Entry(-grade, started, key.bytes, subject, month, claim.bytes))
        for table in ("claim", "claim_rival")
        for claim, key, subject, started, month, grade in ask(
            f"select claim_key, event_key, subject_id, started_us, month, grade from {table}"
        )
    }
    return sorted(wanted ^ found)
