"""OpenID Connect against a real provider, and against one that lies."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from surfaces.citizen.browser import Browser, Page, bank_ready, browser
from surfaces.citizen.entry import provider
from surfaces.citizen.entry.ways import account_of, by_link
from tanzhang.apps.partners.api import agreements, end_agreement, partner, resume, suspend
from tanzhang.apps.people.api import ADULT, account, vouchers

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

CALLBACK = "/enter/oidc/bank/callback/"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A running provider."""
    with provider.real_provider() as running:
        yield running


@pytest.fixture
def bank(issuer: str, tmp_path: Path, database: object, river: None) -> None:
    """The bank hands over by that provider."""
    bank_ready()
    provider.known_as_provider(tmp_path, issuer)


@pytest.fixture
def liar(tmp_path: Path, database: object, river: None) -> Iterator[provider.Liar]:
    """The bank hands over by a provider that lies."""
    bank_ready()
    with provider.lying_provider() as running:
        provider.known_as_provider(tmp_path, running.issuer)
        yield running


def sent(visitor: Browser) -> str:
    """Where she is sent to log in."""
    page = visitor.opens("/enter/oidc/bank/")
    assert page.status == 302, page.text
    return page.location


def refused(page: Page) -> bool:
    return page.status == 403 and "The log-in could not be completed." in page.text


def test_the_request_has_state_nonce_and_challenge(bank: None) -> None:
    first, second = sent(browser()), sent(browser())
    assert provider.is_s256(provider.asked(first, "code_challenge"))
    assert provider.asked(first, "code_challenge_method") == "S256"
    assert provider.asked(first, "redirect_uri") == f"http://testserver{CALLBACK}"
    for name in ("state", "nonce", "code_challenge"):
        assert provider.asked(first, name) != provider.asked(second, name)


def test_the_subject_is_the_partners_reference_of_the_person(bank: None) -> None:
    by_link("gil")
    visitor = browser()
    answer = provider.logs_in(sent(visitor), "gil")
    assert visitor.opens(CALLBACK, **answer).location == "/home/"
    assert account_of(visitor) == "river-gil"


def test_somebody_new_reads_the_consent_first(bank: None) -> None:
    visitor = browser()
    assert visitor.opens(CALLBACK, **provider.logs_in(sent(visitor), "hal")).location == "/join/"
    page = visitor.opens("/join/")
    assert "Bank says that you are its customer" in page.text
    assert account("river-hal") is None
    assert visitor.goes_on(page).location == "/home/"
    assert account_of(visitor) == "river-hal"


def test_a_wrong_state_or_none_is_refused(bank: None) -> None:
    for wrong in ("", "x" * 32, "状态"):
        visitor = browser()
        answer = provider.logs_in(sent(visitor), "ada")
        assert refused(visitor.opens(CALLBACK, **{**answer, "state": wrong}))
        assert refused(visitor.opens(CALLBACK, **answer))  # the visit was good once
        assert visitor.opens("/home/").location == "/log-in/"


def test_an_answer_that_was_made_for_another_browser_is_refused(bank: None) -> None:
    attacker, victim = browser(), browser()
    answer = provider.logs_in(sent(attacker), "ada")
    assert refused(victim.opens(CALLBACK, **answer))
    sent(victim)
    assert refused(victim.opens(CALLBACK, **answer))
    assert victim.opens("/home/").location == "/log-in/"


def test_a_code_is_good_once_even_with_a_fresh_state(bank: None) -> None:
    visitor = browser()
    answer = provider.logs_in(sent(visitor), "ada")
    assert visitor.opens(CALLBACK, **answer).location == "/home/"
    other = browser()
    state = provider.asked(sent(other), "state")
    assert refused(other.opens(CALLBACK, code=answer["code"], state=state))
    assert other.opens("/home/").location == "/log-in/"


def test_who_says_no_at_the_provider_is_told_so(bank: None) -> None:
    visitor = browser()
    state = provider.asked(sent(visitor), "state")
    assert refused(visitor.opens(CALLBACK, error="access_denied", state=state))


def comes_back(liar: provider.Liar, **more: str) -> tuple[Browser, Page]:
    visitor = browser()
    address = sent(visitor)
    liar.nonce = provider.asked(address, "nonce")
    state = provider.asked(address, "state")
    return visitor, visitor.opens(CALLBACK, code="c", state=state, **more)


def test_what_the_lying_provider_says_is_believed_when_it_tells_the_truth(
    liar: provider.Liar,
) -> None:
    by_link("gil")
    visitor, page = comes_back(liar)
    assert page.location == "/home/"
    assert account_of(visitor) == "river-gil"


