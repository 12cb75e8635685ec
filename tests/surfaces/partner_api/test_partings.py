"""Partners part from the platform, and from each other, and nobody else notices."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from river.books import ask
from river.checks import faults
from surfaces.partner_api.reports import batch, event
from surfaces.partner_api.signing import Answer, Partner
from tanzhang.apps.activities.api import (
    carry_on_suspicions,
    digest,
    distrust_key,
    drain,
    held_events,
)
from tanzhang.apps.partners import api as partners
from tanzhang.apps.partners.api import AgreementKind, Terms, partner
from tanzhang.apps.people import api as people
from tanzhang.crypto import Algorithm, generate

pytestmark = pytest.mark.database


@pytest.fixture
def reading(bikes: Partner, bank: Partner) -> Partner:
    """The bank reads ada's balance, to which the bikes have added a ride. It is all settled."""
    partners.agree(partner("bank").id, Terms(AgreementKind.READ_BALANCE), by="the tests")
    [ref] = people.person_refs(people.installation_secret(), "bank", ["ada"])
    account = people.account_by_ref(partner("bank").id, ref)
    assert account
    text = people.current_wording(people.SHARE_BALANCE)
    people.share(account, partner("bank").id, text_id=text.id, at_us=0)
    assert bikes.post("/v1/events:batch", batch(event("e1"))).status == 200
    drain()
    return bank


def asked(reader: Partner) -> Answer:
    signed = {"content_type": "application/json", "idempotency_key": ""}
    return reader.post("/v1/balance:read", b'{"person":"ada"}', signed=signed)


def read(reader: Partner) -> Any:
    answer = asked(reader)
    assert answer.status == 200, answer.body
    told = answer.json()
    return {name: told[name] for name in ("reduction_mg", "rows")}


def end_the_agreement() -> None:
    [made] = [
        made
        for made in partners.agreements(partner("bikes").id)
        if made.kind is AgreementKind.REPORT and made.valid_until is None
    ]
    partners.end_agreement(partner("bikes").id, made.id, reason="it parts", by="ling")


@pytest.mark.parametrize(
    ("leave", "code"),
    [
        (end_the_agreement, "SCOPE_DENIED"),
        (
            lambda: partners.suspend(partner("bikes").id, reason="odd", by="ling"),
            "PARTNER_SUSPENDED",
        ),
        (
            lambda: partners.close(partner("bikes").id, reason="over", by="ling"),
            "PARTNER_SUSPENDED",
        ),
    ],
)
def test_one_member_leaves_and_anothers_reads_and_balances_stay(
    bikes: Partner, reading: Partner, leave: Callable[[], None], code: str
) -> None:
    before = read(reading), digest(), balances()
    assert before[0]["reduction_mg"] > 0
    leave()
    refused = bikes.post("/v1/events:batch", batch(event("e2")))
    assert (refused.status, refused.code) == (403, code)
    drain()
    assert (read(reading), digest(), balances()) == before
    bill = event("p1", partner="bank", data={"scene": "bike", "inputs": {"distance_m": 1000}})
    later = {"time": "2025-05-04T08:00:00+08:00"}
    late = bill | later | {"data": bill["data"] | {"ended_at": "2025-05-04T08:10:00+08:00"}}
    assert reading.post("/v1/events:batch", batch(late)).json()["counts"]["accepted"] == 1
    assert faults() == {}


def test_the_reader_leaves_and_what_is_reported_stays(bikes: Partner, reading: Partner) -> None:
    before = digest(), balances()
    [made] = [
        made
        for made in partners.agreements(partner("bank").id)
        if made.kind is AgreementKind.READ_BALANCE
    ]
    partners.end_agreement(partner("bank").id, made.id, reason="it parts", by="ling")
    assert asked(reading).code == "SCOPE_DENIED"
    assert (digest(), balances()) == before
    assert bikes.post("/v1/events:batch", batch(event("e1"))).json()["counts"]["duplicate"] == 1


def balances() -> list[Any]:
    return sorted(ask("select account_id, reduction_mg, points from balance"))


def test_a_stolen_key_is_refused_at_once_and_the_other_one_works_on(bikes: Partner) -> None:
    good = Partner("bikes", generate(Algorithm.SM2))
    partners.add_key(partner("bikes").id, good.key.public)
    since = datetime.now(UTC) - timedelta(seconds=1)
    assert bikes.post("/v1/events:batch", batch(event("e1"))).status == 200
    drain()
    distrust_key(partner("bikes").id, bikes.key.key_id, since=since, by="ling")
    refused = bikes.post("/v1/events:batch", batch(event("e2")))
    assert (refused.status, refused.code) == (401, "KEY_REVOKED")
    assert carry_on_suspicions() == 0
    drain()
    assert len(held_events(9)) == 1
    told = good.get("/v1/events/e1").json()
    assert (told["outcome"]["status"], told["outcome"]["reduction_mg"]) == ("held", 0)
    again = good.post("/v1/events:batch", batch(event("e1")))
    assert again.json()["items"][0]["outcome"] == "duplicate"
    drain()
    assert good.get("/v1/events/e1").json()["outcome"]["status"] == "credited"
    assert faults() == {}


@dataclass
class Sender:
    """A partner's program that sends without a pause, and never looks back."""

    partner: Partner
    prefix: str
    answers: list[Answer]

    def run(self, should_stop: threading.Event) -> None:
        from django.db import connections

        count = 0
        while not should_stop.is_set():
            count += 1
            sent = batch(event(f"{self.prefix}{count}"))
            self.answers.append(self.partner.post("/v1/events:batch", sent))
        connections.close_all()


def test_a_rotation_under_load_loses_no_call(bikes: Partner) -> None:
    """Three senders; in the middle the new key is announced, taken up by each, the old one over."""
    number = partner("bikes").id
    new = generate(Algorithm.P256)
    old_id = bikes.key.key_id
    senders = [Sender(Partner("bikes", bikes.key), f"s{place}-", []) for place in range(3)]
    over = threading.Event()
    threads = [threading.Thread(target=sender.run, args=(over,)) for sender in senders]
    for thread in threads:
        thread.start()
    wait_for(lambda: all(len(sender.answers) >= 3 for sender in senders))
    partners.rotate_key(number, new.public, overlap=timedelta(seconds=4))
    for sender in senders:
        sender.partner.key = new
    seen = [len(sender.answers) for sender in senders]
    wait_for(lambda: all(len(s.answers) >= n + 3 for s, n in zip(senders, seen, strict=True)))
    wait_for(lambda: state_of(old_id) == "expired")
    over.set()
    for thread in threads:
        thread.join(60)
    answers = [answer for sender in senders for answer in sender.answers]
    assert {answer.status for answer in answers} == {200}
    assert all(answer.json()["counts"]["accepted"] == 1 for answer in answers)
    used = dict(ask("select key_id, count(*) from batch group by key_id"))
    assert set(used) == {old_id, new.key_id}
    assert sum(used.values()) == len(answers)
    assert Partner("bikes", bikes.key).post("/v1/events:batch", batch()).code == "KEY_EXPIRED"


def state_of(key_id: str) -> str:
    entry = partners.key_owner(key_id)
    assert entry is not None
    return entry.state(datetime.now(UTC))


def wait_for(true: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)
