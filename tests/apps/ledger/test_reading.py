"""What was given out is the other side of the balances; the log is read from its end."""

from __future__ import annotations

import pytest
from apps_world import RECEIVED_US, instant, report, ride

from tanzhang.apps.activities.api import accept, drain
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.ledger.api import Issued, Unit, issued, log_line, log_lines

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]


def settle(name: str, day: int) -> None:
    row = ride(name, started_us=instant(f"2024-05-{day:02} 08:00"))
    accept(report(row), partner="bikes", programme="lake", received_us=RECEIVED_US, enrol=True)
    drain()


def test_nothing_is_given_out_at_first() -> None:
    assert (issued(), log_lines(9), log_line(1)) == ([], [], None)


def test_what_is_given_out_is_summed_by_programme() -> None:
    settle("r1", 1)
    settle("r2", 2)
    lake = rulebook_in_force().programme_ids["lake"]
    assert issued() == [Issued(lake, 224_020, {Unit.POINTS: 224})]


def test_the_log_is_read_page_by_page_from_its_end() -> None:
    for day in (1, 2, 3):
        settle(f"r{day}", day)
    assert [line.position for line in log_lines(2)] == [3, 2]
    assert [line.position for line in log_lines(9, before=2)] == [1]
    line = log_line(2)
    assert line is not None and line == log_lines(2)[1]
    assert (line.leaf_count, len(line.leaf_root)) == (1, 64)
