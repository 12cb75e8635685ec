"""A hold is on the event: it covers all revisions until it is released."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from river.books import account_and_month, balance, everything, rows_of
from river.checks import faults
from river.reports import Row, act, hand_in
from tanzhang.apps.activities.api import drain, hold, release
from tanzhang.apps.activities.posting.settlement import Settled
from tanzhang.apps.database import bulk_transaction

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

RIDE_MG = 97_400


def settle(*rows: Row) -> None:
    hand_in(*rows)
    drain()
    assert faults() == {}


def order(what: Callable[..., None], *external_ids: str) -> None:
    """Hold or release some rides, without settling yet."""
    named: Iterable[tuple[bytes, int, int]] = [
        account_and_month("bikes", external_id) for external_id in external_ids
    ]
    with bulk_transaction() as cursor:
        what(cursor, named)


def held(*external_ids: str) -> None:
    order(hold, *external_ids)
    drain()
    assert faults() == {}


def released(*external_ids: str) -> None:
    order(release, *external_ids)
    drain()
    assert faults() == {}


def current(external_id: str) -> str:
    return rows_of("bikes", external_id)[-1].status


def test_a_held_act_takes_part_in_nothing() -> None:
    settle(act("r1", "05-03 08:00"), act("r2", "05-03 08:05"), act("r3", "05-04 08:00"))
    held("r1")
    assert [current(ride) for ride in ("r1", "r2", "r3")] == ["held", "credited", "credited"]
    assert balance("river-ada") == (2 * RIDE_MG, 18)
    released("r1")
    assert [current(ride) for ride in ("r1", "r2")] == ["credited", "duplicate"]
    assert [(row.cause, row.status, row.mg) for row in rows_of("bikes", "r1")] == [
        ("reported", "credited", RIDE_MG),
        ("held_or_released", "held", -RIDE_MG),
        ("held_or_released", "credited", RIDE_MG),
    ]


def test_a_drain_tells_what_it_did() -> None:
    hand_in(act("r1", "05-03 08:00"), act("r2", "05-04 08:00"))
    hand_in(act("b1", "05-04 08:00", person="bo"))
    assert drain() == Settled(pieces=2, items=3, fast=3, outcomes=3)
    order(hold, "r1", "b1")
    assert drain() == Settled(pieces=2, items=2, fast=0, outcomes=2)
    assert drain() == Settled(0, 0, 0, 0)


def test_an_act_that_is_reported_as_held_waits_for_a_revision_or_a_release() -> None:
    settle(act("r1", "05-03 08:00", held=True), act("r2", "05-04 08:00", held=True))
    assert (current("r1"), current("r2"), balance("river-ada")) == ("held", "held", (0, 0))
    released("r1")
    settle(act("r2", "05-04 08:00", revision=1))
    assert (current("r1"), current("r2")) == ("credited", "credited")


def test_a_hold_covers_a_correction() -> None:
    settle(act("r1", "05-03 08:00"))
    held("r1")
    settle(act("r1", "05-04 08:00", revision=1, distance_m=1000))
    assert current("r1") == "held"
    released("r1")
    assert current("r1") == "credited"
    assert balance("river-ada") == (48_700, 4)


def test_a_hold_and_a_correction_that_are_settled_together_both_count() -> None:
    settle(act("r1", "05-31 23:50"))
    order(hold, "r1")
    settle(act("r1", "06-01 00:10", revision=1, distance_m=1000))
    assert current("r1") == "held"
    released("r1")
    assert balance("river-ada") == (48_700, 4)


def test_a_hold_finds_an_act_that_has_moved_to_another_month_meanwhile() -> None:
    settle(act("r1", "05-31 23:50"))
    with bulk_transaction():
        named = [account_and_month("bikes", "r1")]
    settle(act("r1", "06-01 00:10", revision=1))
    with bulk_transaction() as cursor:
        hold(cursor, named)
    drain()
    assert faults() == {}
    assert current("r1") == "held"


def test_a_withdrawal_of_a_held_act_stands_and_its_release_restores_nothing() -> None:
    settle(act("r1", "05-03 08:00"))
    held("r1")
    settle(act("r1", "05-03 08:00", revision=1, withdrawn=True))
    assert current("r1") == "withdrawn"
    released("r1")
    assert current("r1") == "withdrawn"
    assert balance("river-ada") == (0, 0)


def test_an_act_that_is_restored_under_a_hold_is_held() -> None:
    settle(act("r1", "05-03 08:00"))
    settle(act("r1", "05-03 08:00", revision=1, withdrawn=True))
    held("r1")
    assert current("r1") == "withdrawn"
    settle(act("r1", "05-03 08:00", revision=2))
    assert current("r1") == "held"
    released("r1")
    assert current("r1") == "credited"


def test_an_order_that_changes_nothing_posts_nothing() -> None:
    settle(act("r1", "05-03 08:00"), act("r2", "05-04 08:00"))
    held("r2")
    before = everything()
    order(hold, "r1")
    order(release, "r1")
    order(hold, "r2")
    drain()
    assert faults() == {}
    assert everything() == before
