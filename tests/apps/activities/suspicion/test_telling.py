"""What people read and keep: the owner's page, receipts of before, files of past days."""

from __future__ import annotations

import uuid
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from river.books import ask, key
from river.thief import (
    AFTER,
    BEFORE,
    FORGED,
    OWN,
    SPOILT,
    carry_all,
    deliver,
    distrust,
    two_keys,
)
from tanzhang.apps.activities.api import (
    Evidence,
    Resolution,
    act_receipt,
    approve_resolution,
    drain,
    make_due_files,
    propose_resolution,
    refuse_release,
    suspected,
    why,
)
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.people.api import AccountEntry, account, installation
from tanzhang.crypto import Purpose, open_store
from tanzhang.problems import Problem
from tanzhang.proofs import Seal, Trust, canonical, key_file, read_key_file, verify_file

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]


@pytest.fixture
def number() -> int:
    """Own acts, forged ones and spoilt ones; the suspicion is open, and everything is held."""
    keys = two_keys()
    deliver(keys.stolen, BEFORE, *OWN)
    drain()
    deliver(keys.stolen, AFTER, *FORGED, *SPOILT)
    drain()
    opened = distrust(keys.stolen)
    carry_all()
    return opened


def event(external_id: str) -> uuid.UUID:
    return uuid.UUID(bytes=key("bikes", external_id))


def ada() -> AccountEntry:
    found = account("river-ada")
    assert found is not None
    return found


def said(external_id: str, lang: str = "en") -> str:
    return " ".join(why(ada(), event(external_id).hex, rulebook_in_force(), lang).sentences)


def decide(number: int, resolution: Resolution) -> None:
    propose_resolution(number, resolution, by="ling", note="as its journal says")
    approve_resolution(number, by="mei")
    carry_all()


def test_the_owner_reads_why_her_act_does_not_count_and_what_she_can_do(number: int) -> None:
    assert "two people" in said("t13").lower()
    assert "credited" not in said("t13")
    assert "what the partner reported before counts" in said("a1")
    assert "121.75 g" not in said("a1")
    decide(number, Resolution.REVERSE)
    assert "was taken back" in said("t13")
    assert f"name the act {event('t13').hex}" in said("t13")
    assert "已被收回" in said("t13", "zh")
    assert "此前的上报" in said("a1", "zh")


def test_after_a_confirmation_nothing_of_it_is_said(number: int) -> None:
    decide(number, Resolution.CONFIRM)
    assert suspected(event("t13")) is None
    assert "is credited with" in said("t13")
    assert "121.75 g" in said("a1")


def test_nobody_alone_releases_what_is_held(number: int) -> None:
    with pytest.raises(Problem, match="one_persons") as refused:
        refuse_release(event("t13"))
    assert refused.value.details["suspicion"] == number
    refuse_release(event("a1"))  # another revision stands there: nothing is held
    refuse_release(event("b1"))


def test_receipts_of_before_verify_and_new_ones_tell_what_came_later(tmp_path: Path) -> None:
    keys = two_keys()
    deliver(keys.stolen, AFTER, *FORGED)
    drain()
    evidence = Evidence(rulebook_in_force(), open_store(tmp_path, {}))
    before = canonical(act_receipt(ada(), event("t13").hex, evidence))
    number = distrust(keys.stolen)
    carry_all()
    decide(number, Resolution.REVERSE)
    after = canonical(act_receipt(ada(), event("t13").hex, evidence))
    trust = trust_in(evidence)
    assert before != after
    facts = []
    for document in (before, after):
        (verdict,) = verify_file("receipt", document, trust)
        assert verdict.problem is None
        facts.append(verdict.facts)
    assert facts[0]["total_mg"] > 0
    assert facts[1]["total_mg"] == 0
    assert "was taken back" in after.decode()


def trust_in(evidence: Evidence) -> Trust:
    evidence.keys.current(Purpose.ROOT), evidence.keys.current(Purpose.SIGN)
    return read_key_file(key_file(installation().id_text, evidence.keys.published()))


def test_files_of_past_days_stay_as_they_were(tmp_path: Path) -> None:
    keys = two_keys()
    deliver(keys.stolen, BEFORE, *OWN)
    deliver(keys.stolen, AFTER, *FORGED)
    drain()
    store = open_store(tmp_path, {})
    seal = Seal.now(store, Purpose.SIGN)
    assert make_due_files(seal) != []
    files = all_files()
    assert any(day == date(2025, 10, 9).toordinal() - 719_163 for _, day, *_ in files)
    number = distrust(keys.stolen)
    carry_all()
    decide(number, Resolution.REVERSE)
    assert make_due_files(seal) == []
    assert files == all_files()


def all_files() -> list[tuple[Any, ...]]:
    """Every file with its statement and all its parts."""
    return ask(
        "select partner_id, day, file.statement, part.* from reconciliation_file file"
        " join reconciliation_part part using (partner_id, day) order by 1, 2, part"
    )
