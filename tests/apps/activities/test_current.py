"""What a citizen's screens read touches the months that were named, and no others."""

from __future__ import annotations

import re
from typing import Any

import pytest
from apps_world import RECEIVED_US, instant, report, ride

from tanzhang.apps.activities.api import accept, drain
from tanzhang.apps.activities.current import Months, Wanted, current_acts
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.api import AccountEntry, account, handles

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("three_months")]


@pytest.fixture
def three_months(lake: None) -> None:
    """One ride in each of three months."""
    rows = [ride(f"r{n}", started_us=instant(f"2024-0{n}-10 08:00")) for n in (3, 4, 5)]
    accept(report(*rows), partner="bikes", programme="lake", received_us=RECEIVED_US, enrol=True)
    drain()


def ada() -> AccountEntry:
    found = account(handles("lake", "bikes", ["ada"])[0])
    assert found is not None
    return found


class Explaining:
    """A cursor that keeps the plan of what it executes."""

    def __init__(self, cursor: Any) -> None:
        self.cursor, self.plan = cursor, ""

    def execute(self, query: str, given: Any) -> None:
        self.cursor.execute("explain " + query, given)
        self.plan = "\n".join(row[0] for row in self.cursor.fetchall())
        self.cursor.execute(query, given)

    def fetchall(self) -> list[Any]:
        return list(self.cursor.fetchall())


def read(months: Months, **wanted: Any) -> tuple[list[int], set[str]]:
    """The months of the acts that were found, and the partitions that were looked into."""
    with bulk_transaction() as cursor:
        spy: Any = Explaining(cursor)
        acts = current_acts(spy, ada(), months, Wanted(**wanted))
    starts = [int(act.started_us) for act in acts]
    assert starts == sorted(starts, reverse=True)
    return starts, set(re.findall(r"on activity_(\d{6})", spy.plan))


def test_named_months_are_the_only_partitions_of_the_plan() -> None:
    acts, touched = read(Months([202404, 202405]))
    assert (len(acts), touched) == (2, {"202404", "202405"})


def test_everything_before_a_month_leaves_later_ones_alone() -> None:
    acts, touched = read(Months(before=202404))
    assert len(acts) == 1
    assert max(touched) == "202403"


def test_without_months_everything_is_read() -> None:
    acts, touched = read(Months())
    assert len(acts) == 3
    assert {"202403", "202404", "202405"} <= touched


def test_a_limit_keeps_the_latest() -> None:
    assert read(Months(), limit=1)[0] == [instant("2024-05-10 08:00")]
