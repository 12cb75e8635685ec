"""A scene that some people try first takes nobody else's acts, until the moment it is opened."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from apps_world import RECEIVED_US, report, ride

from tanzhang.apps.activities.api import accept
from tanzhang.apps.catalogue.api import load_catalogue, rulebook_in_force
from tanzhang.apps.people import api as people
from tanzhang.engine.packs import load_packs
from tanzhang.engine.packs.joining.section import Joining

pytestmark = [pytest.mark.database]

SECTION = """
joining:
  lists:
    testers: {title: {zh: 名单, en: testers}, by: person, partner: bikes}
  cohorts:
    beta:
      title: {zh: 内测, en: beta}
      about: {zh: 先试, en: first}
      list: testers
  features:
    riding: {title: {zh: 骑行, en: riding}, scene: bike, audience: [beta]}
"""


@pytest.fixture
def trial(database: object, packs_folder: Path, tmp_path: Path) -> Joining:
    """The lake, where riding is tried by a few; ada, who is one of them, and bo, who is not."""
    folder = tmp_path / "packs"
    shutil.copytree(packs_folder, folder)
    file = folder / "programmes" / "lake" / "programme.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("versions:", SECTION.lstrip() + "versions:"), encoding="utf-8")
    load_catalogue(load_packs(folder), ["lake"])
    walk = {"scene": "walk", "in_distance_m": None, "in_steps": 9000}
    rows = [
        ride("w1", **walk), ride("w2", **walk, person="bo"),
    ]  # fmt: skip
    accept(report(*rows), partner="bikes", programme="lake", received_us=RECEIVED_US, enrol=True)
    joining = rulebook_in_force().programme_file("lake").joining
    lake = rulebook_in_force().programme_ids["lake"]
    people.load_list(lake, joining.lists["testers"], ["ada"])
    people.move_cohort(lake, joining, "beta", "open", by="Ling", note="begin")
    ada = people.account_by_ref(
        bikes(), people.person_refs(people.installation_secret(), "bikes", ["ada"])[0]
    )
    assert ada is not None
    people.ask_to_enter(ada, joining, "beta", bikes())
    return joining


def bikes() -> int:
    from tanzhang.apps.partners.api import partner

    return partner("bikes").id


def answers(*rows: dict[str, object]) -> list[tuple[str, str | None]]:
    taken = accept(report(*rows), partner="bikes", programme="lake", received_us=RECEIVED_US)
    return [*taken.verdicts.select("verdict", "code").iter_rows()]


def test_only_members_acts_are_taken_and_others_can_be_sent_again(trial: Joining) -> None:
    lake = rulebook_in_force().programme_ids["lake"]
    rows = (ride("r1"), ride("r2", person="bo"))
    assert answers(*rows) == [("accepted", None), ("rejected", "scene_not_open")]
    change = people.show_feature(lake, trial, "riding", ("everyone",), by="Ling", note="go")
    assert answers(rows[1]) == [("rejected", "scene_not_open")]
    people.approve_change(change.id, by="Mei")
    assert answers(*rows) == [("duplicate", "same_content"), ("accepted", None)]


def test_a_withdrawal_and_another_scene_are_taken_from_everybody(trial: Joining) -> None:
    lake = rulebook_in_force().programme_ids["lake"]
    change = people.show_feature(lake, trial, "riding", ("everyone",), by="Ling", note="go")
    people.approve_change(change.id, by="Mei")
    assert answers(ride("r2", person="bo")) == [("accepted", None)]
    back = people.show_feature(lake, trial, "riding", ("beta",), by="Ling", note="a fault")
    people.approve_change(back.id, by="Mei")
    taken_back = ride("r2", person="bo", revision=1, withdrawn=True)
    walk = {"scene": "walk", "in_distance_m": None, "in_steps": 900}
    assert answers(taken_back, ride("w3", person="bo", **walk)) == [
        ("accepted", None),
        ("accepted", None),
    ]
    assert answers(ride("r4", person="bo")) == [("rejected", "scene_not_open")]
