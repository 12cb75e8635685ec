"""After an erasure others' proofs come out, hers of before stay good, tampering is seen."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from clean_database import Database
from river.batches import BATCHES, take
from river.books import ask
from tanzhang.apps.activities.api import (
    Evidence,
    act_receipt,
    certificate,
    drain,
    sample_receipts,
    verify,
)
from tanzhang.apps.activities.erasing.leaves import keep_hashes
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people
from tanzhang.crypto import Purpose, open_store
from tanzhang.problems import Problem
from tanzhang.proofs import Trust, canonical, key_file, read_key_file, verify_file

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

LEAVES = "leaves_follow_from_outcomes"


@pytest.fixture
def evidence(tmp_path: Path) -> Evidence:
    for batch in BATCHES:
        take(list(batch))
    drain()
    return Evidence(rulebook_in_force(), open_store(tmp_path, {}))


@pytest.fixture
def journal(tmp_path: Path) -> people.Journal:
    return people.Journal(tmp_path / "erasures", people.installation().id_text)


def trust(evidence: Evidence) -> Trust:
    evidence.keys.current(Purpose.ROOT), evidence.keys.current(Purpose.SIGN)
    return read_key_file(key_file(people.installation().id_text, evidence.keys.published()))


def holder(handle: str) -> people.AccountEntry:
    found = people.account(handle)
    assert found is not None
    return found


def event_of(account: people.AccountEntry) -> str:
    ((key,), *_) = ask(
        "select event_key from activity where account_id = %s order by event_key", [account.id]
    )
    return str(key.hex)


def is_good(kind: str, document: dict[str, object], evidence: Evidence) -> bool:
    (verdict,) = verify_file(kind, canonical(document), trust(evidence))
    return verdict.problem is None


def test_receipts_of_before_stay_good_hers_and_others(
    evidence: Evidence, journal: people.Journal
) -> None:
    ada, bo = holder("river-ada"), holder("river-bo")
    hers, his = (act_receipt(who, event_of(who), evidence) for who in (ada, bo))
    people.erase(ada.subject_id, journal)
    assert is_good("receipt", hers, evidence)
    assert is_good("receipt", his, evidence)


def test_new_proofs_of_others_come_out_of_the_pieces_that_they_share(
    evidence: Evidence, journal: people.Journal
) -> None:
    ada, bo = holder("river-ada"), holder("river-bo")
    key = event_of(bo)
    people.erase(ada.subject_id, journal)
    fresh = Evidence(rulebook_in_force(), evidence.keys)
    assert is_good("receipt", act_receipt(bo, key, fresh), fresh)
    year = date(2025, 1, 1), date(2025, 12, 31)
    assert is_good("certificate", certificate(bo, *year, fresh), fresh)


def test_no_new_proof_is_made_of_hers(evidence: Evidence, journal: people.Journal) -> None:
    ada = holder("river-ada")
    key = event_of(ada)
    people.erase(ada.subject_id, journal)
    again = people.account_numbered(ada.id)
    assert again is not None
    with pytest.raises(Problem, match="leaf_erased"):
        act_receipt(again, key, Evidence(rulebook_in_force(), evidence.keys))


def test_a_sample_of_receipts_leaves_her_out(evidence: Evidence, journal: people.Journal) -> None:
    ada = holder("river-ada")
    keys = ask("select distinct event_key from activity where account_id = %s", [ada.id])
    people.erase(ada.subject_id, journal)
    sample = [*sample_receipts(10_000, Evidence(rulebook_in_force(), evidence.keys))]
    ((total,),) = ask("select count(distinct event_key) from activity")
    assert len(sample) == total - len(keys)
    said = canonical(sample).decode()
    assert not [key for (key,) in keys if key.hex in said]


@pytest.mark.parametrize(
    "statement",
    [
        "update activity set credited_mg = credited_mg + 1 where subject_id = %s",
        "update activity set q1 = q1 + 1 where subject_id = %s",
        "update activity set started_us = started_us + 1 where subject_id = %s",
        "delete from activity where subject_id = %s and outcome_no = 0",
        "update erased_leaf set leaf_hash = decode(repeat('00', 32), 'hex') where subject_id = %s",
        "update erased_leaf set row_digest = decode(repeat('00', 32), 'hex') where subject_id = %s",
        "delete from erased_leaf where subject_id = %s",
    ],
)
def test_tampering_with_an_erased_person_is_seen(
    statement: str, evidence: Evidence, journal: people.Journal, database: Database
) -> None:
    ada = holder("river-ada")
    people.erase(ada.subject_id, journal)
    assert verify().checks[LEAVES] == 0
    with database.connect("owner") as owner:
        owner.execute(statement.encode(), [ada.subject_id])
    assert verify().checks[LEAVES] > 0


def test_damage_of_before_is_still_seen_after_an_erasure(
    evidence: Evidence, journal: people.Journal, database: Database
) -> None:
    ada = holder("river-ada")
    with database.connect("owner") as owner:
        owner.execute(
            "update activity set gross_mg = gross_mg + 1 where subject_id = %s", [ada.subject_id]
        )
    people.erase(ada.subject_id, journal)
    assert verify().checks[LEAVES] > 0


def test_hashes_hide_nothing_of_somebody_who_was_not_erased(
    evidence: Evidence, journal: people.Journal, database: Database
) -> None:
    ada, bo = holder("river-ada"), holder("river-bo")
    people.erase(bo.subject_id, journal)
    with bulk_transaction() as cursor:
        keep_hashes(cursor, ada.subject_id, evidence.rules)
    assert verify().checks["erased_leaf_has_erasure"] > 0
    with database.connect("owner") as owner:
        owner.execute("update subject set key = sha256(key) where id = %s", [ada.subject_id])
    assert verify().checks[LEAVES] > 0


def test_the_leaf_hashes_can_only_be_added(database: Database) -> None:
    import psycopg

    for statement in ("delete from erased_leaf", "update erased_line set row = 0"):
        with database.connect("app") as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute(statement.encode())