@pytest.mark.parametrize(
    "lie",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"iss": "https://elsewhere.example"},
        {"aud": "another client"},
        {"aud": ["tanzhang", "another"]},
        {"azp": "another client"},
        {"exp": int(time.time()) - 3600},
        {"exp": None},
        {"iat": int(time.time()) + 3600},
        {"nbf": int(time.time()) + 3600},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 201},
        {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
    ],
    ids=lambda lie: next(iter(lie)),
)
def test_an_id_token_that_says_otherwise_opens_nothing(
    liar: provider.Liar, lie: dict[str, Any]
) -> None:
    by_link("gil")

    def told(said: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in (said | lie).items() if value is not None}

    liar.claims = told
    visitor, page = comes_back(liar)
    assert refused(page)
    assert visitor.opens("/home/").location == "/log-in/"


def by_another_key(told: dict[str, Any]) -> str:
    return jwt.encode({"alg": "RS256", "kid": "k1"}, told, RSAKey.generate_key(2048))


def by_the_secret(told: dict[str, Any]) -> str:
    return jwt.encode({"alg": "HS256"}, told, OctKey.import_key(provider.SECRET))


@pytest.mark.parametrize(
    "sign",
    [provider.unsigned, by_another_key, by_the_secret, lambda told: "not.a.token"],
    ids=["alg none", "another key", "shared secret", "no token"],
)
def test_an_id_token_that_the_provider_did_not_sign_opens_nothing(
    liar: provider.Liar, sign: Callable[[dict[str, Any]], str]
) -> None:
    by_link("gil")
    liar.sign = sign
    visitor, page = comes_back(liar)
    assert refused(page)
    assert visitor.opens("/home/").location == "/log-in/"


def test_an_answer_in_the_name_of_another_issuer_is_refused(liar: provider.Liar) -> None:
    _, page = comes_back(liar, iss="https://elsewhere.example")
    assert refused(page)


def test_a_description_of_another_issuer_is_refused(liar: provider.Liar) -> None:
    liar.description = {"issuer": "https://elsewhere.example"}
    assert refused(browser().opens("/enter/oidc/bank/"))


def test_a_phone_counts_only_if_the_provider_has_checked_it(liar: provider.Liar) -> None:
    by_link("gil")
    for checked, phone in ((False, "10000000005"), (True, "10000000006")):
        liar.claims = lambda said, checked=checked, phone=phone: (  # type: ignore[misc]
            said | {"phone_number": phone, "phone_number_verified": checked}
        )
        comes_back(liar)
    visitor = browser()
    visitor.sends("/log-in/", phone="10000000006")
    shown = visitor.opens("/log-in/code/").text.partition("Your code is ")[2][:6]
    assert visitor.sends("/log-in/code/", code=shown).location == "/home/"
    visitor = browser()
    visitor.sends("/log-in/", phone="10000000005")
    shown = visitor.opens("/log-in/code/").text.partition("Your code is ")[2][:6]
    assert visitor.sends("/log-in/code/", code=shown).status == 422


@pytest.mark.parametrize("said", ["false", "no", "0", 0, False, None, ["false"]])
def test_who_the_provider_says_is_not_of_age_is_not(liar: provider.Liar, said: object) -> None:
    by_link("gil")
    liar.claims = lambda token: token | {"adult": said}
    comes_back(liar)
    found = account("river-gil")
    assert found is not None
    assert vouchers(found.id) == {}
    for yes in (True, "true"):
        liar.claims = lambda token, yes=yes: token | {"adult": yes}  # type: ignore[misc]
        comes_back(liar)
        assert vouchers(found.id) == {ADULT: [partner("bank").id]}


def test_a_partner_that_is_off_or_may_not_hand_over_sends_nobody(bank: None) -> None:
    number = partner("bank").id
    suspend(number, reason="a test", by="test")
    assert browser().opens("/enter/oidc/bank/").status == 403
    resume(number, reason="a test", by="test")
    assert sent(browser())
    agreed = next(one for one in agreements(number) if one.kind == "hand_over")
    end_agreement(number, agreed.id, reason="a test", by="test")
    assert "agreement" in browser().opens("/enter/oidc/bank/").text


def test_a_partner_without_a_provider_says_so_and_a_dead_one_too(
    tmp_path: Path,
) -> None:
    bank_ready()
    assert "no identity provider here" in browser().opens("/enter/oidc/bank/").text
    assert browser().opens("/enter/oidc/nobody/").status == 403
    provider.known_as_provider(tmp_path, "http://127.0.0.1:9")
    page = browser().opens("/enter/oidc/bank/")
    assert page.status == 502
    assert "does not answer" in page.text
