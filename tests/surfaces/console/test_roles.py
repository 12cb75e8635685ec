"""Each role may do what it is for; whoever is nobody sees the log-in; nothing else answers."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from surfaces.console.desk import sit_down
from tanzhang.surfaces.console.roles import ROLES

pytestmark = pytest.mark.database

PAGES = (
    "",
    "find/",
    "acts/held/",
    "accounts/",
    "accounts/river-ada/",
    "partners/",
    "partners/bikes/",
    "pieces/",
    "pieces/1/",
    "workers/",
    "packs/",
    "packs/meituan-bike/",
    "programmes/",
    "programmes/river/",
    "proposals/",
    "proposals/1/",
    "ledger/",
    "ledger/1/",
    "acts/bikes:r1/",
)

#: Path -> the permission that its form needs.
FORMS = {
    "acts/bikes:r1/hold/": "hold",
    "acts/bikes:r1/release/": "hold",
    "accounts/river-ada/show/": "reveal",
    "partners/bikes/suspend/": "switch",
    "partners/bikes/resume/": "switch",
    "proposals/make/": "propose",
    "proposals/1/withdraw/": "propose",
    "proposals/1/approve/": "approve",
    "proposals/1/decline/": "approve",
}


def test_migrating_gave_every_role_exactly_its_permissions() -> None:
    found = {
        group.name: set(group.permissions.values_list("codename", flat=True))
        for group in Group.objects.all()
    }
    assert found == {role: set(names) for role, names in ROLES.items()}


def test_nobody_may_both_propose_and_approve_by_one_role() -> None:
    assert not any({"propose", "approve"} <= set(names) for names in ROLES.values())


@pytest.mark.usefixtures("acts")
@pytest.mark.parametrize("role", ROLES)
def test_every_role_reads_every_page(role: str) -> None:
    desk = sit_down("somebody", role)
    answers = {page: desk.reads(page).status for page in PAGES}
    assert answers == dict.fromkeys(PAGES, 200)


@pytest.mark.usefixtures("acts")
@pytest.mark.parametrize("role", ROLES)
def test_a_form_is_refused_to_roles_without_its_permission(role: str) -> None:
    desk = sit_down("somebody", role)
    refused = {path for path in FORMS if desk.sends(path).status == 403}
    assert refused == {path for path, name in FORMS.items() if name not in ROLES[role]}


@pytest.mark.usefixtures("acts")
@pytest.mark.parametrize("role", ROLES)
def test_what_operators_did_is_for_auditors_and_administrators(role: str) -> None:
    status = sit_down("somebody", role).reads("actions/").status
    assert status == (200 if "audit" in ROLES[role] else 403)


@pytest.mark.parametrize("role", ROLES)
def test_staff_is_for_administrators(role: str) -> None:
    status = sit_down("somebody", role).reads("auth/user/").status
    assert status == (200 if role == "administrator" else 403)


@pytest.mark.usefixtures("acts")
def test_staff_without_a_role_sees_no_page() -> None:
    desk = sit_down("newcomer")
    assert {desk.reads(page).status for page in PAGES} == {403}


@pytest.mark.usefixtures("river")
def test_whoever_is_not_logged_in_is_sent_to_the_log_in() -> None:
    stranger = Client(SERVER_NAME="localhost")
    for page in PAGES:
        answer = stranger.get(f"/console/{page}")
        assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (
            302,
            "/console/login/",
        )


@pytest.mark.usefixtures("acts")
def test_pages_that_show_take_no_form_even_from_a_superuser() -> None:
    desk = sit_down("root", superuser=True)
    assert {desk.sends(page).status for page in PAGES} == {405}


@pytest.mark.usefixtures("acts")
def test_forms_are_no_pages() -> None:
    desk = sit_down("root", superuser=True)
    assert {desk.reads(path).status for path in FORMS} == {405}


@pytest.mark.usefixtures("acts")
@pytest.mark.parametrize("page", PAGES)
def test_no_page_needs_a_wider_content_policy(page: str) -> None:
    answer = sit_down("somebody", "reader").reads(page)
    assert "unsafe" not in answer.policy and "default-src 'self'" in answer.policy
    assert " style=" not in answer.source and "<style" not in answer.source
    assert "<script>" not in answer.source and " x-data" not in answer.source
