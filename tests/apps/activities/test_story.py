"""Every amount that a person sees is told with its reason, and the explanation gives the same."""

from __future__ import annotations

from typing import Any

import pytest
from apps_world import RECEIVED_US, instant, report, ride

from clean_database import Database
from tanzhang.apps.activities.api import Statement, Story, accept, drain, hold, statement, story
from tanzhang.apps.activities.models import EventIdentity
from tanzhang.apps.activities.story import event_key
from tanzhang.apps.catalogue.api import load_catalogue, rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.api import account, handles, installation_secret, person_refs
from tanzhang.engine.packs import load_packs
from tanzhang.problems import Problem

pytestmark = pytest.mark.database


def settle(*rows: dict[str, Any], partner: str = "bikes", programme: str = "lake") -> None:
    accept(report(*rows), partner=partner, programme=programme, received_us=RECEIVED_US, enrol=True)
    drain()


def of(person: str, partner: str = "bikes", programme: str = "lake") -> Any:
    found = account(handles(programme, partner, [person])[0])
    assert found is not None
    return found


def state_of(person: str = "ada") -> Statement:
    return statement(of(person), rulebook_in_force())


def tell(event: str, person: str = "ada", lang: str = "en", **where: str) -> Story:
    return story(of(person, **where), event, rulebook_in_force(), lang)


@pytest.fixture
def rides(lake: None) -> None:
    """Ada: two rides at once, a long walk; bo: one ride."""
    settle(
        ride("r1"),
        ride("r2", started_us=instant("2024-05-01 08:05"), grade=1),
        ride("w1", scene="walk", in_distance_m=None, in_steps=20_000),
        ride("r3", person="bo"),
    )


@pytest.mark.usefixtures("rides")
def test_a_statement_keeps_grams_and_points_apart_and_adds_up() -> None:
    found = state_of()
    assert (found.reduction_mg, found.points) == (112_010 + 200_000, 312)
    assert [(s.scene, s.acts, s.reduction_mg) for s in found.scenes] == [
        ("bike", 1, 112_010),
        ("walk", 1, 200_000),
    ]
    assert sum(scene.points for scene in found.scenes) == found.points
    assert [event.status for event in found.events].count("duplicate") == 1
    assert sum(event.reduction_mg for event in found.events) == found.reduction_mg


@pytest.mark.usefixtures("rides")
def test_a_statement_is_of_one_account_only() -> None:
    assert state_of("bo").reduction_mg == 112_010
    assert len(state_of("bo").events) == 1


@pytest.mark.usefixtures("rides")
def test_acts_of_a_persons_other_account_stay_there(database: Database) -> None:
    give_second_account()
    settle(ride("b1", started_us=instant("2024-05-20 08:00")), partner="bank")
    other = statement(of("ada", "bank"), rulebook_in_force())
    assert other.account.subject_id == of("ada").subject_id
    assert (len(other.events), other.reduction_mg) == (1, 112_010)
    assert (len(state_of().events), state_of().reduction_mg) == (3, 312_010)
    with pytest.raises(Problem):
        tell("bikes:r1", partner="bank")


def give_second_account() -> None:
    """Ada opens another account, by which the bank knows her."""
    (ref,) = person_refs(installation_secret(), "bank", ["ada"])
    (handle,) = handles("lake", "bank", ["ada"])
    first = of("ada")
    with bulk_transaction() as cursor:
        cursor.execute(
            "with opened as (insert into account (subject_id, programme_id, joined_day, handle)"
            " values (%s, %s, %s, %s) returning id, subject_id),"
            " linked as (insert into partner_link (partner_id, person_ref, account_id, subject_id)"
            " select partner.id, %s, opened.id, opened.subject_id from opened, partner"
            " where code = 'bank' returning partner_id, account_id, subject_id)"
            " insert into consent (partner_id, account_id, subject_id, from_us)"
            " select partner_id, account_id, subject_id, 0 from linked",
            [first.subject_id, first.programme_id, first.joined_day, handle, ref],
        )


@pytest.mark.usefixtures("lake")
def test_an_account_without_acts_has_an_empty_statement() -> None:
    accept(report(ride()), partner="bikes", programme="lake", received_us=RECEIVED_US, enrol=True)
    found = state_of()
    assert (found.reduction_mg, found.points, found.scenes, found.events) == (0, 0, [], [])


@pytest.mark.usefixtures("rides")
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_credited_act_is_explained_with_the_same_amount(lang: str) -> None:
    told = tell("bikes:r1", lang=lang)
    assert (told.status, told.reason, told.gross_mg, told.reduction_mg) == (
        "credited", "none", 112_010, 112_010
    )  # fmt: skip
    assert told.explanation is not None
    assert told.explanation.reduction_mg == told.gross_mg
    assert (told.pack, told.version) == ("meituan-bike", "1")
    assert told.explanation.factors[0].value == "48.70"


