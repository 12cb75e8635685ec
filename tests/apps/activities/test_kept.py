"""What a person gets of her acts: every outcome by its names, and nothing of anybody else."""

from __future__ import annotations

import pytest

from river.reports import act, hand_in
from tanzhang.apps.activities.api import drain
from tanzhang.apps.activities.kept import outcomes
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.api import account

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]


def rows(name: str) -> list[dict[str, object]]:
    found = account(f"river-{name}")
    assert found is not None
    with bulk_transaction() as cursor:
        return list(outcomes(cursor, found.subject_id))


def test_outcomes_have_names_and_inputs() -> None:
    hand_in(act("r1", "05-03 08:00"))
    drain()
    (row,) = rows("ada")
    assert (row["status"], row["reason"], row["cause"]) == ("credited", "none", "reported")
    assert (row["pack"], row["pack_version"]) == ("meituan-bike", "1")
    assert row["inputs"] == {"distance_m": 2000}
    assert row["posted_mg"] == row["gross_mg"]


def test_an_own_winner_is_named_and_nobody_elses() -> None:
    hand_in(act("r1", "05-03 08:00"), act("r2", "05-03 08:05", partner="bank", grade=1))
    drain()
    by_status = {row["status"]: row for row in rows("ada")}
    assert by_status["duplicate"]["lost_to"] == by_status["credited"]["event"]
