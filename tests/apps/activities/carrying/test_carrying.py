"""A citizen carries her acts to another installation, where each counts once and no more.

One database is two installations in turn: the one that she leaves has another name; between the two
it is emptied.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.db import connections

from clean_database import Database
from river.reports import act, hand_in
from tanzhang.apps.activities import api as activities
from tanzhang.apps.activities.api import Evidence, drain, verify
from tanzhang.apps.activities.carrying import making
from tanzhang.apps.activities.carrying.trusting import trust_in
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.people import api as people
from tanzhang.crypto import Algorithm, Purpose, open_store, rotate
from tanzhang.crypto.keystore.directory import DirectoryStore
from tanzhang.problems import Problem
from tanzhang.proofs import canonical, key_file, parse, read_key_file, verify_statement

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

FAR_AWAY = bytes.fromhex("00112233445566ff")

RIDES = (act("b1", "05-03 08:00"), act("b2", "05-04 08:00"), act("b3", "05-05 08:00"))


def account(partner: str = "bikes", person: str = "ada") -> people.AccountEntry:
    """The account behind a partner's reference."""
    from tanzhang.apps.partners.api import partner as partner_by_code

    [ref] = people.person_refs(people.installation_secret(), partner, [person])
    found = people.account_by_ref(partner_by_code(partner).id, ref)
    assert found
    return found


@dataclass
class Journey:
    """The two ends of a way: where acts are left, and where they arrive."""

    database: Database
    folder: Path
    empty: Callable[..., None]

    @property
    def evidence(self) -> Evidence:
        return Evidence(rulebook_in_force(), open_store(self.folder, {}))

    def leave(self, code: str, *rides: dict[str, Any]) -> tuple[bytes, bytes]:
        """A statement over these rides from far away, and that installation's key file."""
        with self.database.connect("owner") as owner:
            owner.execute("update installation set public_id = %s", [FAR_AWAY])
        hand_in(*rides)
        drain()
        return self.statement(code)

    def statement(self, code: str) -> tuple[bytes, bytes]:
        evidence = self.evidence
        made = activities.carry(account(), activities.read_code(code), evidence)
        evidence.keys.current(Purpose.ROOT)
        keys = key_file(people.installation().id_text, evidence.keys.published())
        return canonical(made.document), keys

    def arrive(self, keys: bytes, *rides: dict[str, Any]) -> None:
        """Here again, where these rides were reported and the far installation is believed."""
        self.empty()
        if rides:
            hand_in(*rides)
            drain()
        activities.trust_installation(keys, title_zh="远方", title_en="Far away", by="the tests")


@pytest.fixture
def journey(database: Database, tmp_path: Path, afresh: Callable[..., None]) -> Journey:
    return Journey(database, tmp_path, afresh)


@pytest.fixture
def code() -> str:
    """Where ada carries to: her account here."""
    return activities.carrying_code(account().id)


def reasons(taken: activities.Taken) -> list[str]:
    return [answer.reason for answer in taken.answers]


def balance() -> int:
    from tanzhang.apps.database import bulk_transaction
    from tanzhang.apps.ledger.api import balance_of

    own = account()
    with bulk_transaction() as cursor:
        return balance_of(cursor, own.subject_id, own.id)[0]


def test_what_is_carried_counts_once_beside_the_balance(journey: Journey, code: str) -> None:
    document, keys = journey.leave(code, *RIDES)
    left = balance()
    journey.arrive(keys)
    taken = activities.take_statement(document, account())
    assert reasons(taken) == ["", "", ""]
    carried = activities.luggage(account(), rulebook_in_force())
    assert (carried.total_mg, len(carried.lines)) == (left, 3)
    assert balance() == 0, "no gram of it is ours"
    assert verify().ok


def test_the_same_statement_again_changes_nothing(journey: Journey, code: str) -> None:
    document, keys = journey.leave(code, *RIDES)
    journey.arrive(keys)
    first = activities.take_statement(document, account())
    assert activities.take_statement(document, account()) == first
    assert activities.statements_of(account().id) == [first]


def test_another_statement_with_the_same_acts_brings_the_new_ones_alone(
    journey: Journey, code: str
) -> None:
    journey.leave(code, *RIDES[:2])
    first, _ = journey.statement(code)
    hand_in(RIDES[2])
    drain()
    second, keys = journey.statement(code)
    journey.arrive(keys)
    activities.take_statement(first, account())
    taken = activities.take_statement(second, account())
    assert reasons(taken) == ["already_carried", "already_carried", ""]
    assert len(taken.accepted) == 1
    assert len(taken.refused) == 2


def test_an_act_that_is_counted_here_is_refused(journey: Journey, code: str) -> None:
    document, keys = journey.leave(code, *RIDES)
    here = act("other-id", "05-04 08:05")
    journey.arrive(keys, here)
    assert reasons(activities.take_statement(document, account())) == ["", "counted_here", ""]


def test_an_act_that_is_reported_here_later_counts_here_and_the_carried_one_no_more(
    journey: Journey, code: str
) -> None:
    document, keys = journey.leave(code, *RIDES)
    journey.arrive(keys)
    activities.take_statement(document, account())
    before = activities.luggage(account(), rulebook_in_force()).total_mg
    hand_in(act("other-id", "05-04 08:05"))
    drain()
    carried = activities.luggage(account(), rulebook_in_force())
    assert [line.counts for line in carried.lines] == [True, False, True]
    assert carried.total_mg < before


