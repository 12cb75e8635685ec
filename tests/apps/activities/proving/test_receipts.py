"""Receipts from real books, in which everything happened, verify offline and say what is true."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from clean_database import Database
from river.books import ask, key, rows_of
from river.reports import act, hand_in
from river.rules import put_in_force
from river.streams import arrive, order_holds, stream
from tanzhang.apps.activities.api import Evidence, act_receipt, drain, sample_receipts
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.ledger import api as ledger
from tanzhang.apps.people.api import AccountEntry, account, installation
from tanzhang.crypto import KeyStore, Purpose, open_store
from tanzhang.problems import Problem
from tanzhang.proofs import Trust, Verdict, canonical, key_file, read_key_file, verify_file

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]


@dataclass
class Carrier:
    """A citizen with the key file of some day, and receipts in a drawer."""

    keys: KeyStore

    def trust(self) -> Trust:
        """The key file of now."""
        self.keys.current(Purpose.ROOT), self.keys.current(Purpose.SIGN)
        return read_key_file(key_file(installation().id_text, self.keys.published()))

    def evidence(self) -> Evidence:
        return Evidence(rulebook_in_force(), self.keys)

    def receipt(self, external_id: str, partner: str = "bikes", person: str = "ada") -> bytes:
        """The receipt of an event as it stands now."""
        event = key(partner, external_id).hex()
        return canonical(act_receipt(holder(person), event, self.evidence()))


@pytest.fixture
def carrier(tmp_path: Path) -> Carrier:
    return Carrier(open_store(tmp_path, {}))


def holder(person: str = "ada") -> AccountEntry:
    found = account(f"river-{person}")
    assert found is not None
    return found


def judged(document: bytes, trust: Trust) -> Verdict:
    (verdict,) = verify_file("receipt", document, trust)
    return verdict


def said(document: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(document)
    return found


def test_receipts_of_everything_that_ever_happens_verify(carrier: Carrier) -> None:
    """Corrections, moves between months and accounts, holds, withdrawals, another factor."""
    told = stream(31)
    arrive(told.rows)
    order_holds(told)
    put_in_force("another factor")
    drain()
    found = [*sample_receipts(10_000, carrier.evidence())]
    trust = carrier.trust()
    totals: dict[str, list[int]] = {}
    for receipt in found:
        verdict = judged(canonical(receipt), trust)
        assert verdict.problem is None
        sums = totals.setdefault(receipt["account"], [0, 0])
        sums[0] += verdict.facts["total_mg"]
        sums[1] += verdict.facts["total_points"]
    assert len(found) == ask("select count(distinct event_key) from event_identity")[0][0]
    posted = [
        (mg, points)
        for mg, points in ask("select reduction_mg, points from balance")
        if mg or points
    ]
    assert len(posted) >= 6
    assert sorted(tuple(sums) for sums in totals.values() if any(sums)) == sorted(posted)
    numbers = {o["leaf"]["outcome_no"] for receipt in found for o in receipt["outcomes"]}
    assert max(numbers) > 1  # some have a history


def test_a_receipt_says_the_method_the_figures_and_the_result_in_both_languages(
    carrier: Carrier,
) -> None:
    hand_in(act("b1", "05-30 08:00"))
    drain()
    receipt = said(carrier.receipt("b1"))
    assert receipt["total_mg"] == rows_of("bikes", "b1")[0].mg == 97_400
    (method,) = receipt["methods"]
    digests = ask(
        "select encode(digest, 'hex') from pack_version v join pack p on p.id = pack_id"
        " where code = %s and version = %s",
        [method["pack"], method["version"]],
    )
    assert digests == [(method["digest"],)]
    for lang, word in (("en", "km"), ("zh", "公里")):
        words = receipt["reading"][lang]
        assert words["explanation"]["reduction_mg"] == 97_400
        assert word in words["explanation"]["sentence"]
        assert words["explanation"]["factors"][0]["source"]
    assert receipt["outcomes"][0]["leaf"]["inputs"] == [2000, None, None, None]


def test_a_receipt_holds_no_name_of_the_person(carrier: Carrier) -> None:
    hand_in(act("b1", "05-30 08:00"))
    drain()
    text = carrier.receipt("b1").decode()
    assert "ada" not in re.findall(r"\w+", text.replace("Canada", ""))  # digests spell many things
    assert '"handle"' not in text


def test_a_receipt_makes_the_root_that_it_needs(carrier: Carrier) -> None:
    hand_in(act("b1", "05-30 08:00"))
    drain()
    assert ledger.latest_root() is None
    receipt = said(carrier.receipt("b1"))
    root = ledger.latest_root()
    assert root is not None
    assert receipt["root"] == root.parsed()
    carrier.receipt("b1")
    assert ledger.latest_root() == root  # nothing new, no new root


def test_a_correction_is_a_difference_in_the_next_receipt(carrier: Carrier) -> None:
    hand_in(act("b1", "05-30 08:00"))
    drain()
    old = carrier.receipt("b1")
    hand_in(act("b1", "05-30 08:00", revision=1, distance_m=1000))
    drain()
    new = carrier.receipt("b1")
    trust = carrier.trust()
    assert judged(old, trust).facts["total_mg"] == 97_400
    facts = judged(new, trust).facts
    assert (facts["total_mg"], len(facts["outcomes"])) == (48_700, 2)
    roots = said(new)["root"], ledger.consistency(said(old)["root"]["size"], facts["root_size"])
    replayed = verify_file("receipt", old, trust, roots[0])[0].problem
    assert replayed is not None
    assert replayed.code == "proofs.root_unconnected"
    assert verify_file("receipt", old, trust, roots[1])[0].problem is None


def test_receipts_of_before_still_verify_after_a_rotation_and_a_factor_revision(
    carrier: Carrier, tmp_path: Path
) -> None:
    hand_in(act("b1", "05-31 08:00"))
    drain()
    old, old_trust = carrier.receipt("b1"), carrier.trust()
    before = {p: carrier.keys.current(p) for p in (Purpose.SIGN, Purpose.ROOT)}
    for purpose, key_of_before in before.items():
        carrier.keys.create(purpose)
        carrier.keys.retire(key_of_before.key_id, datetime.now(UTC))
    restarted = Carrier(open_store(tmp_path, {}))  # another process, another day
    put_in_force("another factor")
    drain()
    assert len(rows_of("bikes", "b1")) == 2
    new = restarted.receipt("b1")
    for trust in (old_trust, restarted.trust()):
        assert judged(old, trust).facts["total_mg"] == 97_400
        assert judged(new, trust).facts["total_mg"] == rows_of("bikes", "b1")[0].mg + (
            rows_of("bikes", "b1")[1].mg
        )
    used = {said(r)["signature"]["key_id"] for r in (old, new)}
    assert len(used) == 2
    assert [m["version"] for m in said(new)["methods"]] == ["1", "2"]


def test_an_act_that_is_not_hers_gets_no_receipt(carrier: Carrier) -> None:
    hand_in(act("b1", "05-30 08:00", person="bo"))
    drain()
    with pytest.raises(Problem, match="event_unknown"):
        carrier.receipt("b1")


def test_an_act_that_waits_gets_its_receipt_later(carrier: Carrier) -> None:
    hand_in(act("b1", "05-30 08:00"))
    with pytest.raises(Problem, match="event_waiting"):
        carrier.receipt("b1")


def test_rows_that_somebody_altered_give_no_receipt(carrier: Carrier, database: Database) -> None:
    hand_in(act("b1", "05-30 08:00"), act("b2", "05-30 09:00", person="bo"))
    drain()
    with database.connect("owner", autocommit=True) as owner:
        owner.execute("update activity set credited_mg = credited_mg + 1, gross_mg = gross_mg + 1")
    with pytest.raises(Problem) as refused:
        [*sample_receipts(1, carrier.evidence())]
    assert refused.value.code == "ledger.leaves_differ"


def test_a_sample_is_spread_over_the_log_and_the_same_each_time(carrier: Carrier) -> None:
    for number in range(20):
        hand_in(act(f"b{number}", f"05-{10 + number} 08:00"))
        drain()
    found = [*sample_receipts(4, carrier.evidence())]
    assert [receipt["outcomes"][0]["entry"]["position"] for receipt in found] == [1, 6, 11, 16]
    again = [*sample_receipts(4, carrier.evidence())]
    assert [r["event_key"] for r in again] == [r["event_key"] for r in found]
    everything = [*sample_receipts(100, carrier.evidence())]
    assert len({r["event_key"] for r in everything}) == 20


def test_an_empty_log_has_no_sample(carrier: Carrier) -> None:
    with pytest.raises(Problem, match="nothing_logged"):
        [*sample_receipts(1, carrier.evidence())]
