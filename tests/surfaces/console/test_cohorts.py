"""Cohorts and features at the console: one asks, another approves, and both are written down."""

from __future__ import annotations

import re

import pytest

from surfaces.console.desk import sit_down
from tanzhang.apps.catalogue.api import load_catalogue, rulebook_in_force
from tanzhang.apps.people.api import hidden_from
from tanzhang.engine.packs import PackLibrary, load_packs

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("citic")]


@pytest.fixture(scope="module")
def library() -> PackLibrary:
    return load_packs()


@pytest.fixture
def citic(database: object, library: PackLibrary) -> None:
    load_catalogue(library, ["citic"])


def waiting(page: str) -> str:
    """The number of the change that a page says is waiting."""
    (number,) = re.findall(r"Change (\d+) waits for a decision", page)
    return str(number)


def is_hidden() -> bool:
    rules = rulebook_in_force()
    joining = rules.programme_file("citic").joining
    return "carrying" in hidden_from(rules.programme_ids["citic"], joining, None).pages


def test_a_reader_sees_who_sees_what_and_changes_nothing() -> None:
    desk = sit_down("somebody", "reader")
    assert "CITIC Carbon Account (demonstration) 1 1" in desk.reads("cohorts/").text
    page = desk.reads("cohorts/citic/").text
    assert "Trying what is new beta announced" in page
    assert "carrying acts to another place carrying page carrying everyone 2" in page
    assert "Why?" not in page
    asked = {"feature": "carrying", "audience": "beta", "note": "x"}
    assert desk.sends("cohorts/citic/show/", asked).status == 403


def test_a_feature_is_shown_to_fewer_once_another_person_approves() -> None:
    ling, mei = sit_down("ling", "operator", "approver"), sit_down("mei", "approver")
    asked = {"feature": "carrying", "audience": "beta"}
    assert ling.sends("cohorts/citic/show/", asked | {"note": " "}).status == 409
    assert ling.sends("cohorts/citic/show/", asked | {"note": "a fault"}).status == 302
    page = ling.reads("cohorts/citic/").text
    assert "waits for a decision" in page and "another person has to decide" in page
    assert not is_hidden()
    number = waiting(page)
    assert ling.sends(f"cohorts/citic/{number}/approve/", {"note": "yes"}).status == 409
    assert mei.sends(f"cohorts/citic/{number}/approve/", {"note": "seen"}).status == 302
    assert is_hidden()
    done = sit_down("nosy", "auditor").reads("actions/").text
    assert f"ling proposed change {number} of who sees what first." in done
    assert f"mei approved change {number} of who sees what first." in done


def test_a_cohort_is_opened_by_one_and_ended_by_two() -> None:
    ling, mei = sit_down("ling", "operator"), sit_down("mei", "approver")
    move = {"cohort": "beta", "note": "as planned"}
    assert ling.sends("cohorts/citic/move/", move | {"stage": "open"}).status == 302
    assert "Trying what is new beta taking people" in ling.reads("cohorts/citic/").text
    assert ling.sends("cohorts/citic/move/", move | {"stage": "everyone"}).status == 302
    number = waiting(ling.reads("cohorts/citic/").text)
    assert mei.sends(f"cohorts/citic/{number}/decline/", {"note": "too early"}).status == 302
    ling.sends("cohorts/citic/move/", move | {"stage": "everyone"})
    number = waiting(ling.reads("cohorts/citic/").text)
    assert ling.sends(f"cohorts/citic/{number}/withdraw/", {"note": "later"}).status == 302
    assert "beta taking people" in ling.reads("cohorts/citic/").text
