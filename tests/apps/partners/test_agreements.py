"""Agreements hold for their time, follow each other, end early, and are never changed."""

from __future__ import annotations

from datetime import datetime, timedelta

import psycopg
import pytest
from django.utils import timezone
from partners_world import DAY, NOW, SECOND

from clean_database import Database
from tanzhang.apps.partners import api as partners
from tanzhang.apps.partners.api import AgreementKind, Terms
from tanzhang.problems import Problem

pytestmark = pytest.mark.database

REPORT, READ = AgreementKind.REPORT, AgreementKind.READ_BALANCE
LONG_AGO = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


def missing(partner_id: int, kind: AgreementKind, at: datetime) -> bool:
    """Whether nothing of a kind is agreed on at an instant."""
    try:
        partners.agreement(partner_id, kind, at)
    except Problem as problem:
        assert problem.code == "partners.agreement_missing"
        return True
    return False


def test_whom_a_programmes_file_names_may_report_all_its_scenes_and_nothing_else(
    bikes: int,
) -> None:
    held = partners.agreement(bikes, REPORT, LONG_AGO)
    assert (held.scenes, held.valid_until, held.default_grade) == (None, None, 1)
    assert held.allows("bike")
    assert missing(bikes, READ, NOW)
    assert missing(bikes, AgreementKind.PULL, NOW)


def test_loading_again_agrees_on_nothing_again(bikes: int) -> None:
    [held] = partners.agreements(bikes)
    partners.end_agreement(bikes, held.id, reason="ended", by="li")
    told = partners.partner("bikes")
    partners.ensure_partner(
        "bikes", programme_id=told.programme_id, title_zh="单车", title_en="bikes"
    )
    assert missing(bikes, REPORT, timezone.now())
    assert len(partners.agreements(bikes)) == 1


def test_an_agreement_holds_from_its_first_instant_until_before_its_last(bikes: int) -> None:
    terms = Terms(READ, valid_from=NOW, valid_until=NOW + DAY, text_digest=b"\7" * 32)
    number = partners.agree(bikes, terms, by="li", at=NOW)
    assert missing(bikes, READ, NOW - SECOND)
    held = partners.agreement(bikes, READ, NOW)
    assert (held.id, held.text_digest) == (number, b"\7" * 32)
    assert partners.agreement(bikes, READ, NOW + DAY - SECOND) == held
    assert missing(bikes, READ, NOW + DAY)


@pytest.mark.parametrize("kind", [REPORT, AgreementKind.PULL])
def test_scenes_of_others_need_a_second_person_where_people_may_be_real(
    bikes: int, kind: AgreementKind, database: Database
) -> None:
    def agree(second: str | None, at: datetime = NOW) -> int:
        terms = Terms(kind, ["bike", "walk"], approved_by=second)
        return partners.agree(bikes, terms, by="Li", own_scenes=["bike"], at=at)

    with database.connect("owner") as owner:
        owner.execute("update installation set kind = 'live'")
    for nobody_else in (None, "", " ", "Li", " li "):
        with pytest.raises(Problem, match=r"partners\.approval_missing"):
            agree(nobody_else)
    agree("Wang")
    assert partners.agreement(bikes, kind, NOW).approved_by == "Wang"
    with database.connect("owner") as owner:
        owner.execute("update installation set kind = 'sandbox'")
    agree(None, NOW + DAY)
    assert partners.agreement(bikes, kind, NOW + DAY).approved_by is None


def test_the_grade_of_acts_that_state_none_is_within_the_highest(bikes: int) -> None:
    assert partners.agreement(bikes, REPORT, NOW).most_grade == 3
    with pytest.raises(Problem, match=r"partners\.agreement_grades_crossed"):
        partners.agree(bikes, Terms(REPORT, default_grade=4), by="li", at=NOW)
    partners.agree(bikes, Terms(REPORT, default_grade=4, most_grade=5), by="li", at=NOW)
    assert partners.agreement(bikes, REPORT, NOW).most_grade == 5


