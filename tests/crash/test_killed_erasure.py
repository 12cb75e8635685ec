"""Whoever erases dies at any point: she is whole, or she is gone once anybody opens the house."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from crash.processes import ended, ran, started, step
from river.batches import BATCHES, take
from river.books import ask
from tanzhang.apps.activities.api import drain, verify
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people
from tanzhang.faults import FAULT_POINTS

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

ERASING = [point for point in FAULT_POINTS if point.startswith("erase.")]

#: Where she is still whole when the next process opens the installation.
BEFORE = {"erase.rooms_done", "erase.person_done", "erase.before_journal"}

NAME, PHONE = "林晓雨样", "13800138000"

#: A row about her, each from another room.
TRACES = (
    "select count(*) from personal_field where subject_id = %s",
    "select count(*) from phone_login where subject_id = %s",
    "select count(*) from partner_link where subject_id = %s",
    "select count(*) from person_key where subject_id = %s and sealed is not null",
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The journal's folder, which every process of the test shares."""
    monkeypatch.setenv("TANZHANG_ERASURES", str(tmp_path / "erasures"))
    yield tmp_path


def lived() -> int:
    who = people.account("river-ada")
    assert who is not None
    with bulk_transaction() as cursor:
        people.vault.store(cursor, who.subject_id, {"name": NAME})
    people.link_phone(who, PHONE)
    for batch in BATCHES:
        take(list(batch))
    drain()
    return who.subject_id


def traces(subject_id: int) -> list[int]:
    return [ask(query, [subject_id])[0][0] for query in TRACES]


@pytest.mark.parametrize("point", ERASING)
def test_killed_while_erasing(point: str, home: Path) -> None:
    subject_id = lived()
    whole = traces(subject_id)
    assert all(whole)
    marker = home / "fired"
    dying = {"TANZHANG_FAULT": f"{point}:1", "TANZHANG_FAULT_FIRED": str(marker)}
    code, said = ended(started(step("erase", str(subject_id)), dying))
    assert code == -signal.SIGKILL, said
    assert marker.exists()
    left = traces(subject_id)
    assert left in (whole, [0] * len(whole)), "a key without its data, or data without its key"

    opened = json.loads(ran(step("open")))
    if point in BEFORE:
        assert (opened["erased"], traces(subject_id)) == (0, whole)
        with bulk_transaction() as cursor:
            assert people.vault.own(cursor, subject_id, ["name"]) == {"name": NAME}
        ran(step("erase", str(subject_id)))
    else:
        assert opened["erased"] == int(point == "erase.before_commit")
    assert traces(subject_id) == [0] * len(whole)
    assert verify().ok
    lines = (home / "erasures" / "erasures.jsonl").read_text().splitlines()
    assert len(lines) == 2, "a head and one erasure"
    assert NAME not in "".join(lines)
    assert json.loads(ran(step("open"))) == {"erased": 0, "journal": 1}
