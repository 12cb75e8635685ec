"""An installation has a public name and a kind that it keeps once somebody has an account."""

from __future__ import annotations

from importlib import import_module

import psycopg
import pytest
from apps_world import RECEIVED_US, report, ride
from people_world import assess, opening

from clean_database import Database
from tanzhang.apps.activities.api import accept
from tanzhang.apps.people import api as people
from tanzhang.apps.people.api import Kind
from tanzhang.problems import Problem

pytestmark = pytest.mark.database


def test_its_public_name_stays_and_gives_nothing_of_the_secret_away() -> None:
    here = people.installation()
    assert len(here.id_text) == 16
    assert bytes.fromhex(here.id_text) not in people.installation_secret()
    assert people.installation() == here


def test_an_empty_live_installation_is_marked_once(database: Database) -> None:
    database.turn("live")
    assert not people.installation().is_fictitious
    with database.connect("owner") as owner:
        assert people.mark_installation(owner, Kind.SANDBOX)
        assert not people.mark_installation(owner, Kind.DEMONSTRATION)
    assert people.installation().kind is Kind.SANDBOX
    assert people.installation().is_fictitious


@pytest.mark.usefixtures("lake")
def test_with_an_account_it_keeps_its_kind_whoever_asks(database: Database) -> None:
    assert not people.installation().has_accounts()
    people.open_account(opening("ada"))
    assert people.installation().has_accounts()
    database.turn("live")
    with database.connect("owner") as owner:
        assert not people.mark_installation(owner, Kind.DEMONSTRATION)
        with pytest.raises(psycopg.errors.CheckViolation):
            owner.execute("update installation set kind = 'demonstration'")


@pytest.mark.usefixtures("lake")
@pytest.mark.parametrize("fictitious", [True, False])
def test_a_database_of_before_is_what_its_people_are(database: Database, fictitious: bool) -> None:
    if fictitious:
        accept(
            report(ride()), partner="bikes", programme="lake", received_us=RECEIVED_US, enrol=True
        )
    else:
        people.open_account(opening("ada"))
    database.turn("live")
    migration = import_module("tanzhang.apps.people.migrations.0003_kind")
    with database.connect("owner") as owner:
        owner.execute("alter table installation disable trigger user")  # it comes after the mark
        owner.execute(migration.MARK)
        owner.execute("alter table installation enable trigger user")
    assert people.installation().is_fictitious == fictitious


def test_the_app_cannot_mark_it(database: Database) -> None:
    with (
        database.connect("app") as app,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        app.execute("update installation set kind = 'sandbox'")


@pytest.mark.usefixtures("lake")
def test_nobody_is_enrolled_by_being_mentioned_where_people_are_real(database: Database) -> None:
    database.turn("live")
    assess("bikes")
    with pytest.raises(Problem) as refused:
        accept(
            report(ride()), partner="bikes", programme="lake", received_us=RECEIVED_US, enrol=True
        )
    assert refused.value.code == "people.installation_live"
    assert people.accounts() == []
    account, is_new = people.open_account(opening("ada"))  # she comes herself
    assert is_new
    assert account in people.accounts()
