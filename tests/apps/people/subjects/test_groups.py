"""Households and teams: made by citizens, joined by a code that works once, left at any time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from people_groups import DAY, account, group, new_group

from tanzhang.apps.people import api as people
from tanzhang.problems import Problem

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]

Kind, Role = people.AccountKind, people.Role
NOON = datetime(2024, 6, 1, 12, tzinfo=UTC)


def home() -> tuple[people.AccountEntry, people.AccountEntry]:
    ada = account("ada")
    return people.make_group(ada, new_group(Kind.HOUSEHOLD)), ada


def join(member: people.AccountEntry, code: str, at: datetime = NOON) -> people.AccountEntry:
    return people.join_group(member, code, today=DAY + 1, shows_share=False, at=at)


def test_a_household_has_an_account_of_its_own_and_its_founder_looks_after_it() -> None:
    house, ada = home()
    assert (house.kind, house.joined_day) == (Kind.HOUSEHOLD, DAY)
    assert house.subject_id != ada.subject_id
    assert people.role_in(house.id, ada.id) is Role.MANAGER


@pytest.mark.parametrize("kind", [Kind.UNIT, Kind.ENTERPRISE, Kind.COMMUNITY, Kind.PERSON])
def test_what_is_checked_first_no_citizen_makes(kind: people.AccountKind) -> None:
    with pytest.raises(Problem, match="kind_not_yours"):
        people.make_group(account("ada"), new_group(kind))


def test_a_code_lets_one_account_in_once() -> None:
    house, ada = home()
    code = people.invite(house, ada, NOON)
    assert people.invited_to(code, NOON) == house
    bo = account("bo")
    assert join(bo, f" {code.upper()} ") == house
    assert people.role_in(house.id, bo.id) is Role.MEMBER
    with pytest.raises(Problem, match="invitation_unknown"):
        join(account("cy"), code)


def test_a_code_lasts_seven_days() -> None:
    house, ada = home()
    code = people.invite(house, ada, NOON)
    with pytest.raises(Problem, match="invitation_unknown"):
        join(account("bo"), code, NOON + timedelta(days=7))
    join(account("bo"), code, NOON + timedelta(days=7, seconds=-1))


def test_codes_can_be_withdrawn_and_there_are_not_many_at_once() -> None:
    house, ada = home()
    codes = [people.invite(house, ada, NOON) for _ in range(20)]
    with pytest.raises(Problem, match="invitations_too_many"):
        people.invite(house, ada, NOON)
    assert people.withdraw_invitations(house, ada) == 20
    with pytest.raises(Problem, match="invitation_unknown"):
        join(account("bo"), codes[0])


def test_only_who_looks_after_a_group_invites_and_removes() -> None:
    house, ada = home()
    bo = account("bo")
    with pytest.raises(Problem, match="not_manager"):
        people.invite(house, bo, NOON)
    join(bo, people.invite(house, ada, NOON))
    with pytest.raises(Problem, match="not_manager"):
        people.remove_member(house, bo, ada, today=DAY + 2)
    people.remove_member(house, ada, bo, today=DAY + 2)
    assert people.role_in(house.id, bo.id) is None


def test_nobody_is_kept_but_a_group_is_not_left_alone() -> None:
    house, ada = home()
    bo = account("bo")
    join(bo, people.invite(house, ada, NOON))
    with pytest.raises(Problem, match="manager_needed"):
        people.leave_group(house, ada, today=DAY + 2)
    assert people.role_in(house.id, ada.id) is Role.MANAGER
    people.hand_over(house, ada, bo, today=DAY + 2)
    people.leave_group(house, ada, today=DAY + 3)
    people.leave_group(house, bo, today=DAY + 3)  # the last one may always go
    assert people.role_in(house.id, bo.id) is None


def test_a_code_of_another_programme_lets_nobody_in() -> None:
    house, ada = home()
    code = people.invite(house, ada, NOON)
    stranger = people.AccountEntry(9_999, 9_999, 99, DAY, "elsewhere")
    with pytest.raises(Problem, match="other_programme"):
        join(stranger, code)
    assert people.invited_to(code, NOON) == house  # and it is not used up


def test_an_operator_opens_what_citizens_may_not() -> None:
    assert group(Kind.COMMUNITY).kind is Kind.COMMUNITY


def test_accounts_of_one_person_become_parent_and_child() -> None:
    ada, bo = account("ada"), account("bo")
    with pytest.raises(Problem, match="child_of_another"):
        people.adopt(ada, bo, today=DAY)
    too = people.AccountEntry(bo.id, ada.subject_id, bo.programme_id, DAY, bo.handle)
    people.adopt(ada, too, today=DAY)
    (entry,) = people.members_of(ada.id)
    assert (entry.role, entry.account.id, entry.from_day) == (Role.CHILD, bo.id, DAY)
    with pytest.raises(Problem, match="member_circle"):
        people.adopt(too, ada, today=DAY)
    people.let_go(ada, too, today=DAY + 1)
    assert people.role_in(ada.id, bo.id) is None
