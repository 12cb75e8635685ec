"""A mini-program: once with phone and code, afterwards straight in, and never into another's."""

from __future__ import annotations

import time

import pytest

from surfaces.citizen.browser import browser
from surfaces.citizen.entry.platforms import Platforms
from surfaces.citizen.entry.ways import account_of, by_link, in_app, shows_phone, taps
from tanzhang.apps.people.api import Channel, account, channels_of
from tanzhang.surfaces.citizen.entry import mini_program

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]


@pytest.mark.parametrize("channel", ["wechat", "alipay"])
def test_first_the_phone_is_asked_for_and_later_nothing(channel: str, platforms: Platforms) -> None:
    by_link("gil")
    first = in_app(channel)
    assert taps(first, platforms, channel, "gil").location == "/enter/phone/"
    assert first.opens("/home/").location == "/log-in/"
    assert "opens the account without a code" in first.opens("/enter/phone/").text
    assert shows_phone(first, "gil").location == "/home/"
    assert "opens this account" in first.opens("/home/").text
    later = in_app(channel)
    assert taps(later, platforms, channel, "gil").location == "/home/"
    assert account_of(later) == "river-gil"


def test_a_code_is_good_once(platforms: Platforms) -> None:
    code = platforms.code("wechat", "gil")
    assert in_app("wechat").opens("/enter/wechat/", code=code).status == 302
    page = in_app("wechat").opens("/enter/wechat/", code=code)
    assert page.status == 403
    assert "log-in could not be used" in page.text


@pytest.mark.parametrize("code", ["", "made-up", "a b", "x" * 300, "%0a"])
def test_what_is_no_code_opens_nothing(code: str, platforms: Platforms) -> None:
    for channel in ("wechat", "alipay"):
        assert in_app(channel).opens(f"/enter/{channel}/", code=code).status == 403


def test_a_link_that_somebody_sends_around_does_nothing(platforms: Platforms) -> None:
    visitor = by_link("gil")
    page = visitor.opens("/enter/wechat/", code=platforms.code("wechat", "stranger"))
    assert page.status == 403
    assert "from within the mini-program" in page.text
    assert account_of(visitor) == "river-gil"
    assert visitor.opens("/enter/phone/").location == "/"


def test_whoever_used_the_browser_before_is_not_taken_for_the_newcomer(
    platforms: Platforms,
) -> None:
    by_link("gil")
    shared = in_app("wechat")
    taps(shared, platforms, "wechat", "gil")
    shows_phone(shared, "gil")
    assert taps(shared, platforms, "wechat", "stranger").location == "/enter/phone/"
    assert shared.opens("/me/").location == "/log-in/"


def test_a_wrong_code_links_nothing(platforms: Platforms) -> None:
    by_link("gil")
    visitor = in_app("wechat")
    taps(visitor, platforms, "wechat", "gil")
    visitor.sends("/enter/phone/", phone="+8610000000001")
    assert visitor.sends("/enter/phone/code/", code="x").status == 422
    found = account("river-gil")
    assert found is not None and channels_of(found.id) == []


def test_a_log_in_that_was_left_open_links_nothing_later(
    platforms: Platforms, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = in_app("wechat")
    taps(visitor, platforms, "wechat", "gil")
    late = time.time() + mini_program.LIFE.total_seconds() + 1
    monkeypatch.setattr(mini_program.time, "time", lambda: late)
    assert visitor.opens("/enter/phone/").location == "/"
    assert visitor.opens("/enter/phone/code/").location == "/enter/phone/"


def test_she_can_end_it_under_me(platforms: Platforms) -> None:
    by_link("gil")
    visitor = in_app("wechat")
    taps(visitor, platforms, "wechat", "gil")
    shows_phone(visitor, "gil")
    assert "Apps that open this account WeChat Linked on" in visitor.opens("/me/").text
    assert visitor.sends("/enter/unlink/", channel="wechat").location == "/me/"
    assert "no longer opens this account" in visitor.opens("/me/").text
    assert taps(in_app("wechat"), platforms, "wechat", "gil").location == "/enter/phone/"


def test_a_channel_that_is_not_set_up_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TANZHANG_WECHAT_APPID", raising=False)
    page = in_app("wechat").opens("/enter/wechat/", code="some-code")
    assert page.status == 404
    assert "cannot be used to enter here yet" in page.text


def test_a_platform_that_does_not_answer_is_no_fault_of_hers(
    platforms: Platforms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TANZHANG_WECHAT_URL", "http://127.0.0.1:9")
    assert in_app("wechat").opens("/enter/wechat/", code="some-code").status == 502
    monkeypatch.setenv("TANZHANG_WECHAT_URL", platforms.address)
    monkeypatch.setenv("TANZHANG_WECHAT_SECRET", "wrong")
    assert in_app("wechat").opens("/enter/wechat/", code="some-code").status == 502


def test_only_forms_of_ours_link(platforms: Platforms) -> None:
    forged = browser(checks_forms=True)
    for address in ("/enter/phone/", "/enter/phone/code/", "/enter/unlink/", "/enter/"):
        assert forged.sends(address, phone="+8610000000001").status == 403
    assert {*Channel} == {"wechat", "alipay"}
