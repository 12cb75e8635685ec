"""Points wait as long as the pack of a judged scene asks, by the strength of the evidence."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection

from guarded_lake import guarded_library, hand_in, walk
from tanzhang.apps.activities.api import drain, verify
from tanzhang.apps.catalogue.api import load_catalogue
from tanzhang.engine.packs import load_packs

pytestmark = pytest.mark.database

CLAIMED = """      when: {recording: [automatic, active]}
      grade: 1
"""


def waits() -> dict[int, int | None]:
    """Days until the points of each act can be spent, by the act's grade."""
    with connection.cursor() as cursor:
        cursor.execute("select grade, available_after_days from activity where points <> 0")
        return dict(cursor.fetchall())


def lots() -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute("select available_from from points_lot where points <> 0")
        return {row[0] for row in cursor.fetchall()}


def test_a_pack_asks_for_more_time_than_the_programme_and_most_for_weak_evidence(
    database: object, tmp_path: Path
) -> None:
    edits = {CLAIMED: CLAIMED + "      available_after_days: 60\n"}
    load_catalogue(guarded_library(tmp_path, edits), ["lake"])
    hand_in(walk("w1"), walk("w2", 2, person="bo", device="p2", attestation=1))
    drain()
    assert waits() == {2: 15, 1: 60}
    first = lots()
    assert max(first) - min(first) == 46
    assert verify().ok


def test_what_is_taken_back_leaves_the_lot_that_waits(database: object, tmp_path: Path) -> None:
    load_catalogue(guarded_library(tmp_path), ["lake"])
    hand_in(walk("w1"))
    drain()
    assert len(lots()) == 1
    hand_in(walk("w1", revision=1, withdrawn=True))
    drain()
    assert lots() == set()


def test_where_nothing_is_judged_the_programme_alone_decides(
    database: object, tmp_path: Path
) -> None:
    guarded_library(tmp_path)
    programme = tmp_path / "packs" / "programmes" / "lake" / "programme.yaml"
    programme.write_text(programme.read_text("utf-8").replace("judged: true", "judged: false"))
    load_catalogue(load_packs(tmp_path / "packs"), ["lake"])
    hand_in(walk("w1"))
    drain()
    assert set(waits().values()) == {None}