def test_a_statement_is_worth_nothing_to_anybody_else(journey: Journey, code: str) -> None:
    document, keys = journey.leave(code, *RIDES)
    journey.arrive(keys)
    with pytest.raises(Problem, match=r"carrying\.audience_other"):
        activities.take_statement(document, account(person="bo"))


def test_a_statement_that_was_changed_or_of_a_stranger_is_refused_whole(
    journey: Journey, code: str
) -> None:
    document, keys = journey.leave(code, *RIDES)
    journey.empty()
    with pytest.raises(Problem, match=r"carrying\.installation_unknown"):
        activities.take_statement(document, account())
    journey.arrive(keys)
    richer = parse(document)
    richer["entries"][0]["total_mg"] += 1
    with pytest.raises(Problem, match=r"proofs\."):
        activities.take_statement(canonical(richer), account())
    assert activities.statements_of(account().id) == []


def test_an_act_is_carried_to_one_installation_alone(journey: Journey, code: str) -> None:
    journey.leave(code, *RIDES[:2])
    elsewhere = activities.read_code(code).__class__("aaaaaaaaaaaaaaaa", bytes(16))
    with pytest.raises(Problem, match=r"carrying\.nothing_to_carry"):
        activities.carry(account(), elsewhere, journey.evidence)
    hand_in(RIDES[2])
    drain()
    made = activities.carry(account(), elsewhere, journey.evidence)
    assert (made.acts, made.left_behind) == (1, 2)


def elsewhere_meanwhile(work: Callable[[], object]) -> None:
    """Do something on a connection of its own, to the end."""

    def alone() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = Thread(target=alone)
    thread.start()
    thread.join()


def test_a_settlement_that_falls_between_two_looks_harms_no_statement(
    journey: Journey, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    look, looks = making.current_acts, []

    def disturbed(*given: Any) -> Any:
        found = look(*given)
        looks.append(len(found))

        def correct() -> None:
            longer = {"revision": len(looks), "in_distance_m": 2000 + 100 * len(looks)}
            hand_in({**RIDES[0], **longer})
            drain()

        elsewhere_meanwhile(correct)
        return found

    monkeypatch.setattr(making, "current_acts", disturbed)
    document, keys = journey.leave(code, *RIDES)
    assert len(looks) == 2
    said = verify_statement(parse(document), read_key_file(keys))
    assert len(said.entries) == 3


def test_what_would_not_verify_is_not_handed_out(
    journey: Journey, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = making._rows

    def fewer(*given: Any) -> Any:
        return rows(*given)[1:]  # type: ignore[index]

    monkeypatch.setattr(making, "_rows", fewer)
    with pytest.raises(Problem, match=r"proofs\."):
        journey.leave(code, *RIDES)


def test_a_file_that_calls_itself_a_known_installation_brings_no_keys_of_its_own(
    journey: Journey, tmp_path: Path
) -> None:
    titles = {"title_zh": "远方", "title_en": "Far away", "by": "the tests"}
    far, other = open_store(tmp_path / "far", {}), open_store(tmp_path / "other", {})
    for store in (far, other):
        store.make_missing([(Purpose.SIGN, Algorithm.SM2), (Purpose.ROOT, Algorithm.SM2)])

    def trust(store: DirectoryStore, **more: Any) -> None:
        keys = key_file(FAR_AWAY.hex(), store.published())
        activities.trust_installation(keys, **titles, **more)

    def believed() -> set[str]:
        return set(trust_in(FAR_AWAY.hex()).keys)

    trust(far)
    first = believed()
    with pytest.raises(Problem, match=r"carrying\.keys_not_endorsed"):
        trust(other)
    assert believed() == first
    rotate(far, Purpose.SIGN, Algorithm.SM2, datetime.now(UTC))
    trust(far)
    assert len(believed()) == 3, "a successor that its predecessor endorses is taken"
    trust(other, replace=True)
    assert believed().isdisjoint(first)


def test_a_code_with_a_slip_is_noticed_and_our_own_is_refused(journey: Journey, code: str) -> None:
    slip = code[:20] + ("0" if code[20] != "0" else "1") + code[21:]
    for wrong in (slip, "", code + "0", "hello"):
        with pytest.raises(Problem, match=r"carrying\.code_malformed"):
            activities.read_code(wrong)
    hand_in(RIDES[0])
    drain()
    with pytest.raises(Problem, match=r"carrying\.to_ourselves"):
        activities.carry(account(), activities.read_code(code), journey.evidence)


def test_our_own_keys_and_a_bare_key_are_no_other_installation(journey: Journey) -> None:
    key = journey.evidence.keys.current(Purpose.SIGN)
    own = key_file(people.installation().id_text, journey.evidence.keys.published())
    for unusable in (own, key.public.pem.encode()):
        with pytest.raises(Problem, match=r"carrying\.installation_unusable"):
            activities.trust_installation(unusable, title_zh="我", title_en="I", by="the tests")
    assert activities.known_installations() == []
