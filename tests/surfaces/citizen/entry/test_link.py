"""A partner's link: changed, replayed, late, elsewhere or by the wrong key it opens nothing."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from clean_database import Database
from surfaces.citizen.browser import Page, a_link, bank_key, bank_ready, browser
from surfaces.citizen.entry.ways import account_of, by_link
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners.api import (
    AgreementKind,
    Terms,
    add_key,
    agree,
    agreements,
    end_agreement,
    partner,
    revoke_key,
    sign_link,
    suspend,
)
from tanzhang.apps.people.api import (
    EventKind,
    account,
    identity_history,
    quiet_until,
    sources_of,
)
from tanzhang.crypto import Algorithm, PrivateKey, generate
from tanzhang.workbench.sample_bank import wrapped_claims, wrapped_phone

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]


def link(key: PrivateKey | None = None, **said: Any) -> dict[str, str]:
    """A link that says something else than usual, and is signed all the same."""
    bank_ready()
    told = {
        "partner": "bank",
        "person": "gil",
        "host": "testserver",
        "ts": int(time.time()),
        "nonce": secrets.token_hex(16),
    } | said
    return sign_link(key or bank_key(), **told).fields


def refused(fields: dict[str, str], words: str = "This link can no longer be used.") -> bool:
    """Whether neither looking nor going on opens anything."""
    visitor = browser()
    pages: list[Page] = [visitor.opens("/enter/", **fields), visitor.sends("/enter/", **fields)]
    assert visitor.opens("/home/").location == "/log-in/"
    return all(page.status == 403 and words in page.text for page in pages)


def test_a_link_opens_once() -> None:
    by_link("gil")
    fields, visitor = a_link("gil"), browser()
    pages = [visitor.opens("/enter/", **fields) for _ in range(2)]
    assert [page.status for page in pages] == [200, 200]  # looking uses nothing up
    assert visitor.goes_on(pages[1]).location == "/home/"
    assert refused(fields)


def looks_good(fields: dict[str, str]) -> bool:
    """Whether a link would open something; nothing is used up."""
    return browser().opens("/enter/", **fields).status == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"person": "ada"},
        {"ts": str(int(time.time()) - 1)},
        {"nonce": "0" * 32},
        {"phone": ""},
        {"claims": ""},
        {"claims": "0123456789ABCDEF.abc"},
        {"sig": "MEUCIQ"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_nothing_in_a_link_can_be_changed(changed: dict[str, str]) -> None:
    wrapped = wrapped_claims({"cardholder": ()})
    fields = link(phone=wrapped_phone("+8610000000001"), claims=wrapped)
    assert refused(fields | changed)
    assert looks_good(fields)


@pytest.mark.parametrize("name", ["partner", "key", "person", "ts", "nonce", "sig"])
def test_a_link_is_whole(name: str) -> None:
    fields = link()
    assert refused({one: value for one, value in fields.items() if one != name})
    assert refused(fields | {name: "\n"})


@pytest.mark.parametrize("seconds", [-301, 120])
def test_a_link_is_good_for_five_minutes(seconds: int) -> None:
    assert refused(link(ts=int(time.time()) + seconds))


def test_a_link_that_grew_old_while_she_read_opens_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    visitor = browser()
    page = visitor.opens("/enter/", **link())
    late = datetime.fromtimestamp(time.time() + 301, UTC)
    monkeypatch.setattr("tanzhang.apps.partners.entry.links.timezone.now", lambda: late)
    assert visitor.goes_on(page).status == 403
    assert account("river-gil") is None


def test_a_number_that_comes_to_an_open_account_moves_nothing_of_value_for_a_day() -> None:
    for phone, changes in (("10000000001", 0), ("10000000001", 0), ("10000000002", 1)):
        visitor = browser()
        assert visitor.goes_on(visitor.arrives(phone=phone)).location
        gil = account("river-gil")
        assert gil is not None
        kinds = [entry.kind for entry in identity_history(gil.id)]
        assert kinds == [EventKind.NUMBER_CHANGED] * changes
        with bulk_transaction() as cursor:
            assert (quiet_until(cursor, gil.id) is not None) == bool(changes)


def test_a_link_for_another_host_is_worth_nothing_here() -> None:
    assert refused(link(host="sandbox.example"))


def test_a_key_signs_for_its_own_partner_alone() -> None:
    other = generate(Algorithm.SM2)
    bikes = partner("bikes").id
    add_key(bikes, other.public)
    agree(bikes, Terms(AgreementKind.HAND_OVER), by="test")
    assert refused(link(other), "The partner bank has no key")
    assert looks_good(link(other, partner="bikes"))


def test_a_key_that_was_revoked_opens_nothing() -> None:
    key = generate(Algorithm.SM2)
    bank_ready()
    number = partner("bank").id
    add_key(number, key.public)
    assert looks_good(link(key))
    revoke_key(number, key.key_id)
    assert refused(link(key), "was revoked")


def test_who_only_reports_cannot_enter_for_people() -> None:
    fields = link()
    number = partner("bank").id
    agreed = next(one for one in agreements(number) if one.kind == "hand_over")
    end_agreement(number, agreed.id, reason="a test", by="test")
    assert refused(fields, "There is no agreement of the kind hand_over")


def test_a_suspended_partner_sends_nobody() -> None:
    fields = link()
    suspend(partner("bank").id, reason="a test", by="test")
    assert refused(fields, "suspended")


def test_the_overseas_profile_signs_links_too() -> None:
    key = generate(Algorithm.P256)
    bank_ready()
    add_key(partner("bank").id, key.public)
    visitor = browser()
    assert visitor.goes_on(visitor.opens("/enter/", **link(key))).location == "/home/"
    assert account_of(visitor) == "river-gil"


@pytest.mark.parametrize("phone", ["not a phone", "x" * 32])
def test_what_is_no_phone_opens_nothing(phone: str) -> None:
    assert refused(link(phone=wrapped_phone(phone)), "")
    assert refused(link(phone="0" * 16 + ".AAAA"))


def test_the_phone_cannot_be_read_from_the_link() -> None:
    fields = link(phone=wrapped_phone("+8610000000001"))
    assert not any("10000000001" in value for value in fields.values())


def test_where_people_are_real_a_host_speaks_for_itself_alone(database: Database) -> None:
    database.turn("live")
    visitor = browser()
    visitor.goes_on(visitor.arrives())
    found = account(next(w for w in visitor.opens("/me/").text.split() if w.startswith("river-")))
    assert found is not None
    assert [source.partner_id for source in sources_of(found.id)] == [partner("bank").id]
