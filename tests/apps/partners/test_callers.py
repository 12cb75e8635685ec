"""Who may call is read at each call: a key, a partner and an instant decide."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from partners_world import DAY, NOW, SECOND, pair

from clean_database import Database
from tanzhang.apps.partners import api as partners
from tanzhang.crypto.keys import Algorithm
from tanzhang.problems import Problem

pytestmark = pytest.mark.database


def refusal(call: Callable[[], object]) -> str:
    """The code with which a call is refused."""
    with pytest.raises(Problem) as refused:
        call()
    return refused.value.code


@pytest.fixture
def key_id(bikes: int) -> str:
    """The key of bikes, live since ``NOW``."""
    return partners.add_key(bikes, pair().public, at=NOW)


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_a_live_key_of_an_active_partner_is_handed_out_to_check_signatures(
    bikes: int, algorithm: Algorithm
) -> None:
    key = pair(7, algorithm)
    key_id = partners.add_key(bikes, key.public, at=NOW)
    found = partners.caller("bikes", key_id, NOW)
    assert found.partner == partners.partner("bikes")
    assert (found.key_id, found.algorithm) == (key.key_id, algorithm)
    assert found.key.verify(b"said", key.sign(b"said"))
    assert not found.key.verify(b"said otherwise", key.sign(b"said"))


def test_a_partner_that_nobody_knows_is_refused(key_id: str) -> None:
    assert refusal(lambda: partners.caller("nobody", key_id, NOW)) == "partners.partner_unknown"


def test_a_key_serves_its_own_partner_alone(bank: int, key_id: str) -> None:
    own = partners.add_key(bank, pair(2).public, at=NOW)
    assert partners.caller("bank", own, NOW).key_id == own
    assert refusal(lambda: partners.caller("bank", key_id, NOW)) == "partners.key_unknown"
    assert refusal(lambda: partners.caller("bikes", own, NOW)) == "partners.key_unknown"


def test_a_key_to_encrypt_signs_nothing(bikes: int) -> None:
    key_id = partners.add_key(bikes, pair().public, purpose=partners.Purpose.ENCRYPT, at=NOW)
    assert refusal(lambda: partners.caller("bikes", key_id, NOW)) == "partners.key_unknown"


def test_a_key_is_good_from_its_first_instant_until_before_its_last(bikes: int) -> None:
    key_id = partners.add_key(bikes, pair().public, active_from=NOW + DAY, at=NOW)
    partners.rotate_key(bikes, pair(2).public, active_from=NOW + 2 * DAY, overlap=DAY, at=NOW)

    def call(at: object) -> object:
        return partners.caller("bikes", key_id, at)  # type: ignore[arg-type]

    assert refusal(lambda: call(NOW + DAY - SECOND)) == "partners.key_not_yet"
    call(NOW + DAY)
    call(NOW + 3 * DAY - SECOND)
    assert refusal(lambda: call(NOW + 3 * DAY)) == "partners.key_expired"


def test_a_revocation_by_another_connection_holds_for_the_next_call(
    bikes: int, database: Database
) -> None:
    key_id = partners.add_key(bikes, pair().public)
    partners.caller("bikes", key_id)
    with database.connect("app") as elsewhere:
        elsewhere.execute("update partner_key set revoked_at = now()")
        partners.caller("bikes", key_id)  # not yet committed
    assert refusal(lambda: partners.caller("bikes", key_id)) == "partners.key_revoked"


def test_a_suspended_partner_is_refused_while_another_goes_on(
    bikes: int, bank: int, key_id: str
) -> None:
    own = partners.add_key(bank, pair(2).public, at=NOW)
    partners.suspend(bikes, reason="odd reports", by="li")
    assert refusal(lambda: partners.caller("bikes", key_id, NOW)) == "partners.partner_suspended"
    assert partners.caller("bank", own, NOW).partner.id == bank
    partners.resume(bikes, reason="explained", by="li")
    assert partners.caller("bikes", key_id, NOW).partner.id == bikes
    partners.close(bikes, reason="the contract ended", by="li")
    assert refusal(lambda: partners.caller("bikes", key_id, NOW)) == "partners.partner_closed"
