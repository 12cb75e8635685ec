"""One-time codes: five minutes, five guesses, one log-in, and no word about who has an account."""

from __future__ import annotations

import inspect
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from people_world import opening

from clean_database import Database
from tanzhang.apps.people import api as people
from tanzhang.apps.people import codes
from tanzhang.apps.people.providers import CodeProvider
from tanzhang.problems import Problem

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake", "demo_codes")]

PHONE, STRANGER, HERE = "100 0000 0001", "10000000002", "192.0.2.1"
NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)


@pytest.fixture
def demo_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANZHANG_CODES", "demo")


def account_with_phone() -> people.AccountEntry:
    index = people.phone_index(people.installation_secret(), PHONE)
    return people.open_account(replace(opening("ada"), phone_index=index))[0]


def refusal(asked: int, typed: str, at: datetime = NOW) -> str:
    with pytest.raises(Problem) as refused:
        people.check_code(asked, typed, at)
    return refused.value.code


def shown(phone: str = PHONE, at: datetime = NOW) -> tuple[int, str]:
    asked = people.ask_code(phone, HERE, at)
    assert asked.shown is not None
    return asked.id, asked.shown


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_the_right_code_opens_the_account_once() -> None:
    account = account_with_phone()
    asked, code = shown()
    assert people.check_code(asked, f" {code[:3]} {code[3:]} ", NOW) == account.id
    assert refusal(asked, code) == "people.code_expired"


def test_a_code_that_is_five_minutes_old_opens_nothing() -> None:
    account_with_phone()
    asked, code = shown()
    assert refusal(asked, code, NOW + timedelta(minutes=5)) == "people.code_expired"


def test_after_five_guesses_even_the_right_code_is_refused() -> None:
    account_with_phone()
    asked, code = shown()
    for _ in range(5):
        assert refusal(asked, wrong(code)) == "people.code_wrong"
    assert refusal(asked, code) == "people.code_expired"


def test_an_unknown_phone_is_answered_as_a_known_one_until_the_code_is_right() -> None:
    account_with_phone()
    known, _ = shown()
    asked, code = shown(STRANGER)
    assert refusal(asked, wrong(code)) == refusal(known, "000000000") == "people.code_wrong"
    assert refusal(asked, code) == "people.phone_unknown"


class Silent:
    """A provider as it is for real: what it sends is seen on the phone alone."""

    reaches_strangers = False
    sent: list[str] = []  # noqa: RUF012

    def deliver(self, phone: str, code: str) -> str | None:
        self.sent.append(phone)
        return None


def test_a_provider_of_the_operators_own_is_named_and_sends_to_known_phones_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    provider: CodeProvider = Silent()
    monkeypatch.setenv("TANZHANG_CODES", f"{__name__}:{type(provider).__name__}")
    account_with_phone()
    known, stranger = people.ask_code(PHONE, HERE, NOW), people.ask_code(STRANGER, HERE, NOW)
    assert (known.shown, stranger.shown) == (None, None)
    assert Silent.sent == ["+8610000000001"]


def test_without_a_provider_nobody_logs_in_by_phone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TANZHANG_CODES")
    monkeypatch.setattr(settings, "DEMO", False)
    with pytest.raises(Problem) as refused:
        people.ask_code(PHONE, HERE, NOW)
    assert refused.value.code == "people.codes_unavailable"


def test_one_phone_gets_five_codes_an_hour_from_wherever() -> None:
    for number in range(5):
        people.ask_code(PHONE, f"192.0.2.{number}", NOW)
    with pytest.raises(Problem) as refused:
        people.ask_code(PHONE, "192.0.2.99", NOW)
    assert refused.value.code == "people.codes_too_many"
    people.ask_code(PHONE, HERE, NOW + timedelta(hours=1, seconds=1))


def test_one_address_gets_thirty_codes_an_hour_for_whomever() -> None:
    for number in range(30):
        people.ask_code(f"100{number:08d}", HERE, NOW)
    with pytest.raises(Problem) as refused:
        people.ask_code("10099999999", HERE, NOW)
    assert refused.value.code == "people.codes_too_many"
    people.ask_code("10099999999", "192.0.2.2", NOW)


def test_neither_phone_nor_code_nor_address_is_stored(database: Database) -> None:
    _, code = shown()
    with database.connect() as connection:
        stored = connection.execute("select row_to_json(c)::text from one_time_code c").fetchall()
    assert not any(secret in stored[0][0] for secret in ("10000000001", HERE, f'"{code}"'))


def test_old_codes_are_thrown_away(database: Database) -> None:
    shown(at=NOW)
    shown(at=NOW + timedelta(days=1, seconds=1))
    with database.connect() as connection:
        assert connection.execute("select count(*) from one_time_code").fetchone() == (1,)


def test_codes_are_compared_in_constant_time() -> None:
    assert "compare_digest" in inspect.getsource(codes.check_code)
