"""Households and teams: made, joined by a code, left; each sees no more than it may."""

from __future__ import annotations

import re
from datetime import date

import pytest

from river.reports import act, hand_in
from tanzhang.apps.activities.api import drain
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people
from tanzhang.surfaces.citizen.group_totals import group_total

from .browser import Browser, Page, logged_in

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]


def owner(name: str) -> people.AccountEntry:
    found = people.account(f"river-{name}")
    assert found is not None
    return found


def made(visitor: Browser, kind: str, name: str = "The Lins") -> str:
    """The number of a group that was just made."""
    answer = visitor.sends("/me/family/make/", kind=kind, name=name)
    assert answer.status == 302, answer.text
    page = visitor.opens("/me/family/")
    return str(re.findall(r'name="group" value="(\d+)"', page.source)[-1])


def invitation(visitor: Browser, group: str) -> str:
    visitor.sends("/me/family/change/", group=group, wish="invite")
    (code,) = re.findall(r"\b([2-9a-z]{5}-[2-9a-z]{5})\b", visitor.opens("/me/family/").text)
    return str(code)


def joins(visitor: Browser, code: str, **more: str) -> Page:
    looked = visitor.sends("/me/family/join/", code=code)
    assert looked.status == 200
    return visitor.sends("/me/family/join/", code=code, wish="join", **more)


def test_a_household_is_made_joined_and_left() -> None:
    di, fu = logged_in("river-di"), logged_in("river-fu")
    group = made(di, "household")
    code = invitation(di, group)
    assert code not in di.opens("/me/family/").text  # shown once
    looked = fu.sends("/me/family/join/", code=code)
    assert "Join The Lins?" in looked.text
    assert "Everybody in this household sees the total" in looked.text
    assert people.belongs_to(owner("fu").id) == []
    assert joins(fu, code).status == 302
    assert "The Lins" in fu.opens("/me/family/").text
    assert fu.sends("/me/family/change/", group=group, wish="leave").status == 302
    assert not people.belongs_to(owner("fu").id)[0].is_open


def test_a_household_sees_what_its_members_bring_from_the_day_they_join(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    di, fu = logged_in("river-di"), logged_in("river-fu")
    group = made(di, "household")
    joins(fu, invitation(di, group))
    hand_in(act("a", "05-31 08:00", person="fu"))  # before she joined
    drain()
    page = di.opens("/me/family/")
    assert "river-fu" in page.text
    assert page.status == 200


def test_of_a_restricted_member_nothing_is_told_by_itself() -> None:
    di, fu = owner("di"), owner("fu")
    group = made(logged_in("river-di"), "household")
    household = people.account_numbered(int(group))
    assert household is not None
    hand_in(act("a", "05-31 08:00", person="fu"))
    drain()
    with bulk_transaction() as cursor:
        people.add_member(cursor, people.Joining(household, fu, fu.joined_day))
        people.set_account_state(cursor, [fu.id], people.State.RESTRICTED, "by_request")
    told = group_total(household, di, people.Role.MANAGER, date(2025, 6, 30))
    assert told.year_mg > 0
    assert told.members == []


def test_only_who_looks_after_it_ends_a_membership() -> None:
    di, fu = logged_in("river-di"), logged_in("river-fu")
    group = made(di, "team", "Spokes")
    joins(fu, invitation(di, group))
    end = {"group": group, "wish": "remove"}
    refused = fu.sends("/me/family/change/", **end, member=str(owner("di").id))
    assert refused.status == 409
    di.sends("/me/family/change/", **end, member=str(owner("fu").id))
    assert people.role_in(int(group), owner("fu").id) is None


def test_in_a_team_one_decides_oneself_who_sees_ones_part() -> None:
    di, fu = logged_in("river-di"), logged_in("river-fu")
    group = made(di, "team", "Spokes")
    joins(fu, invitation(di, group), shows="yes")
    assert people.members_of(int(group))[1].shows_share
    fu.sends("/me/family/change/", group=group, wish="hide")
    assert not next(one for one in people.members_of(int(group))
                    if one.is_open and one.account.handle == "river-fu").shows_share  # fmt: skip


def test_the_last_who_looks_after_it_hands_it_over_first() -> None:
    di, fu = logged_in("river-di"), logged_in("river-fu")
    group = made(di, "household")
    joins(fu, invitation(di, group))
    refused = di.sends("/me/family/change/", group=group, wish="leave")
    assert refused.status == 409
    assert "Hand it to another member first" in refused.text
    heir = str(owner("fu").id)
    di.sends("/me/family/change/", group=group, wish="hand_over", member=heir)
    assert di.sends("/me/family/change/", group=group, wish="leave").status == 302


def test_who_closes_her_account_hands_her_household_over_first() -> None:
    di, fu = logged_in("river-di"), logged_in("river-fu")
    group = made(di, "household")
    assert 'value="close"' in di.opens("/me/closing/").source  # nobody else is in it yet
    joins(fu, invitation(di, group))
    told = di.opens("/me/closing/")
    assert "nobody but you looks after them" in told.text and "The Lins" in told.text
    assert 'value="close"' not in told.source
    refused = di.sends("/me/closing/", wish="close")
    assert refused.status == 409
    assert "Hand it to another member first" in refused.text
    assert people.role_in(int(group), owner("di").id) is people.Role.MANAGER
    di.sends("/me/family/change/", group=group, wish="hand_over", member=str(owner("fu").id))
    assert "nobody but you" not in di.opens("/me/closing/").text
    assert "Your account is closed" in di.sends("/me/closing/", wish="close").text
    assert people.role_in(int(group), owner("di").id) is None


def test_what_only_an_operator_opens_is_not_offered() -> None:
    di = logged_in("river-di")
    assert "enterprise" not in di.opens("/me/family/").source
    refused = di.sends("/me/family/make/", kind="enterprise", name="x")
    assert refused.status == 409
    assert "This programme has no accounts of that kind" in refused.text


def test_ones_own_accounts_are_put_under_one() -> None:
    ada = logged_in("river-ada")
    hand_in(act("a", "05-31 08:00", person="ada"), act("b", "06-01 08:00", person="ada-too"))
    drain()
    page = ada.opens("/me/family/")
    assert "river-ada-too" in page.text
    child = str(owner("ada-too").id)
    ada.sends("/me/family/child/", account=child, wish="adopt")
    assert people.members_of(owner("ada").id)[0].role is people.Role.CHILD
    ada.sends("/me/family/child/", account=child, wish="let_go")
    assert not people.members_of(owner("ada").id)[0].is_open
    refused = ada.sends("/me/family/child/", account=str(owner("di").id), wish="adopt")
    assert refused.status == 409


def test_a_wrong_code_says_nothing_but_that_it_opens_nothing() -> None:
    refused = logged_in("river-di").sends("/me/family/join/", code="aaaaa-aaaaa")
    assert refused.status == 409
    assert "This code opens nothing" in refused.text
