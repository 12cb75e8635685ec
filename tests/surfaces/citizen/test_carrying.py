"""A citizen carries her acts away and brings acts here, and reads both lists."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from clean_database import Database
from river.reports import act, hand_in
from surfaces.citizen.browser import Browser, Page, browser, logged_in
from tanzhang.apps.activities import api as activities
from tanzhang.apps.people.api import account, installation
from tanzhang.config.own_keys import key_store
from tanzhang.proofs import key_file

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]


def code() -> str:
    ada = account("river-ada")
    assert ada
    return activities.carrying_code(ada.id)


def bring(ada: Browser, content: bytes) -> Page:
    upload = SimpleUploadedFile("statement.json", content)
    return Page.of(ada.client.post("/carrying/in/", {"statement": upload}))


def test_a_file_made_there_is_brought_here_and_both_lists_are_shown(
    database: Database, afresh: Callable[..., None]
) -> None:
    here = code()
    with database.connect("owner") as owner:
        owner.execute("update installation set public_id = '\\x00112233445566ff'")
    hand_in(act("b1", "05-03 08:00"), act("b2", "05-04 08:00"))
    activities.drain()
    there = logged_in("river-ada").client.post("/carrying/out/", {"code": here})
    assert there["Content-Disposition"] == 'attachment; filename="statement.json"'
    keys = key_file(installation().id_text, key_store().published())

    afresh()
    hand_in(act("other", "05-04 08:05"))
    activities.drain()
    ada = logged_in("river-ada")
    assert "No other place is known here yet" in ada.opens("/carrying/").text
    activities.trust_installation(keys, title_zh="远方", title_en="Far away", by="the tests")
    page = bring(ada, there.content)
    assert page.status == 200
    assert "Brought here" in page.text
    assert "Refused, and why" in page.text
    assert "the same act is counted here, and therefore not once more" in page.text
    assert "It stands beside your balance" in ada.opens("/carrying/").text
    assert "Nothing of this file counts here." not in page.text


def test_a_wrong_code_and_a_wrong_file_are_refused_in_words() -> None:
    ada = logged_in("river-ada")
    answer = ada.sends("/carrying/out/", code="1234")
    assert (answer.status, "This is no carrying code." in answer.text) == (400, True)
    assert bring(ada, b"hello").status == 400
    assert "proofs.not_json" in bring(ada, b"hello").text
    assert "This field is required." in ada.sends("/carrying/out/", code="").text


def test_a_file_that_is_too_long_is_not_read() -> None:
    answer = bring(logged_in("river-ada"), b" " * (4 * 2**20 + 1))
    assert (answer.status, "proofs.too_long" in answer.text) == (400, True)


def test_the_page_is_for_citizens_who_are_logged_in_and_stands_in_chinese_too() -> None:
    assert browser().opens("/carrying/").location == "/log-in/"
    assert "转移您的行为" in logged_in("river-ada", "zh-hans").opens("/carrying/").text
    assert "/carrying/" in logged_in("river-ada").opens("/me/").source
