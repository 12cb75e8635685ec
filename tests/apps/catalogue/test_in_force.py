"""What is in force decides at the door and in settlement."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from apps_world import PROGRAMME, RECEIVED_US, instant, report, ride

from tanzhang.apps.activities.api import Acceptance, accept, change_rules, drain, statement
from tanzhang.apps.catalogue import in_force
from tanzhang.apps.catalogue.api import (
    RulesInForce,
    approve_activation,
    load_catalogue,
    loaded_programme,
    propose_activation,
    rulebook_in_force,
)
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners.api import partner
from tanzhang.apps.people.api import accounts, enrol, installation_secret, person_refs
from tanzhang.engine.packs import PackLibrary, load_packs
from tanzhang.engine.packs.tree import day_of
from tanzhang.problems import Problem, sentences

pytestmark = pytest.mark.database

MAY = day_of("2024-05-01")

HILL = PROGRAMME.replace("id: lake", "id: hill").replace("bikes", "hill-bikes")
HILL = HILL.replace("bank", "hill-bank")


@pytest.fixture
def hill(lake: None, folder: Path) -> None:
    """A second programme, loaded beside the lake and in force for nobody."""
    home = folder / "programmes" / "hill"
    home.mkdir()
    (home / "programme.yaml").write_text(HILL, encoding="utf-8")
    load_catalogue(load_packs(folder), ["lake", "hill"])


def activate(version: str, from_day: int) -> None:
    number = propose_activation([version], from_day=from_day, by="Ling")
    change_rules(lambda: [approve_activation(number, by="Bo")])


def told(
    *rows: dict[str, Any], programme: str = "hill", reporter: str = "hill-bikes"
) -> Acceptance:
    return accept(
        report(*rows),
        partner=reporter,
        programme=programme,
        received_us=RECEIVED_US + 1_000_000_000_000_000,
        enrol=True,
    )


def outcomes() -> dict[int, tuple[str, str | None]]:
    """Status and reason of every act, by its start."""
    rules = rulebook_in_force()
    return {
        line.started_us: (line.status, line.reason)
        for account in accounts()
        for line in statement(account, rules).events
    }


def test_what_another_thread_puts_aside_meanwhile_is_given_all_the_same(
    lake: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Shared(dict[tuple[object, ...], RulesInForce]):
        def __contains__(self, key: object) -> bool:
            is_there = super().__contains__(key)
            self.clear()  # as a thread does that has just read newer rules
            return is_there

    known = rulebook_in_force()
    monkeypatch.setattr(in_force, "_cached", Shared(in_force._cached))
    assert rulebook_in_force() is known


def test_a_programme_that_nobody_activated_accepts_nothing(hill: None) -> None:
    with pytest.raises(Problem) as refused:
        told(ride())
    assert refused.value.code == "catalogue.programme_unknown"


@pytest.fixture
def ada(hill: None) -> None:
    """A citizen who joined the hill, and consented, long before it was activated."""
    entry = partner("hill-bikes")
    with bulk_transaction() as cursor:
        enrol(
            cursor,
            partner_id=entry.id,
            programme_id=entry.programme_id,
            refs=person_refs(installation_secret(), "hill-bikes", ["ada"]),
            account_handles=["hill-ada"],
            joined_day=MAY - 90,
            consent_from_us=instant("2024-01-01 00:00"),
        )


def test_an_act_before_the_activation_is_rejected_with_that_reason(ada: None) -> None:
    activate("hill@1", MAY)
    before, after = instant("2024-04-30 12:00"), instant("2024-05-01 12:00")
    verdicts = told(ride("early", started_us=before), ride("late", started_us=after)).counts
    drain()
    assert verdicts["accepted"] == 2
    assert outcomes() == {before: ("rejected", "before_activation"), after: ("credited", "none")}


def test_an_earlier_activation_settles_again_what_was_rejected(ada: None) -> None:
    activate("hill@1", MAY)
    early = instant("2024-04-30 12:00")
    told(ride("early", started_us=early))
    drain()
    activate("hill@1", MAY - 30)
    drain()
    assert outcomes() == {early: ("credited", "none")}


def test_a_planned_scene_is_refused_at_the_door_with_that_reason(
    lake: None, second_lake: PackLibrary
) -> None:
    load_catalogue(second_lake, ["lake"])
    activate("lake@2", day_of("2026-01-01"))
    walks = [
        ride(f"walk-{year}", scene="walk", in_steps=5000, in_distance_m=None)
        | {"started_us": instant(f"{year}-02-01 08:00"), "ended_us": instant(f"{year}-02-01 09:00")}
        for year in (2025, 2026)
    ]
    strange = ride("strange", scene="swim")
    found = told(*walks, strange, programme="lake", reporter="bikes").verdicts
    assert found["code"].to_list() == [None, "scene_not_connected", "scene_unknown"]
    assert sentences()["door.scene_not_connected"]["zh"]["what"]


def test_a_scene_has_its_title_whatever_version_it_is_in(
    lake: None, second_lake: PackLibrary
) -> None:
    load_catalogue(second_lake, ["lake"])
    rules = rulebook_in_force()
    assert rules.scene_title("lake", "bill").en == "paying bills"
    assert list(rules.programme_file("lake").scenes) == ["1"]
    assert list(loaded_programme("lake").scenes) == ["1", "2"]