@pytest.mark.usefixtures("rides")
def test_a_duplicate_names_the_act_that_it_lost_to() -> None:
    winner, loser = tell("bikes:r1"), tell("bikes:r2")
    assert (loser.status, loser.reason, loser.reduction_mg) == ("duplicate", "overlap", 0)
    assert loser.lost_to == winner.event
    assert loser.explanation is not None
    assert loser.explanation.reduction_mg == loser.gross_mg == 112_010


@pytest.mark.usefixtures("rides")
def test_a_cut_is_told_with_its_limit() -> None:
    told = tell("bikes:w1")
    assert (told.gross_mg, told.reduction_mg) == (400_000, 200_000)
    assert [(cut.owner, cut.name, cut.mg) for cut in told.cuts] == [
        ("hankou-walk", "daily", 200_000)
    ]


@pytest.mark.usefixtures("rides")
def test_an_event_is_found_by_its_key_in_any_spelling() -> None:
    key = tell("bikes:r1").event
    dashed = f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}".upper()
    assert tell(key) == tell(dashed) == tell("bikes:r1")


@pytest.mark.usefixtures("rides")
def test_a_correction_into_another_month_leaves_both_in_the_history() -> None:
    settle(ride("r1", revision=1, started_us=instant("2024-04-01 08:00"), in_distance_m=1000))
    told = tell("bikes:r1")
    assert told.reduction_mg == 48_700
    assert [(line.month, line.cause, line.reduction_mg) for line in told.history] == [
        (202405, "reported", 112_010),
        (202405, "moved", -112_010),
        (202404, "corrected", 48_700),
    ]
    assert tell("bikes:r2").status == "credited"
    assert tell("bikes:r2").history[-1].cause == "neighbour_changed"


@pytest.mark.usefixtures("rides")
def test_a_withdrawn_act_is_told_as_such_without_an_amount() -> None:
    settle(ride("r1", revision=1, withdrawn=True))
    told = tell("bikes:r1")
    assert (told.status, told.reduction_mg, told.explanation) == ("withdrawn", 0, None)


@pytest.mark.usefixtures("lake")
def test_a_violated_bound_is_named() -> None:
    settle(ride(in_distance_m=90_000))
    told = tell("bikes:r1")
    assert (told.status, told.reason) == ("rejected", "too_fast")


@pytest.mark.usefixtures("lake")
def test_a_missing_input_has_no_explanation() -> None:
    settle(ride(in_distance_m=None))
    told = tell("bikes:r1")
    assert (told.reason, told.explanation) == ("missing_input", None)


@pytest.mark.usefixtures("rides")
@pytest.mark.parametrize("event", ["bikes:r3", "bikes:none", "0" * 32, "nonsense", ""])
def test_an_account_knows_only_its_own_events(event: str) -> None:
    with pytest.raises(Problem) as refused:
        tell(event)
    assert refused.value.code == "ledger.event_unknown"


@pytest.mark.usefixtures("lake")
def test_an_event_that_waits_says_so() -> None:
    accept(report(ride()), partner="bikes", programme="lake", received_us=RECEIVED_US, enrol=True)
    with pytest.raises(Problem) as refused:
        tell("bikes:r1")
    assert refused.value.code == "ledger.event_waiting"


@pytest.mark.usefixtures("rides")
def test_an_amount_that_does_not_follow_from_the_facts_is_never_explained_away(
    database: Database,
) -> None:
    with database.connect("owner") as owner:
        owner.execute("update activity set gross_mg = gross_mg + 1")
    with pytest.raises(Problem) as refused:
        tell("bikes:r1")
    assert refused.value.code == "ledger.explanation_differs"


@pytest.mark.parametrize("day", [1, 5, 9])
def test_a_look_back_is_explained_from_the_days_before(day: int, database: Database) -> None:
    load_catalogue(load_packs(), ["citic"])
    settle(*(reading(d, 4_000 if d == day else 9_000 + d) for d in range(1, 10)), **METER)
    told = tell(f"power-grid:m{day}", **METER)
    assert told.explanation is not None
    assert told.explanation.reduction_mg == told.gross_mg
    assert (told.gross_mg > 0) is (day > 4)  # a day without a reading lowers the line to it


METER = {"partner": "power-grid", "programme": "citic"}


def reading(day: int, energy_wh: int) -> dict[str, Any]:
    """A household's meter of one day in May."""
    row = ride(
        f"m{day}",
        scene="household-electricity",
        item_key="meter 1",
        started_us=instant(f"2024-05-{day:02d} 00:00"),
        in_energy_wh=energy_wh,
        in_household_size=1,
    )
    return {name: value for name, value in row.items() if name != "in_distance_m"}


@pytest.mark.usefixtures("rides")
def test_an_act_held_by_order_is_told_as_held() -> None:
    known = EventIdentity.objects.get(event_key=event_key("bikes:r1"))
    with bulk_transaction() as cursor:
        hold(cursor, [(known.event_key.bytes, known.subject_id, known.month)])
    drain()
    told = tell("bikes:r1")
    assert (told.state, told.status, told.reduction_mg) == ("held", "held", 0)
