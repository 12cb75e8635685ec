"""What goes wrong is said kindly, in both languages."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory
from django.utils import translation

from surfaces.citizen.browser import browser
from tanzhang.surfaces.citizen.views import errors

pytestmark = pytest.mark.database

SAID = {
    "en": ("This page does not exist.", "The page has been open for too long.",
           "Something broke on our side.", "You may not see this page."),
    "zh-hans": ("没有这个页面。", "页面打开得太久了。", "我们这边出了故障。", "您不能查看此页面。"),
}  # fmt: skip


@pytest.mark.parametrize("lang", SAID)
def test_a_wrong_address_and_an_expired_form(lang: str) -> None:
    missing = browser(lang).opens("/nowhere/")
    assert (missing.status, SAID[lang][0] in missing.text) == (404, True)
    expired = browser(lang, checks_forms=True).sends("/log-in/", phone="10000000001")
    assert (expired.status, SAID[lang][1] in expired.text) == (403, True)


@pytest.mark.parametrize("lang", SAID)
def test_a_fault_of_ours_and_a_closed_door(lang: str) -> None:
    request = RequestFactory().get("/")
    with translation.override(lang):
        broken = errors.broken(request)
        closed = errors.forbidden(request, PermissionError())
    assert (broken.status_code, SAID[lang][2] in broken.content.decode()) == (500, True)
    assert (closed.status_code, SAID[lang][3] in closed.content.decode()) == (403, True)


def test_a_broken_view_is_answered_by_our_own_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tanzhang.surfaces.citizen.views.welcome.account_of", lambda request: 1 / 0)
    answer = Client(raise_request_exception=False, HTTP_ACCEPT_LANGUAGE="en").get("/")
    assert answer.status_code == 500
    assert SAID["en"][2] in answer.content.decode()
