"""Personal data is masked on every page until somebody with the right says why; and then noted."""

from __future__ import annotations

import pytest

from clean_database import Database
from surfaces.console.desk import Desk, sit_down
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people import api as people

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("acts")]

NAME, PHONE, ADDRESS = "欧阳小满", "+8613800001234", "上海市浦东新区世纪大道1号"
FORM = {"purpose": "support", "reason": "She called and cannot log in.", "field": ["phone"]}


@pytest.fixture(autouse=True)
def ada(acts: None) -> int:
    entry = people.account("river-ada")
    assert entry is not None
    with bulk_transaction() as cursor:
        fields = {"name": NAME, "phone": PHONE, "address": ADDRESS}
        people.vault.store(cursor, entry.subject_id, fields)
    return entry.subject_id


def shows(desk: Desk, **changes: object) -> str:
    return desk.sends("accounts/river-ada/show/", FORM | changes).text  # type: ignore[arg-type]


def noted(database: Database) -> list[tuple[object, ...]]:
    with database.connect("owner") as owner:
        return owner.execute(
            "select subject_id, reader_kind, reader, purpose, fields, reason from access_log"
            " where purpose <> 'look' order by position"
        ).fetchall()


@pytest.mark.parametrize("roles", [(), ("reader",), ("operator",), ("auditor", "administrator")])
def test_whoever_looks_sees_masks(roles: tuple[str, ...], database: Database) -> None:
    desk = sit_down("somebody", "reader", *roles)
    for path in ("accounts/", "accounts/river-ada/"):
        page = desk.reads(path)
        assert page.status == 200
        assert "欧***" in page.text
        for whole in (NAME, NAME[1:], PHONE, PHONE[3:], ADDRESS, ADDRESS[4:]):
            assert whole not in page.source
    assert "138****1234" in desk.reads("accounts/river-ada/").text
    assert noted(database) == []


def test_an_operator_who_says_why_sees_what_she_chose_and_is_noted(
    ada: int, database: Database
) -> None:
    desk = sit_down("wang", "operator")
    answer = desk.sends("accounts/river-ada/show/", FORM)  # type: ignore[arg-type]
    assert answer.status == 200
    assert PHONE in answer.text and FORM["reason"] in answer.text
    assert NAME not in answer.source and ADDRESS not in answer.source
    assert noted(database) == [
        (ada, "staff", "operator:wang", "support", ["phone"], FORM["reason"])
    ]
    assert PHONE not in desk.reads("accounts/river-ada/").source, "another look, another reason"


def test_what_is_shown_is_kept_by_no_browser_and_leaves_the_screen_by_itself() -> None:
    desk = sit_down("wang", "operator")
    response = desk.client.post("/console/accounts/river-ada/show/", FORM)
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["Refresh"] == "600; url=/console/accounts/river-ada/"


@pytest.mark.parametrize(
    "role", ["reader", "methodologist", "approver", "auditor", "administrator"]
)
def test_other_roles_see_nothing_whole_and_no_form(role: str, database: Database) -> None:
    desk = sit_down("somebody", role)
    answer = desk.sends("accounts/river-ada/show/", FORM)  # type: ignore[arg-type]
    assert answer.status == 403
    assert PHONE not in answer.source
    assert "Show what is masked" not in desk.reads("accounts/river-ada/").text
    assert noted(database) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"reason": ""},
        {"reason": " .  "},
        {"purpose": ""},
        {"purpose": "curiosity"},
        {"field": []},
        {"field": ["password"]},
    ],
)
def test_without_fields_purpose_and_reason_nothing_is_shown(
    changes: dict[str, object], database: Database
) -> None:
    assert "Nothing was shown." in shows(sit_down("wang", "operator"), **changes)
    assert noted(database) == []


def test_by_the_address_alone_nothing_is_shown(database: Database) -> None:
    desk = sit_down("wang", "operator")
    answer = desk.reads("accounts/river-ada/show/", purpose="support", reason="why", field="phone")
    assert answer.status == 405
    assert PHONE not in answer.source
    assert noted(database) == []


def test_the_chinese_page_says_the_same() -> None:
    desk = sit_down("wang", "operator", lang="zh-hans")
    page = desk.reads("accounts/river-ada/")
    assert "手机号码" in page.text and "显示被遮蔽的内容" in page.text
    assert "您只能查看这一次" in shows(desk)


def test_of_whom_nothing_is_kept_nothing_is_said() -> None:
    page = sit_down("wang", "operator").reads("accounts/river-bo/")
    assert "Nothing personal is kept of this person." in page.text
