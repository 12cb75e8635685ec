"""A partner's standing is its history's last line, and every line has a reason."""

from __future__ import annotations

import psycopg
import pytest

from clean_database import Database
from tanzhang.apps.partners import api as partners
from tanzhang.apps.partners.api import Standing
from tanzhang.problems import Problem

pytestmark = pytest.mark.database


def test_a_partner_without_history_is_active(bikes: int) -> None:
    assert partners.standing(bikes) is Standing.ACTIVE
    assert partners.standing_changes(bikes) == []
    assert partners.standings() == {}


def test_every_change_is_kept_with_its_reason(bikes: int, bank: int) -> None:
    partners.suspend(bikes, reason="odd reports", by="li")
    partners.resume(bikes, reason="explained", by="wang")
    partners.close(bank, reason="ended", by="li")
    assert [
        (change.standing, change.reason, change.changed_by)
        for change in partners.standing_changes(bikes)
    ] == [("suspended", "odd reports", "li"), ("active", "explained", "wang")]
    assert partners.standing(bikes) is Standing.ACTIVE
    assert partners.standings() == {bikes: Standing.ACTIVE, bank: Standing.CLOSED}


def test_what_does_not_follow_is_refused(bikes: int) -> None:
    with pytest.raises(Problem) as refused:
        partners.resume(bikes, reason="again", by="li")
    assert refused.value.code == "partners.standing_unfit"
    partners.close(bikes, reason="ended", by="li")
    for change in (partners.suspend, partners.resume, partners.close):
        with pytest.raises(Problem) as refused:
            change(bikes, reason="again", by="li")
        assert refused.value.code == "partners.standing_unfit"
    assert len(partners.standing_changes(bikes)) == 1


@pytest.mark.parametrize(
    "statement",
    ["update partner_standing set standing = 'active'", "delete from partner_standing"],
)
def test_history_is_not_rewritten(bikes: int, database: Database, statement: str) -> None:
    partners.suspend(bikes, reason="odd reports", by="li")
    with database.connect("app") as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(statement.encode())
