"""Nothing is taken from a partner, or given to it, that two persons have not assessed."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from apps_world import instant, report, ride
from people_world import ASSESSED_FROM, assess, bikes, opening

from clean_database import Database
from tanzhang.apps.activities.api import accept, fields_of_partner
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people
from tanzhang.problems import Problem

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]

HOUR_US = 3_600_000_000
NOW_US = instant("2024-06-01 00:00")


@pytest.fixture
def live(lake: None, database: Database) -> None:
    """People may be real here."""
    database.turn("live")


@pytest.fixture
def ada(live: None) -> people.AccountEntry:
    return people.open_account(opening("ada"))[0]


def said(external_id: str, at_us: int = NOW_US + HOUR_US, **changes: Any) -> str | None:
    row = ride(external_id, started_us=at_us - HOUR_US, ended_us=at_us, **changes)
    answer = accept(report(row), partner="bikes", programme="lake", received_us=at_us)
    return answer.verdicts["code"][0]


def proposal(**changes: Any) -> people.Proposal:
    return people.Proposal(
        **{
            "partner_id": bikes(),
            "purpose": people.COLLECT,
            "fields": ["bike/time", "bike/distance_m"],
            "valid_from": ASSESSED_FROM,
            "valid_until": ASSESSED_FROM + timedelta(days=300),
            "necessity": "a distance counts a ride",
            "impact": "little",
            "measures": "no places",
            "owner": "lin",
            **changes,
        }
    )


@pytest.mark.usefixtures("ada")
def test_without_an_assessment_nothing_is_taken_from_a_partner() -> None:
    assert said("r1") == "not_assessed"
    number = people.propose_assessment(proposal(), by="lin")
    assert said("r2") == "not_assessed"  # one person is not enough
    people.approve_assessment(number, by="zhao")
    assert said("r3") is None


@pytest.mark.usefixtures("ada")
def test_another_field_another_scene_or_what_is_sensitive_needs_another_assessment() -> None:
    assess("bikes", fields=["bike/time"])
    assert said("r1") == "not_assessed"  # the distance is not covered
    assess("bikes", fields=["bike/time", "bike/distance_m", "walk/time", "walk/steps"])
    assert said("r2") is None
    steps = {"scene": "walk", "in_distance_m": None, "in_steps": 400}
    assert said("w1", **steps) == "not_assessed"  # steps are health: assessed by themselves
    assess("bikes")
    assert said("w2", **steps) == "no_sensitive_consent"


@pytest.mark.usefixtures("ada")
def test_when_it_runs_out_or_is_ended_the_door_is_shut() -> None:
    people.approve_assessment(
        people.propose_assessment(proposal(), by="lin"), by="zhao"
    )  # 300 days from 2024-01-01
    last = int((ASSESSED_FROM + timedelta(days=300)).timestamp()) * 1_000_000
    assert said("r1", last - 1) is None
    assert said("r2", last) == "not_assessed"
    withdrawn = ride("r1", revision=1, withdrawn=True, started_us=last - HOUR_US, ended_us=last)
    answer = accept(report(withdrawn), partner="bikes", programme="lake", received_us=last)
    assert answer.counts["accepted"] == 1, "a withdrawal takes nothing from anybody"


def test_who_proposed_cannot_approve_and_a_decision_stands(live: None) -> None:
    number = people.propose_assessment(proposal(), by="lin")
    with pytest.raises(Problem, match=r"consenting\.same_person"):
        people.approve_assessment(number, by="LIN")
    with pytest.raises(Problem, match=r"consenting\.other_person"):
        people.withdraw_assessment(number, by="zhao")
    people.refuse_assessment(number, by="zhao", note="too much")
    with pytest.raises(Problem, match=r"consenting\.assessment_decided"):
        people.approve_assessment(number, by="zhao")
    assert people.assessment(number).state(datetime.now(UTC)) == "refused"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"necessity": " "}, "assessment_incomplete"),
        ({"impact": ""}, "assessment_incomplete"),
        ({"measures": ""}, "assessment_incomplete"),
        ({"owner": " "}, "assessment_incomplete"),
        ({"fields": []}, "assessment_incomplete"),
        ({"country": "SG"}, "assessment_incomplete"),  # abroad by no mechanism
        ({"valid_until": ASSESSED_FROM}, "assessment_span"),
        ({"valid_until": ASSESSED_FROM + timedelta(days=1200)}, "assessment_span"),
    ],
)
def test_an_assessment_says_all_that_it_has_to(change: dict[str, Any], code: str) -> None:
    with pytest.raises(Problem, match=rf"consenting\.{code}"):
        people.propose_assessment(proposal(**change), by="lin")


def test_an_ended_one_leaves_a_certificate_of_what_became_of_the_data(live: None) -> None:
    number = people.propose_assessment(
        proposal(
            valid_from=datetime.now(UTC),
            valid_until=datetime.now(UTC) + timedelta(days=9),
            contract="C-7",
            sub_processors=["a printer"],
        ),
        by="lin",
    )
    people.approve_assessment(number, by="zhao")
    told = json.loads(people.end_assessment(number, by="lin", reason="parted", data_left="deleted"))
    assert (told["contract"], told["data_left"], told["sub_processors"]) == (
        *("C-7", "deleted"),
        ["a printer"],
    )
    assert people.assessment(number).state(datetime.now(UTC)) == "ended"
    with pytest.raises(Problem, match=r"consenting\.assessment_over"):
        people.end_assessment(number, by="lin", reason="again", data_left="none")


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("impact_assessment", "valid_until"),
        ("impact_decision", "decision"),
        ("impact_end", "reason"),
    ],
)
def test_what_was_assessed_is_there_for_good(database: Database, table: str, column: str) -> None:
    # Kept for three years at least (PIPL 56): the app can neither change nor remove a row.
    for statement in (f"delete from {table}", f"update {table} set {column} = {column}"):
        with (
            database.connect("app") as app,
            pytest.raises(
                (psycopg.errors.InsufficientPrivilege, psycopg.errors.FeatureNotSupported)
            ),
        ):
            app.execute(statement.encode())


def read_balance(account: people.AccountEntry) -> None:
    with bulk_transaction() as cursor:
        people.note_reading(cursor, account, bikes(), "balance")


def share(account: people.AccountEntry, purpose: str) -> None:
    text = people.current_wording(people.purposes()[purpose].text)
    people.grant(account, bikes(), text_id=text.id, at_us=NOW_US, purpose=purpose)


def assess_reading(**changes: Any) -> None:
    now = datetime.now(UTC)
    made = proposal(
        **{
            "purpose": people.SHARE,
            "fields": [*people.BALANCE_FIELDS],
            "valid_from": now - timedelta(days=1),
            "valid_until": now + timedelta(days=9),
            **changes,
        }
    )
    people.approve_assessment(people.propose_assessment(made, by="lin"), by="zhao")


def test_a_balance_is_read_only_where_reading_was_assessed(ada: people.AccountEntry) -> None:
    share(ada, people.SHARE)
    with pytest.raises(Problem, match=r"consenting\.not_assessed"):
        read_balance(ada)
    assess_reading()
    read_balance(ada)


def test_abroad_nothing_is_read_without_a_mechanism_and_a_consent_to_that_alone(
    ada: people.AccountEntry,
) -> None:
    share(ada, people.SHARE)
    assess_reading(country="SG", mechanism="standard contract 2026-7")
    with pytest.raises(Problem, match=r"consenting\.recipient_abroad"):
        read_balance(ada)
    share(ada, people.CROSS_BORDER)
    read_balance(ada)
    counted = people.volumes(datetime.now(UTC))
    assert (counted.persons, counted.cross_border_persons) == (1, 1)
    people.withdraw(ada, bikes(), purpose=people.CROSS_BORDER)
    with pytest.raises(Problem, match=r"consenting\.recipient_abroad"):
        read_balance(ada)


def test_the_database_knows_no_recipient_abroad_without_a_mechanism(database: Database) -> None:
    with (
        database.connect("owner") as owner,
        pytest.raises(psycopg.errors.CheckViolation, match="impact_assessment_abroad_by_right"),
    ):
        owner.execute(
            "insert into impact_assessment (partner_id, purpose, fields, country, necessity,"
            " impact, measures, owner, valid_from, valid_until, is_fictitious, proposed_by)"
            " values (1, 'collect', '{a}', 'SG', 'n', 'i', 'm', 'o', now(), now() + '1 day',"
            " false, 'l')"
        )


def test_made_up_assessments_count_only_where_everybody_is_made_up(database: Database) -> None:
    fields = fields_of_partner(rulebook_in_force(), "lake", "bikes")[people.COLLECT]
    assert people.assess_fictitious(bikes(), people.COLLECT, sorted(fields)) is not None
    assert people.assess_fictitious(bikes(), people.COLLECT, sorted(fields)) is None
    with bulk_transaction() as cursor:
        now_us = time.time_ns() // 1_000
        assert people.coverage(cursor, bikes(), people.COLLECT, now_us).covers(fields)
        cursor.connection.rollback()
    database.turn("live")
    with bulk_transaction() as cursor:
        assert not people.coverage(cursor, bikes(), people.COLLECT, now_us).covers(fields)
    with pytest.raises(Problem, match=r"people\.installation_live"):
        people.assess_fictitious(bikes(), people.COLLECT, sorted(fields))
