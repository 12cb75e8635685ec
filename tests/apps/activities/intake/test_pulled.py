"""What was read from a partner's file is taken by batches, in order, none larger than allowed."""

from __future__ import annotations

import pytest
from apps_world import RECEIVED_US, report, ride
from batches import bikes, enrol, terms

from clean_database import Database
from tanzhang.apps.activities.intake import pulled
from tanzhang.apps.activities.intake.pulled import take_pulled

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]


def test_rows_are_answered_by_their_own_numbers_over_several_batches(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrol("ada")
    monkeypatch.setattr(pulled, "MOST_ROWS", 2)
    rows = [ride("r1"), ride("r2", scene="walk"), ride("r1"), ride("r3", grade=4), ride("r4")]
    told = take_pulled(
        report(*rows),
        partner=bikes(),
        agreement=terms(("bike",)),
        received_us=RECEIVED_US,
        origin=b"a file",
    )
    assert told["row"].to_list() == report(*rows)["row"].to_list()
    assert told["code"].to_list()[1] == "scene_not_agreed"
    assert told["code"].to_list()[3] == "grade_above_agreement"
    assert told["verdict"].to_list()[:3] == ["accepted", "rejected", "duplicate"]
    with database.connect() as app:
        kept = app.execute("select channel, item_count, signature from batch order by id")
        assert sorted(count for _, count, _ in kept.fetchall()) == [1, 2, 2]
