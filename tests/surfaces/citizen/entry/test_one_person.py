"""One fictitious person, four ways in, one account; and somebody else, who never gets it."""

from __future__ import annotations

from pathlib import Path

import pytest

from surfaces.citizen.browser import Browser, bank_ready, browser
from surfaces.citizen.entry import provider
from surfaces.citizen.entry.platforms import Platforms
from surfaces.citizen.entry.ways import account_of, by_link, in_app, shows_phone, taps
from tanzhang.apps.people.api import account, accounts, channels_of

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]


def by_mini_program(platforms: Platforms, channel: str, person: str) -> Browser:
    """The first time with phone and code, afterwards straight in."""
    visitor = in_app(channel)
    if taps(visitor, platforms, channel, person).location != "/home/":
        assert shows_phone(visitor, person).location == "/home/"
    return visitor


def by_oidc(person: str) -> Browser:
    """By the bank's own log-in."""
    visitor = browser()
    address = visitor.opens("/enter/oidc/bank/").location
    answer = provider.logs_in(address, person)
    assert visitor.opens("/enter/oidc/bank/callback/", **answer).location == "/home/"
    return visitor


def test_one_person_meets_one_account_by_every_way(platforms: Platforms, tmp_path: Path) -> None:
    bank_ready()
    before = len(accounts())
    with provider.real_provider() as issuer:
        provider.known_as_provider(tmp_path, issuer)
        for _ in range(2):
            for person in ("gil", "hal"):
                ways = [
                    by_link(person),
                    by_oidc(person),
                    by_mini_program(platforms, "wechat", person),
                    by_mini_program(platforms, "alipay", person),
                ]
                assert {account_of(way) for way in ways} == {f"river-{person}"}
    assert len(accounts()) == before + 2
    for person in ("gil", "hal"):
        found = account(f"river-{person}")
        assert found is not None
        assert len(channels_of(found.id)) == 2


def test_a_stranger_in_the_mini_program_gets_nobodys_account(platforms: Platforms) -> None:
    by_link("gil")
    by_mini_program(platforms, "wechat", "gil")
    stranger = in_app("wechat")
    assert taps(stranger, platforms, "wechat", "stranger").location == "/enter/phone/"
    stranger.sends("/enter/phone/", phone="10000000009")
    shown = stranger.opens("/enter/phone/code/").text.partition("Your code is ")[2][:6]
    page = stranger.sends("/enter/phone/code/", code=shown)
    assert page.status == 422
    assert "No carbon account was opened with this phone." in page.text
    assert stranger.opens("/home/").location == "/log-in/"
    # The name that she has at WeChat means nothing at Alipay, even to herself.
    assert taps(in_app("alipay"), platforms, "alipay", "gil").location == "/enter/phone/"
