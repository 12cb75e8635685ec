"""Two persons put a version into force; the database holds them to it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import psycopg
import pytest
from django.db import IntegrityError, connection, connections, transaction

from catalogue.lake_files import LAKE, SECOND_LAKE, WALK, Edit
from clean_database import Database
from tanzhang.apps.catalogue.api import (
    RulesChange,
    approve_activation,
    load_catalogue,
    pending_versions,
    propose_activation,
    refuse_activation,
    rulebook_in_force,
    withdraw_activation,
)
from tanzhang.apps.catalogue.models import Activation, ActivationDecision
from tanzhang.engine.packs import PackLibrary, default_folder, load_packs
from tanzhang.engine.packs.tree import day_of
from tanzhang.engine.rules import FOR_EVER
from tanzhang.problems import Problem

pytestmark = pytest.mark.database

NEW_YEAR, MARCH = day_of("2026-01-01"), day_of("2026-03-01")


def walking() -> list[tuple[str, int, int]]:
    """Versions of walking in force, with their days."""
    versions = rulebook_in_force().rulebook.packs["hankou-walk"]
    return [(v.version, v.valid_from, v.valid_to) for v in versions]


def refusal(action: Callable[[], object]) -> str:
    with pytest.raises(Problem) as refused:
        action()
    assert refused.value.text("zh")
    assert refused.value.text("en")
    return refused.value.code


@pytest.fixture
def proposed(lake: None, second_walk: PackLibrary) -> int:
    """Ling proposed the second version of walking from March on."""
    load_catalogue(second_walk, ["lake"])
    return propose_activation(["hankou-walk@2"], from_day=MARCH, by="Ling", note="halved")


def test_an_empty_catalogue_is_activated_by_the_installation(lake: None) -> None:
    (decision,) = ActivationDecision.objects.all()
    assert (decision.decision, decision.proposed_by) == ("installed", "installation")
    assert walking() == [("1", day_of("2019-01-01"), FOR_EVER)]


def test_what_is_loaded_later_waits(lake: None, second_walk: PackLibrary) -> None:
    before = rulebook_in_force().rulebook
    loaded = load_catalogue(second_walk, ["lake"])
    assert (loaded.new, loaded.ended, loaded.installed) == (("hankou-walk@2",), (), False)
    assert rulebook_in_force().rulebook == before


def test_a_proposal_changes_nothing_and_an_approval_does(proposed: int) -> None:
    assert walking() == [("1", day_of("2019-01-01"), FOR_EVER)]
    change = approve_activation(proposed, by="Bo")
    assert walking() == [("1", day_of("2019-01-01"), MARCH), ("2", MARCH, FOR_EVER)]
    assert change == RulesChange(frozenset({"hankou-walk"}), frozenset(), MARCH, FOR_EVER)


def test_a_version_does_not_count_before_its_own_first_day(
    lake: None, second_walk: PackLibrary
) -> None:
    load_catalogue(second_walk, ["lake"])
    early = propose_activation(["hankou-walk@2"], from_day=NEW_YEAR - 400, by="Ling")
    assert approve_activation(early, by="Bo").from_day == NEW_YEAR
    assert walking()[1] == ("2", NEW_YEAR, FOR_EVER)


@pytest.mark.parametrize("name", ["Ling", " ling ", "LING"])
def test_nobody_decides_her_own_proposal(proposed: int, name: str) -> None:
    assert refusal(lambda: approve_activation(proposed, by=name)) == "catalogue.same_person"
    assert refusal(lambda: refuse_activation(proposed, by=name)) == "catalogue.same_person"
    assert len(walking()) == 1


@pytest.mark.parametrize("name", ["", "  ", "installation", "Installation"])
def test_a_decision_needs_a_persons_name(proposed: int, name: str) -> None:
    assert refusal(lambda: approve_activation(proposed, by=name)) == "catalogue.person_missing"
    versions, day = ["hankou-walk@1"], NEW_YEAR
    assert (
        refusal(lambda: propose_activation(versions, from_day=day, by=name))
        == "catalogue.person_missing"
    )


def test_a_refused_proposal_never_comes_into_force(proposed: int) -> None:
    refuse_activation(proposed, by="Bo", note="too early")
    assert len(walking()) == 1
    assert refusal(lambda: approve_activation(proposed, by="Cy")) == "catalogue.proposal_decided"


def test_only_the_proposer_withdraws(proposed: int) -> None:
    assert refusal(lambda: withdraw_activation(proposed, by="Bo")) == "catalogue.other_person"
    withdraw_activation(proposed, by="ling")
    assert refusal(lambda: approve_activation(proposed, by="Bo")) == "catalogue.proposal_decided"
    again = propose_activation(["hankou-walk@2"], from_day=MARCH, by="Bo")
    approve_activation(again, by="Ling")
    assert len(walking()) == 2


def test_an_unknown_proposal_is_refused(lake: None) -> None:
    assert refusal(lambda: approve_activation(99, by="Bo")) == "catalogue.proposal_unknown"


def test_a_version_waits_in_one_proposal_at_a_time(proposed: int) -> None:
    assert (
        refusal(lambda: propose_activation(["hankou-walk@2"], from_day=NEW_YEAR, by="Bo"))
        == "catalogue.proposal_open"
    )


@pytest.mark.parametrize(
    ("version", "code"),
    [
        ("hankou-walk@3", "catalogue.version_unknown"),
        ("lake@3", "catalogue.version_unknown"),
        ("sea@1", "catalogue.version_unknown"),
        ("hankou-walk@1", "catalogue.activation_without_effect"),
        ("lake@1", "catalogue.activation_without_effect"),
        ("meituan-bike@1", "catalogue.activation_without_effect"),
    ],
)
def test_a_proposal_is_about_something(lake: None, version: str, code: str) -> None:
    assert refusal(lambda: propose_activation([version], from_day=MARCH, by="Ling")) == code


def test_an_earlier_day_than_a_versions_own_changes_nothing(lake: None) -> None:
    assert (
        refusal(lambda: propose_activation(["meituan-bike@1"], from_day=0, by="Ling"))
        == "catalogue.activation_without_effect"
    )


def test_a_version_that_ended_before_cannot_be_activated(lake: None, edited: Edit) -> None:
    dated = "valid_from: 2019-01-01\nvalid_to: 2025-01-01"
    load_catalogue(edited(WALK, "valid_from: 2019-01-01", dated), ["lake"])
    assert (
        refusal(lambda: propose_activation(["hankou-walk@1"], from_day=NEW_YEAR, by="Ling"))
        == "catalogue.activation_without_days"
    )


def test_a_scene_is_connected_only_with_a_methodology_in_force(lake: None, folder: Path) -> None:
    """The files are sound; but nobody activated the pack of the new scene yet."""
    ebike = "methodologies/meituan-ebike"
    shutil.copytree(default_folder() / ebike, folder / ebike)
    second = SECOND_LAKE.replace("pack: meituan-bike", "pack: meituan-ebike")
    file = folder / LAKE
    file.write_text(file.read_text(encoding="utf-8").rstrip() + second, encoding="utf-8")
    load_catalogue(load_packs(folder), ["lake"])
    assert pending_versions("lake") == ["meituan-ebike@1", "lake@2"]
    assert (
        refusal(lambda: propose_activation(["lake@2"], from_day=MARCH, by="Ling"))
        == "catalogue.scene_not_in_force"
    )
    number = propose_activation(pending_versions("lake"), from_day=MARCH, by="Ling")
    approve_activation(number, by="Bo")
    assert pending_versions("lake") == []
    assert rulebook_in_force().programme("lake").versions[1].scenes == {"bike": "meituan-ebike"}


def test_what_was_only_reviewed_is_not_activated(lake: None, folder: Path) -> None:
    ebike = folder / "methodologies" / "meituan-ebike"
    shutil.copytree(default_folder() / "methodologies" / "meituan-ebike", ebike)
    text = (ebike / "pack.yaml").read_text(encoding="utf-8")
    text = text.replace("status: published", "status: reviewed")
    (ebike / "pack.yaml").write_text(text, encoding="utf-8")
    load_catalogue(load_packs(folder), ["lake"])
    assert (
        refusal(lambda: propose_activation(["meituan-ebike@1"], from_day=MARCH, by="Ling"))
        == "catalogue.version_unpublished"
    )


def test_a_proposal_without_versions_is_refused(lake: None) -> None:
    assert (
        refusal(lambda: propose_activation([], from_day=MARCH, by="Ling"))
        == "catalogue.version_unknown"
    )


def test_a_programmes_newer_version_takes_over_on_its_day(
    lake: None, second_lake: PackLibrary
) -> None:
    assert load_catalogue(second_lake, ["lake"]).ended == ()
    number = propose_activation(["lake@2"], from_day=MARCH, by="Ling")
    change = approve_activation(number, by="Bo")
    assert change == RulesChange(frozenset(), frozenset({"lake"}), MARCH, FOR_EVER)
    first, second = rulebook_in_force().programme("lake").versions
    assert (first.version, first.valid_to) == ("1", MARCH)
    assert (second.version, second.valid_from, second.valid_to) == ("2", MARCH, FOR_EVER)
    assert rulebook_in_force().planned_scenes("lake", "2") == ("walk",)
    assert rulebook_in_force().planned_scenes("lake", "1") == ()


def test_an_activation_may_be_moved_to_an_earlier_day(proposed: int) -> None:
    approve_activation(proposed, by="Bo")
    earlier = propose_activation(["hankou-walk@2"], from_day=NEW_YEAR + 9, by="Bo")
    change = approve_activation(earlier, by="Ling")
    assert (change.from_day, change.to_day) == (NEW_YEAR + 9, MARCH)
    assert walking()[1][1] == NEW_YEAR + 9
    later = ["hankou-walk@2"], MARCH
    assert (
        refusal(lambda: propose_activation(later[0], from_day=later[1], by="Bo"))
        == "catalogue.activation_without_effect"
    )


def test_two_who_approve_at_once_decide_once(proposed: int) -> None:
    """The second waits for the first, and then finds the proposal decided."""
    found: list[str] = []

    def decide(name: str) -> None:
        try:
            approve_activation(proposed, by=name)
            found.append("approved")
        except Problem as problem:
            found.append(problem.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=decide, args=[name]) for name in ("Bo", "Cy", "Di")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == ["approved", *["catalogue.proposal_decided"] * 2]
    assert len(walking()) == 2


def test_an_approval_waits_for_whoever_is_changing_the_catalogue(
    proposed: int, second_walk: PackLibrary
) -> None:
    decided = threading.Event()

    def decide() -> None:
        approve_activation(proposed, by="Bo")
        decided.set()
        connections.close_all()

    waiting = threading.Thread(target=decide)
    with transaction.atomic():
        load_catalogue(second_walk, ["lake"])
        waiting.start()
        assert not decided.wait(0.3)
    waiting.join()
    assert decided.is_set()


def decide(proposal_id: int, decision: str, proposed_by: str, decided_by: str) -> None:
    """A decision written past the code."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "insert into activation_decision"
            " (activation_id, decision, proposed_by, decided_by, note) values (%s, %s, %s, %s, '')",
            [proposal_id, decision, proposed_by, decided_by],
        )


