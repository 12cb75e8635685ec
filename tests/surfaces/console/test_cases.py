"""Cases of people at the console, and the accounts of groups."""

from __future__ import annotations

import pytest

from river.books import ask
from surfaces.console.desk import sit_down
from tanzhang.apps.people import api as people

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

DIGEST = "ab" * 32


def owner(name: str) -> people.AccountEntry:
    found = people.account(f"river-{name}")
    assert found is not None
    return found


def test_two_persons_confirm_a_death_and_next_of_kin_have_their_rights() -> None:
    ling, mei = sit_down("ling", "operator"), sit_down("mei", "approver")
    death = "accounts/river-di/death/"
    assert ling.sends(death, {"note": "her son came", "documents": "a scan"}).status == 409
    assert ling.sends(death, {"note": " ", "documents": DIGEST}).status == 409
    assert ling.sends(death, {"note": "her son came", "documents": DIGEST}).status == 302
    (case,) = people.cases_of(owner("di").id)
    page = f"cases/{case.id}/"
    assert ling.sends(f"{page}propose/", {"note": "certificate seen"}).status == 302
    assert "another person has to decide" in ling.reads(page).text
    assert ling.sends(f"{page}decide/", {"note": "yes", "decision": "approve"}).status == 403
    assert mei.sends(f"{page}decide/", {"note": "yes", "decision": "approve"}).status == 302
    assert "Rights of next of kin" in ling.reads(page).text
    assert ling.sends(f"{page}kin/", {"note": "her son", "right": "close"}).status == 302
    shown = ling.reads(page).text
    assert "next of kin used a right" in shown
    assert f"ling proposed a step in case {case.id}. certificate seen" in shown
    assert f"mei approved a step in case {case.id}. yes" in shown


def test_staff_check_a_recovery_and_nobody_shortens_it_alone() -> None:
    ling, mei = sit_down("ling", "operator", "approver"), sit_down("mei", "approver")
    case = people.ask_recovery(people.Recovery(owner("di"), "13800000009"))
    page = f"cases/{case.id}/"
    assert "She wants to come back" in ling.reads("cases/").text
    assert ling.sends(f"{page}check/", {"note": "passport", "documents": ""}).status == 409
    assert ling.sends(f"{page}check/", {"note": "passport", "documents": DIGEST}).status == 302
    assert ling.sends(f"{page}propose/", {"note": "at the counter"}).status == 302
    assert ling.sends(f"{page}decide/", {"note": "me", "decision": "approve"}).status == 409
    assert mei.sends(f"{page}decide/", {"note": "ok", "decision": "approve"}).status == 302
    assert people.come_back("13800000009") == owner("di")


def test_staff_see_masked_from_which_number_a_person_asked_to_come_back() -> None:
    ling = sit_down("ling", "operator")
    people.link_phone(owner("di"), "13900001234")
    case = people.ask_recovery(people.Recovery(owner("di"), "13800000009"))
    shown = ling.reads(f"cases/{case.id}/").text
    masked = people.vault.field_named("recovery_phone").masked("+8613800000009")
    assert masked.endswith("09") and masked != "+8613800000009"
    assert f"Ask the person for the number she asked from; it must be this one: {masked}." in shown
    assert "13800000009" not in shown


def test_a_case_is_refused_with_a_reason() -> None:
    ling = sit_down("ling", "operator")
    case = people.ask_recovery(people.Recovery(owner("di"), "13800000009"))
    assert ling.sends(f"cases/{case.id}/refuse/", {"note": ""}).status == 409
    assert ling.sends(f"cases/{case.id}/refuse/", {"note": "not her"}).status == 302
    assert not people.identity_case(case.id).is_open
    assert ling.reads("cases/99/").status == 404


def test_a_case_that_is_opened_is_written_down_for_the_person() -> None:
    case = people.ask_recovery(people.Recovery(owner("di"), "13800000009"))
    sit_down("somebody", "reader").reads(f"cases/{case.id}/")
    seen = ask("select purpose from access_log where subject_id = %s", [owner("di").subject_id])
    assert seen == [("identity_case",)]


def test_an_operator_opens_a_group_and_says_who_belongs_to_it() -> None:
    ling = sit_down("ling", "operator")
    assert "Open an account for a group" in ling.reads("programmes/river/").text
    opened = ling.sends("groups/open/", {"programme": "river", "kind": "team"})
    assert opened.status == 302
    team = people.latest_accounts(1)[0].account
    assert team.kind is people.AccountKind.TEAM
    members = f"accounts/{team.handle}/members/"
    assert ling.sends(members, {"member": "river-di", "role": "manager"}).status == 302
    shown = ling.reads(f"accounts/{team.handle}/").text
    assert "river-di" in shown and "looks after it" in shown
    assert ling.sends(members, {"member": "river-di"}).status == 409
    assert ling.sends(members, {"member": "river-di", "wish": "end"}).status == 302
    assert people.role_in(team.id, owner("di").id) is None
    assert ling.sends("groups/open/", {"programme": "river", "kind": "unit"}).status == 409


def test_an_operator_puts_nobody_into_a_household() -> None:
    ling = sit_down("ling", "operator")
    shown = ling.reads("programmes/river/").source
    assert '<option value="team">' in shown
    assert '<option value="household">' not in shown
    refused = ling.sends("groups/open/", {"programme": "river", "kind": "household"})
    assert refused.status == 409
    household = made_household(owner("di"))
    page, members = f"accounts/{household.handle}/", f"accounts/{household.handle}/members/"
    assert "its members alone let others in" in ling.reads(page).text
    assert "from today on" not in ling.reads(page).text
    for role in ("member", "manager"):
        refused = ling.sends(members, {"member": "river-fu", "role": role})
        assert refused.status == 409
        assert "Nobody is put into a household by somebody else." in refused.text
    assert people.belongs_to(owner("fu").id) == []
    code = people.invite(household, owner("di"))
    people.join_group(owner("fu"), code, today=owner("fu").joined_day, shows_share=False)
    assert ling.sends(members, {"member": "river-fu", "wish": "end"}).status == 302
    assert people.role_in(household.id, owner("fu").id) is None


def test_a_log_in_that_is_called_self_is_nobody_herself() -> None:
    household = made_household(owner("di"))
    desk = sit_down("self", "operator")
    refused = desk.sends(f"accounts/{household.handle}/members/", {"member": "river-fu"})
    assert (refused.status, people.belongs_to(owner("fu").id)) == (409, [])


def made_household(founder: people.AccountEntry) -> people.AccountEntry:
    wanted = people.NewGroup(
        kind=people.AccountKind.HOUSEHOLD,
        programme="river",
        programme_id=founder.programme_id,
        points_unit=founder.points_unit,
        today=founder.joined_day,
    )
    return people.make_group(founder, wanted)


def test_who_may_only_read_changes_nothing() -> None:
    reader = sit_down("somebody", "reader")
    assert reader.sends("accounts/river-di/death/", {"note": "x", "documents": ""}).status == 403
    assert reader.sends("groups/open/", {"programme": "river", "kind": "team"}).status == 403
    assert "She is said to have died" not in reader.reads("accounts/river-di/").text
