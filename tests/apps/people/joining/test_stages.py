"""Stages of cohorts and audiences of features: decided by two where it matters, and kept."""

from __future__ import annotations

import psycopg
import pytest
from joining_world import JOINING, programme

from clean_database import Database
from tanzhang.apps.people.joining import stages
from tanzhang.apps.people.joining.stages import StageEntry
from tanzhang.problems import Problem

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]


def move(stage: str, cohort: str = "beta", by: str = "Ling") -> StageEntry:
    return stages.move_cohort(programme(), JOINING, cohort, stage, by=by, note="as planned")


def show(*audience: str, feature: str = "bike-first", by: str = "Ling") -> StageEntry:
    return stages.show_feature(programme(), JOINING, feature, audience, by=by, note="as planned")


def audience(feature: str = "bike-first") -> tuple[str, ...]:
    return stages.stages(programme()).audience(JOINING.features[feature])


def refused(code: str) -> pytest.RaisesExc[Problem]:
    return pytest.raises(Problem, match=rf"joining\.{code}")


def test_a_cohort_begins_announced_opens_closes_and_opens_again() -> None:
    assert stages.stages(programme()).of_cohort("beta") == "announced"
    for stage in ("open", "closed", "open"):
        assert move(stage).decision == "alone"
        assert stages.stages(programme()).of_cohort("beta") == stage
    with refused("stage_out_of_order"):
        move("open")
    with refused("stage_out_of_order"):
        move("announced")
    with refused("cohort_unknown"):
        move("open", cohort="gamma")


def test_that_a_cohort_is_over_takes_two_persons_and_is_final() -> None:
    change = move("everyone")
    assert (change.decision, stages.stages(programme()).of_cohort("beta")) == ("", "announced")
    with refused("same_person"):
        stages.approve_change(change.id, by=" ling ")
    assert audience() == ("beta",)
    stages.approve_change(change.id, by="Mei")
    assert stages.stages(programme()).of_cohort("beta") == "everyone"
    assert audience() == ("everyone",)
    with refused("stage_out_of_order"):
        move("closed")


def test_a_feature_is_shown_to_others_once_a_second_person_approves() -> None:
    change = show("call", "beta")
    assert audience() == ("beta",)
    with refused("change_waits"):
        show("everyone")
    stages.approve_change(change.id, by="Mei", note="fine")
    assert audience() == ("call", "beta")
    with refused("change_without_effect"):
        show("beta", "call")
    with refused("change_decided"):
        stages.refuse_change(change.id, by="Mei")


def test_a_small_feature_needs_one_person() -> None:
    assert show("call", feature="carry").decision == "alone"
    assert audience("carry") == ("call",)


def test_a_change_that_was_refused_or_withdrawn_changes_nothing() -> None:
    stages.refuse_change(show("everyone").id, by="Mei", note="too early")
    with refused("other_person"):
        stages.withdraw_change(show("everyone").id, by="Mei")
    waiting = stages.stage_changes(programme())[0]
    stages.withdraw_change(waiting.id, by="Ling")
    assert audience() == ("beta",)
    assert [entry.decision for entry in stages.stage_changes()] == ["withdrawn", "refused"]


def test_a_change_names_a_known_audience_a_person_and_a_reason() -> None:
    with refused("audience_unknown"):
        show("gamma")
    with refused("audience_unknown"):
        show()
    with refused("audience_unclear"):
        show("everyone", "beta")
    with refused("feature_unknown"):
        show("beta", feature="flying")
    with refused("person_missing"):
        show("everyone", by=" ")
    with refused("note_missing"):
        stages.move_cohort(programme(), JOINING, "beta", "open", by="Ling", note=" ")
    with refused("change_unknown"):
        stages.stage_change(999)


def test_the_database_itself_lets_nobody_approve_her_own_change(database: Database) -> None:
    change = show("everyone")
    with database.connect() as connection, pytest.raises(psycopg.errors.CheckViolation):
        connection.execute(
            "insert into stage_decision (change_id, decision, proposed_by, decided_by, note)"
            " values (%s, 'approved', 'Ling', ' LING', '')",
            [change.id],
        )
    with database.connect() as connection, pytest.raises(psycopg.errors.ForeignKeyViolation):
        connection.execute(
            "insert into stage_decision (change_id, decision, proposed_by, decided_by, note)"
            " values (%s, 'approved', 'Mei', 'Ling', '')",
            [change.id],
        )
