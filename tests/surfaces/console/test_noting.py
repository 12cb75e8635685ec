"""Whoever opens a page about a person at the console is written down for her."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from surfaces.console.desk import sit_down
from tanzhang.apps.activities.api import AppealAbout, appeal, find_event
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people
from tanzhang.apps.people.api import AccountEntry

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("acts")]


def ada() -> AccountEntry:
    found = people.account("river-ada")
    assert found is not None
    return found


def readings() -> list[tuple[str, str, tuple[str, ...]]]:
    with bulk_transaction() as cursor:
        found = people.readers_of(cursor, ada().subject_id, {}, before=datetime.now(UTC), lines=10)
    return [(line.reader, line.purpose, tuple(line.fields)) for line in found.lines]


def test_a_page_of_the_account_is_noted_with_role_and_log_in() -> None:
    sit_down("wang", "operator").reads("accounts/river-ada/")
    assert readings() == [("operator:wang", "look", ("account", "acts", "consents"))]


def test_a_page_of_an_act_is_noted_for_whoever_did_it() -> None:
    sit_down("li", "auditor").reads("acts/bikes:r1/")
    assert readings() == [("auditor:li", "look", ("act",))]


def test_opening_an_appeal_is_noted() -> None:
    key = find_event("bikes:r1")
    number = appeal(ada(), key, AppealAbout.ACT, "why?")
    sit_down("zhao", "operator").reads(f"appeals/{number}/")
    assert readings() == [("operator:zhao", "appeal", ("appeal", "act"))]


def test_lists_that_show_no_single_person_are_not_noted() -> None:
    wang = sit_down("wang", "operator")
    wang.reads("accounts/")
    wang.reads("appeals/")
    assert readings() == []