def test_a_newer_agreement_takes_the_place_of_the_older_one(bikes: int) -> None:
    [first] = partners.agreements(bikes)
    terms = Terms(REPORT, ["bike"], default_grade=3, items_a_day=10, valid_from=NOW + DAY)
    number = partners.agree(bikes, terms, by="li", own_scenes=["bike"], at=NOW)
    assert partners.agreement(bikes, REPORT, NOW + DAY - SECOND).id == first.id
    held = partners.agreement(bikes, REPORT, NOW + DAY)
    assert (held.id, held.scenes, held.default_grade, held.items_a_day) == (
        number,
        ("bike",),
        3,
        10,
    )
    assert held.allows("bike")
    assert not held.allows("walk")
    assert [entry.valid_until for entry in partners.agreements(bikes)] == [None, NOW + DAY]


def test_an_agreement_that_a_newer_one_overtakes_before_it_begins_never_holds(bikes: int) -> None:
    later = partners.agree(bikes, Terms(READ, valid_from=NOW + 2 * DAY), by="li", at=NOW)
    number = partners.agree(bikes, Terms(READ, valid_from=NOW + DAY), by="li", at=NOW)
    assert later != number
    assert partners.agreement(bikes, READ, NOW + DAY).id == number
    assert partners.agreement(bikes, READ, NOW + 5 * DAY).id == number


def test_one_partner_leaves_and_the_other_stays(bikes: int, bank: int) -> None:
    [held] = partners.agreements(bikes)
    others = partners.agreements(bank)
    begun = timezone.now()
    partners.end_agreement(bikes, held.id, reason="leaves the alliance", by="li")
    [ended] = partners.agreements(bikes)
    assert ended.valid_until is not None
    assert begun <= ended.valid_until <= timezone.now()
    assert not missing(bikes, REPORT, begun - SECOND)
    assert missing(bikes, REPORT, ended.valid_until)
    assert partners.agreements(bank) == others


def test_an_end_can_be_brought_forward_but_not_put_off(bikes: int) -> None:
    [held] = partners.agreements(bikes)
    partners.end_agreement(bikes, held.id, reason="ends", by="li", at=NOW + 9 * DAY)
    partners.end_agreement(bikes, held.id, reason="ends earlier", by="li", at=NOW + DAY)
    with pytest.raises(Problem) as refused:
        partners.end_agreement(bikes, held.id, reason="ends later", by="li", at=NOW + 5 * DAY)
    assert refused.value.code == "partners.agreement_over"
    assert partners.agreements(bikes)[0].valid_until == NOW + DAY


def test_no_agreement_is_ended_in_the_past(bikes: int) -> None:
    [held] = partners.agreements(bikes)
    begun = timezone.now()
    partners.end_agreement(bikes, held.id, reason="ends", by="li", at=LONG_AGO)
    [ended] = partners.agreements(bikes)
    assert ended.valid_until is not None
    assert ended.valid_until >= begun


def test_nobody_ends_another_partners_agreement(bikes: int, bank: int) -> None:
    [held] = partners.agreements(bikes)
    with pytest.raises(Problem) as refused:
        partners.end_agreement(bank, held.id, reason="ends", by="li")
    assert refused.value.code == "partners.agreement_unknown"
    assert partners.agreements(bikes) == [held]


@pytest.mark.parametrize(
    ("begins", "ends"),
    [(NOW - SECOND, None), (NOW + DAY, NOW + DAY), (None, NOW - timedelta(days=1))],
)
def test_an_agreement_without_time_or_from_the_past_is_refused(
    bikes: int, begins: datetime | None, ends: datetime | None
) -> None:
    with pytest.raises(Problem) as refused:
        terms = Terms(READ, valid_from=begins, valid_until=ends)
        partners.agree(bikes, terms, by="li", at=NOW)
    assert refused.value.code == "partners.agreement_span_empty"


@pytest.mark.parametrize(
    "statement",
    [
        "update agreement set items_a_day = 1",
        "delete from agreement",
        "update agreement_end set ended_at = now()",
        "delete from agreement_end",
    ],
)
def test_nothing_of_an_agreement_is_changed(bikes: int, database: Database, statement: str) -> None:
    with database.connect("app") as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(statement.encode())
