"""One-time codes: five minutes, five guesses, one log-in, and no word about who has an account."""

from __future__ import annotations

import inspect
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from queue import SimpleQueue
from threading import Event

import pytest
from at_once import Meeting, at_once
from people_world import opening

from clean_database import Database
from tanzhang.apps.people import api as people, codes
from tanzhang.apps.people.providers import CodeProvider
from tanzhang.config.logs import JsonLines
from tanzhang.problems import Problem

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake", "demo_codes")]

PHONE, STRANGER, HERE = "100 0000 0001", "10000000002", "192.0.2.1"
NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)


@pytest.fixture
def demo_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANZHANG_CODES", "demo")


def account_with_phone() -> people.AccountEntry:
    return people.open_account(replace(opening("ada"), phone=PHONE))[0]


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

    sent: SimpleQueue[str] = SimpleQueue()
    may_send = Event()

    def deliver(self, phone: str, code: str) -> None:
        assert self.may_send.wait(10)
        self.sent.put(phone)


class Broken:
    """A provider that cannot reach anybody, and says so in words that hold the number."""

    def deliver(self, phone: str, code: str) -> None:
        raise OSError(f"no way to {phone}")


def test_a_provider_of_the_operators_own_is_named_and_sends_to_known_phones_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    provider: CodeProvider = Silent()
    monkeypatch.setenv("TANZHANG_CODES", f"{__name__}:{type(provider).__name__}")
    account_with_phone()
    known, stranger = people.ask_code(PHONE, HERE, NOW), people.ask_code(STRANGER, HERE, NOW)
    assert (known.shown, stranger.shown) == (None, None)
    assert (
        Silent.sent.empty()
    )  # who asks is answered before the message goes, however long it takes
    Silent.may_send.set()
    assert Silent.sent.get(timeout=60) == "+8610000000001"
    assert Silent.sent.empty()


def test_a_message_that_cannot_be_sent_is_noted_without_the_number(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("TANZHANG_CODES", f"{__name__}:Broken")
    account_with_phone()
    assert people.ask_code(PHONE, HERE, NOW).shown is None
    deadline = time.monotonic() + 60
    while not caplog.records and time.monotonic() < deadline:
        time.sleep(0.01)
    (said,) = caplog.records
    assert "10000000001" not in JsonLines().format(said)
    assert "could not be delivered" in said.getMessage()


@pytest.mark.parametrize("named", ["", "demo"])
def test_where_people_are_real_no_code_is_shown(
    monkeypatch: pytest.MonkeyPatch, database: Database, named: str
) -> None:
    monkeypatch.setenv("TANZHANG_CODES", named)
    database.turn("live")
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


def test_one_phone_gets_ten_codes_a_day() -> None:
    for number in range(10):
        people.ask_code(PHONE, f"192.0.2.{number}", NOW + number * timedelta(hours=1))
    late = NOW + timedelta(hours=12)
    with pytest.raises(Problem) as refused:
        people.ask_code(PHONE, "192.0.2.99", late)
    assert refused.value.code == "people.codes_too_many_today"
    people.ask_code(PHONE, "192.0.2.99", NOW + timedelta(hours=24, seconds=1))


def test_one_network_gets_a_hundred_codes_a_day() -> None:
    for number in range(100):
        people.ask_code(f"100{number:08d}", HERE, NOW + number // 25 * timedelta(hours=2))
    with pytest.raises(Problem) as refused:
        people.ask_code("10099999999", HERE, NOW + timedelta(hours=12))
    assert refused.value.code == "people.codes_too_many_today"


def test_a_household_with_many_addresses_is_one() -> None:
    for number in range(30):
        people.ask_code(f"100{number:08d}", f"2001:db8:1:2::{number:x}", NOW)
    with pytest.raises(Problem) as refused:
        people.ask_code("10099999999", "2001:db8:1:2:ffff::1", NOW)
    assert refused.value.code == "people.codes_too_many"
    people.ask_code("10099999999", "2001:db8:1:3::1", NOW)


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
    assert "compare_digest" in inspect.getsource(codes.use_code)


def test_of_two_who_type_one_code_at_once_one_is_let_in() -> None:
    account = account_with_phone()
    asked, code = shown()
    answers = at_once(*2 * [lambda: people.check_code(asked, code, NOW)])
    assert sorted(answers, key=str) == [account.id, "people.code_expired"]


def test_guesses_at_once_are_five_as_well() -> None:
    account_with_phone()
    asked, code = shown()
    answers = at_once(*12 * [lambda: people.check_code(asked, wrong(code), NOW)])
    assert answers.count("people.code_wrong") == 5
    assert answers.count("people.code_expired") == 7


def test_two_who_ask_at_once_from_one_network_are_counted_both(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(29):
        people.ask_code(f"100{number:08d}", HERE, NOW)
    monkeypatch.setattr(codes, "_check_rate", Meeting().after(codes._check_rate))
    ask = [partial(people.ask_code, f"1009999999{number}", HERE, NOW) for number in (1, 2)]
    assert at_once(*ask).count("people.codes_too_many") == 1


def test_a_code_that_was_used_vouches_for_one_step_more() -> None:
    account_with_phone()
    asked, code = shown()
    with pytest.raises(Problem, match="code_expired"):
        people.spend_code(asked)
    people.check_code(asked, code, NOW)
    answers = at_once(*2 * [lambda: people.spend_code(asked)])
    assert sorted(answers, key=str) == [None, "people.code_expired"]
