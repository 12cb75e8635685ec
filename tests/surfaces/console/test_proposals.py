"""A version counts once one person proposed it and another one approved it, at the console too."""

from __future__ import annotations

from pathlib import Path

import pytest

from river.programmes import write_folder
from river.rules import another_factor
from surfaces.console.desk import Desk, sit_down
from tanzhang.apps.activities.api import drain, find_event
from tanzhang.apps.catalogue.api import activations, load_catalogue
from tanzhang.engine.packs import load_packs
from tanzhang.surfaces.console.models import Action

pytestmark = pytest.mark.database

PROPOSED = {
    "version": "meituan-bike@2",
    "from_day": "2025-05-01",
    "note": "The new report is out.",
}


@pytest.fixture
def second_version(acts: None, tmp_path: Path) -> None:
    """Version 2 of the bike pack, 61 g/km instead of 48.70, valid from 2025-05-31; loaded only."""
    folder = write_folder(tmp_path / "packs")
    another_factor(folder)
    load_catalogue(load_packs(folder), ["river", "coast"])


@pytest.fixture
def mia(second_version: None) -> Desk:
    return sit_down("mia", "methodologist")


@pytest.fixture
def aron(second_version: None) -> Desk:
    return sit_down("aron", "approver")


def proposed_by(desk: Desk) -> str:
    answer = desk.sends("proposals/make/", PROPOSED)
    assert answer.status == 302, answer.text
    return answer.location.removeprefix("/console/")


def decision() -> str:
    return activations()[0].decision


def test_a_version_that_is_only_loaded_can_be_proposed_by_those_who_may(
    mia: Desk, aron: Desk
) -> None:
    page = mia.reads("packs/meituan-bike/", version="2")
    assert "loaded" in page.text and "Propose this version" in page.text
    assert "Propose this version" not in aron.reads("packs/meituan-bike/", version="2").text
    assert "Propose this version" not in mia.reads("packs/meituan-bike/", version="1").text


def test_a_proposal_says_what_it_changes_before_anybody_decides(mia: Desk, aron: Desk) -> None:
    page = aron.reads(proposed_by(mia))
    assert "48.70" in page.text and "61" in page.text
    assert "Beside meituan-bike@1, which is in force." in page.text
    assert "48.7 g" in page.text and "61 g" in page.text  # its example of one kilometre
    assert "mia made the proposal" in page.text and "The new report is out." in page.text
    assert decision() == ""


def test_the_start_page_calls_those_who_may_decide_and_nobody_else(mia: Desk, aron: Desk) -> None:
    proposed_by(mia)
    assert "meituan-bike@2" in aron.reads("").text
    assert "meituan-bike@2" not in mia.reads("").text
    assert "meituan-bike@2" not in sit_down("rita", "reader").reads("").text


def test_another_person_approves_and_it_is_in_force(mia: Desk, aron: Desk) -> None:
    path = proposed_by(mia)
    answer = aron.sends(f"{path}approve/", {"note": "Checked against the report."})
    assert answer.status == 302
    assert decision() == "approved"
    page = aron.reads(path)
    assert "It is in force." in page.text and "aron approved the proposal" in page.text
    assert "Checked against the report." in page.text
    standing = sit_down("rita", "reader").reads("packs/meituan-bike/", version="2").text
    assert "meituan-bike@2 Standing in force" in standing


def test_acts_of_past_days_are_settled_again_and_their_story_says_so(mia: Desk, aron: Desk) -> None:
    from river.reports import act, hand_in

    hand_in(act("summer", "06-10 08:00"))
    drain()
    path = proposed_by(mia)
    aron.sends(f"{path}approve/", {"note": "Checked."})
    assert "Acts that are being settled again: 1." in aron.reads(path).text
    drain()
    page = aron.reads("acts/bikes:summer/").text
    assert "its outcome changed (the rules changed): +24.6 g" in page
    assert find_event("bikes:summer") is not None and "So 122 g" in page


def test_the_same_person_is_refused_whatever_her_roles(second_version: None) -> None:
    both = sit_down("mia", "methodologist", "approver")
    path = proposed_by(both)
    assert "You proposed this yourself: another person has to decide." in both.reads(path).text
    for verb in ("approve", "decline"):
        answer = both.sends(f"{path}{verb}/", {"note": "I am sure."})
        assert answer.status == 409 and "mia" in answer.text
        assert "catalogue.same_person" in answer.text
    assert decision() == ""
    assert list(Action.objects.values_list("verb", flat=True)) == ["proposed"]


def test_a_superuser_is_one_person_too(second_version: None) -> None:
    root = sit_down("root", superuser=True)
    path = proposed_by(root)
    assert root.sends(f"{path}approve/", {"note": "Mine."}).status == 409
    assert decision() == ""


def test_another_person_declines_for_good(mia: Desk, aron: Desk) -> None:
    path = proposed_by(mia)
    aron.sends(f"{path}decline/", {"note": "The source is not public."})
    assert decision() == "refused"
    assert aron.sends(f"{path}approve/", {"note": "After all."}).status == 409
    assert "The source is not public." in mia.reads(path).text


def test_the_proposer_withdraws_her_own(mia: Desk, aron: Desk) -> None:
    path = proposed_by(mia)
    assert "Withdraw it" in mia.reads(path).text
    assert "Withdraw it" not in aron.reads(path).text
    mia.sends(f"{path}withdraw/", {"note": "A typing slip."})
    assert decision() == "withdrawn"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"note": ""}, "The reason is empty."),
        ({"from_day": "soon"}, "“soon” is not a day."),
        ({"version": "meituan-bike@9"}, "meituan-bike@9"),
    ],
)
def test_a_proposal_that_cannot_be_is_refused_in_words(
    mia: Desk, change: dict[str, str], said: str
) -> None:
    answer = mia.sends("proposals/make/", PROPOSED | change)
    assert answer.status in (404, 409) and said in answer.text
    assert not Action.objects.exists()


def test_the_refusal_is_told_in_chinese(second_version: None) -> None:
    both = sit_down("mia", "methodologist", "approver", lang="zh-hans")
    path = proposed_by(both)
    answer = both.sends(f"{path}approve/", {"note": "确定"})
    assert answer.status == 409 and "另一" in answer.text
