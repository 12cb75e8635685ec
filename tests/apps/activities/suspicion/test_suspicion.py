"""What a stolen key signed: out of the books, back again, or out for good; and exactly that."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from river import thief
from river.books import account_and_month, balance, rows_of
from river.checks import faults
from river.reports import act, hand_in
from river.thief import (
    AFTER,
    BEFORE,
    FORGED,
    LATER,
    OWN,
    SPOILT,
    STOLEN,
    VOUCHED,
    books,
    carry_all,
    deliver,
    distrust,
    names,
    two_keys,
)
from tanzhang.apps.activities.api import (
    Resolution,
    approve_resolution,
    digest,
    drain,
    propose_resolution,
    suspicion,
)
from tanzhang.apps.activities.posting.unsettled import hold, lift
from tanzhang.apps.database import bulk_transaction

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

#: What only the thief says.
ONLY_FORGED = names(FORGED) - names(VOUCHED)


@pytest.fixture
def without(afresh: Callable[..., None]) -> dict[str, object]:
    """The books of the same days without the thief's batches."""
    keys = two_keys()
    deliver(keys.stolen, BEFORE, *OWN)
    deliver(keys.good, AFTER, *LATER)
    drain()
    found = books()
    afresh()
    return found


def happened() -> int:
    """The partner, the thief, the partner again; then the key is distrusted."""
    keys = two_keys()
    deliver(keys.stolen, BEFORE, *OWN)
    drain()
    deliver(keys.stolen, AFTER, *FORGED, *SPOILT)
    drain()
    deliver(keys.good, AFTER, *LATER)
    drain()
    return distrust(keys.stolen)


def decide(number: int, resolution: Resolution) -> None:
    propose_resolution(number, resolution, by="ling", note="as the partner's journal says")
    approve_resolution(number, by="mei")
    carry_all()


def counted_months(external_id: str) -> set[int]:
    """In which months an act is worth anything."""
    rows = rows_of("bikes", external_id)
    months = {row.month for row in rows}
    return {month for month in months if sum(row.mg for row in rows if row.month == month)}


def test_held_the_books_are_those_without_the_thief(without: dict[str, object]) -> None:
    number = happened()
    carry_all()
    assert faults() == {}
    assert books(ONLY_FORGED) == without
    entry = suspicion(number)
    assert (entry.state, entry.events, entry.held, entry.replaced) == ("open", 7, 4, 3)
    assert entry.people == 2
    assert {rows_of("bikes", event["id"])[-1].status for event in FORGED[2:]} == {"held"}


def test_reversed_they_stay_so_for_good(without: dict[str, object]) -> None:
    number = happened()
    carry_all()
    held = digest()
    decide(number, Resolution.REVERSE)
    assert digest() == held
    assert books(ONLY_FORGED) == without
    assert faults() == {}
    assert suspicion(number).state == "reversed"
    history = [(row.cause, row.status, row.mg) for row in rows_of("bikes", "t13")]
    assert [cause for cause, _, _ in history] == ["reported", "held_or_released"]
    assert history[0][2] == -history[1][2] > 0


def test_confirmed_it_is_as_if_nothing_had_happened() -> None:
    number = happened()
    before, own_books = digest(), books()
    carry_all()
    assert digest() != before
    decide(number, Resolution.CONFIRM)
    assert (digest(), books()) == (before, own_books)
    assert faults() == {}
    assert suspicion(number).state == "confirmed"


def test_what_the_thief_spoilt_stands_again_as_it_was() -> None:
    keys = two_keys()
    deliver(keys.stolen, BEFORE, *OWN)
    drain()
    before = books()
    deliver(keys.stolen, AFTER, *SPOILT)
    drain()
    assert books() != before
    number = distrust(keys.stolen)
    carry_all()
    assert books() == before
    assert counted_months("a3") == {202505}
    decide(number, Resolution.CONFIRM)
    assert counted_months("a3") == {202506}
    assert rows_of("bikes", "a2")[-1].status == "withdrawn"


def test_what_the_key_signed_before_is_not_suspect() -> None:
    keys = two_keys()
    deliver(keys.stolen, BEFORE, *OWN)
    deliver(keys.stolen, STOLEN, FORGED[0])
    drain()
    number = distrust(keys.stolen)
    carry_all()
    assert suspicion(number).events == 1
    assert balance("river-bo") != (0, 0)
    assert rows_of("bikes", "t11")[-1].status == "held"