@pytest.mark.parametrize(
    ("decision", "proposed_by", "decided_by", "constraint"),
    [
        ("approved", "Ling", "Ling", "activation_decision_two_persons"),
        ("approved", "Ling", " LING", "activation_decision_two_persons"),
        ("refused", "Ling", "ling", "activation_decision_two_persons"),
        ("approved", "Ling", "installation", "activation_decision_two_persons"),
        ("withdrawn", "Ling", "Bo", "activation_decision_own_withdrawal"),
        ("approved", "Bo", "Ling", "activation_decision_proposer"),
        ("approved", "Ling", " ", "activation_decision_names_decider"),
        ("perhaps", "Ling", "Bo", "activation_decision_known"),
        ("installed", "Ling", "installation", "activation_decision_installed"),
    ],
)
def test_the_database_itself_asks_for_two_persons(
    proposed: int, decision: str, proposed_by: str, decided_by: str, constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        decide(proposed, decision, proposed_by, decided_by)
    decide(proposed, "approved", "Ling", "Bo")
    with pytest.raises(IntegrityError, match="pkey"):
        decide(proposed, "refused", "Ling", "Cy")


def test_the_database_takes_one_installation(lake: None) -> None:
    another = Activation.objects.create(from_day=0, proposed_by="installation", note="")
    with pytest.raises(IntegrityError, match="activation_decision_installed_once"):
        decide(another.id, "installed", "installation", "installation")


@pytest.mark.parametrize("table", ["activation", "activation_item", "activation_decision"])
@pytest.mark.parametrize("statement", ["delete from {}", "update {} set activation_id = 1"])
def test_what_was_proposed_and_decided_stays(
    lake: None, database: Database, table: str, statement: str
) -> None:
    written = statement.format(table).replace("activation set activation_id", "activation set id")
    with (
        database.connect("app") as app,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        app.execute(written.encode())


@pytest.mark.parametrize("table", ["activation", "activation_item", "activation_decision"])
@pytest.mark.parametrize("statement", ["delete from {}", "update {} set note = ''"])
def test_it_stays_for_the_owner_too(
    lake: None, database: Database, table: str, statement: str
) -> None:
    written = statement.format(table).replace("item set note = ''", 'item set "end" = 0')
    with (
        database.connect("owner") as owner,
        pytest.raises(psycopg.errors.CheckViolation, match="what was proposed and decided stays"),
    ):
        owner.execute(written.encode())


#: One version more in a proposal, written past the code.
LATE_ITEM = (
    'insert into activation_item ("end", activation_id, programme_version_id)'
    " select 20000, {}, min(id) from programme_version"
)
DECISION = (
    "insert into activation_decision (activation_id, decision, proposed_by, decided_by, note)"
    " values ({}, 'approved', 'Ling', 'Bo', '')"
)


@pytest.mark.parametrize("how", [approve_activation, refuse_activation])
def test_a_decided_proposal_takes_no_more_items(
    how: Callable[..., object], proposed: int, database: Database
) -> None:
    how(proposed, by="Bo")
    before = rulebook_in_force().rulebook
    for role in ("app", "owner"):
        with (
            database.connect(role) as late,
            pytest.raises(psycopg.errors.CheckViolation, match="takes no more items"),
        ):
            late.execute(LATE_ITEM.format(proposed).encode())
    assert rulebook_in_force().rulebook == before


@pytest.mark.parametrize(
    ("first", "second"), [(DECISION, LATE_ITEM), (LATE_ITEM, DECISION)], ids=["late", "early"]
)
def test_an_item_and_a_decision_wait_for_each_other(
    first: str, second: str, proposed: int, database: Database
) -> None:
    with database.connect("app") as one, database.connect("app") as other:
        one.execute(first.format(proposed).encode())
        other.execute("set lock_timeout = '100ms'")
        other.commit()
        with pytest.raises(psycopg.errors.LockNotAvailable):
            other.execute(second.format(proposed).encode())


def test_what_was_loaded_before_activations_existed_is_in_force_after_the_migration(
    lake: None, database: Database
) -> None:
    before = rulebook_in_force().rulebook
    migration = import_module("tanzhang.apps.catalogue.migrations.0002_activation")
    with database.connect("owner") as owner:
        owner.execute("truncate activation_decision, activation_item, activation")
    assert rulebook_in_force().rulebook.programmes == {}
    with database.connect("owner") as owner:
        owner.execute(migration.IN_FORCE_ALREADY.encode())
    assert rulebook_in_force().rulebook == before
