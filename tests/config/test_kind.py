"""An empty installation becomes what is wanted of it; one with people stays what it is."""

from __future__ import annotations

from datetime import date

import pytest

from clean_database import Database
from tanzhang.apps.people.api import installation
from tanzhang.config.kind import admit_fictitious_people
from tanzhang.problems import Problem
from tanzhang.workbench.city import City
from tanzhang.workbench.city.residents import enrol_residents

pytestmark = pytest.mark.database


def refused() -> str:
    with pytest.raises(Problem) as problem:
        admit_fictitious_people()
    return problem.value.code


@pytest.mark.parametrize(("sandbox", "kind"), [("0", "demonstration"), ("1", "sandbox")])
def test_an_empty_live_installation_is_marked(
    database: Database, monkeypatch: pytest.MonkeyPatch, sandbox: str, kind: str
) -> None:
    monkeypatch.setenv("TANZHANG_SANDBOX", sandbox)
    database.turn("live")
    for _ in range(2):
        admit_fictitious_people()
        assert installation().kind == kind


def test_a_sandbox_and_a_demonstration_do_not_serve_for_each_other(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.turn("sandbox")
    assert refused() == "people.installation_other_kind"
    monkeypatch.setenv("TANZHANG_SANDBOX", "1")
    admit_fictitious_people()


@pytest.mark.usefixtures("river")
def test_where_people_may_be_real_nobody_fictitious_moves_in(database: Database) -> None:
    database.turn("live")
    assert refused() == "people.installation_live"
    with pytest.raises(Problem) as problem:
        enrol_residents(City(seed=1, citizens=3, days=1, start=date(2026, 3, 2)), "river")
    assert problem.value.code == "people.installation_live"
    assert installation().kind == "live"