def test_a_good_key_clears_what_it_brings_again_or_corrects_afterwards() -> None:
    keys = two_keys()
    deliver(keys.stolen, BEFORE, *OWN)
    drain()
    deliver(keys.stolen, AFTER, *FORGED, *SPOILT)
    drain()
    number = distrust(keys.stolen)
    carry_all()
    assert suspicion(number).cleared == 0
    deliver(keys.good, AFTER, *LATER, SPOILT[0])
    drain()
    entry = suspicion(number)
    assert (entry.events, entry.cleared) == (9, 3)
    assert [rows_of("bikes", name)[-1].status for name in ("t11", "t12", "t13")] == [
        "credited",
        "credited",
        "held",
    ]
    assert rows_of("bikes", "a1")[-1].gross_mg > rows_of("bikes", "a1")[0].gross_mg
    decide(number, Resolution.REVERSE)
    assert faults() == {}
    later = thief.changed(FORGED[2], distance_m=1800)
    deliver(keys.good, AFTER, later)
    drain()
    assert rows_of("bikes", "t13")[-1].status == "credited"
    assert faults() == {}


def test_a_confirmation_leaves_alone_what_a_good_key_said_since() -> None:
    keys = two_keys()
    deliver(keys.stolen, BEFORE, *OWN)
    drain()
    deliver(keys.stolen, AFTER, FORGED[0], *SPOILT)
    drain()
    number = distrust(keys.stolen)
    carry_all()
    deliver(keys.good, AFTER, thief.changed(OWN[0], 2, distance_m=1700))
    drain()
    stands = rows_of("bikes", "a1")
    decide(number, Resolution.CONFIRM)
    assert rows_of("bikes", "a1") == stands
    assert rows_of("bikes", "a2")[-1].status == "withdrawn"
    assert faults() == {}


def test_a_key_found_stolen_earlier_opens_another_suspicion_about_the_days_between() -> None:
    keys = two_keys()
    deliver(keys.stolen, BEFORE, OWN[3])
    deliver(keys.stolen, AFTER, FORGED[0])
    drain()
    late = distrust(keys.stolen)
    early = distrust(keys.stolen, BEFORE)
    assert thief.distrusted_again(keys.stolen, AFTER) is None
    carry_all()
    assert [suspicion(number).events for number in (late, early)] == [1, 1]
    assert suspicion(early).until == STOLEN


def test_a_hold_of_somebody_elses_outlives_a_confirmation() -> None:
    keys = two_keys()
    deliver(keys.stolen, AFTER, FORGED[0], FORGED[1])
    drain()
    thief.held_by_an_operator("t11")
    number = distrust(keys.stolen)
    carry_all()
    decide(number, Resolution.CONFIRM)
    assert [rows_of("bikes", name)[-1].status for name in ("t11", "t12")] == ["held", "credited"]


def test_nothing_is_listed_that_is_not_settled() -> None:
    keys = two_keys()
    deliver(keys.stolen, AFTER, *FORGED)
    number = distrust(keys.stolen)
    assert thief.carry_on_suspicions() == 1
    assert suspicion(number).state == "listing"
    carry_all()
    assert suspicion(number).events == len(FORGED)
    assert balance("river-cy") == (0, 0)


def test_an_earlier_revision_that_never_had_an_outcome_is_not_put_in_the_place() -> None:
    keys = two_keys()
    deliver(keys.stolen, BEFORE, *OWN)
    deliver(keys.stolen, AFTER, *SPOILT)  # and settled together
    drain()
    number = distrust(keys.stolen)
    carry_all()
    entry = suspicion(number)
    assert (entry.held, entry.replaced) == (3, 0)
    assert balance("river-ada") == (0, 0)
    assert faults() == {}


def test_a_hold_put_on_what_a_good_key_cleared_outlives_a_confirmation() -> None:
    keys = two_keys()
    deliver(keys.stolen, AFTER, FORGED[0], FORGED[1])
    drain()
    number = distrust(keys.stolen)
    carry_all()
    deliver(keys.good, AFTER, FORGED[0])
    drain()
    thief.held_by_an_operator("t11")
    decide(number, Resolution.CONFIRM)
    assert [rows_of("bikes", name)[-1].status for name in ("t11", "t12")] == ["held", "credited"]


def test_a_lifted_order_leaves_what_a_report_itself_holds() -> None:
    hand_in(act("r1", "05-03 08:00", held=True), act("r2", "05-04 08:00"))
    drain()
    named = [account_and_month("bikes", name) for name in ("r1", "r2")]
    for order in (hold, lift):
        with bulk_transaction() as cursor:
            order(cursor, named)
        drain()
    assert [rows_of("bikes", name)[-1].status for name in ("r1", "r2")] == ["held", "credited"]
    assert faults() == {}
