"""Keys come, overlap, go and are revoked; what they were stays known."""

from __future__ import annotations

import psycopg
import pytest
from partners_world import DAY, NOW, SECOND, pair

from clean_database import Database
from tanzhang.apps.partners import api as partners
from tanzhang.apps.partners.api import Purpose
from tanzhang.problems import Problem

pytestmark = pytest.mark.database


def states(partner_id: int, at: object) -> list[str]:
    return [key.state(at) for key in partners.partner_keys(partner_id)]  # type: ignore[arg-type]


def test_a_rotation_is_announced_and_both_keys_are_good_for_a_week(bikes: int) -> None:
    old = partners.add_key(bikes, pair(1).public, at=NOW)
    new = partners.rotate_key(bikes, pair(2).public, active_from=NOW + 3 * DAY, at=NOW)
    assert [key.key_id for key in partners.partner_keys(bikes)] == [old, new]
    assert states(bikes, NOW) == ["live", "announced"]
    assert states(bikes, NOW + 3 * DAY) == ["live", "live"]
    assert states(bikes, NOW + 10 * DAY - SECOND) == ["live", "live"]
    assert states(bikes, NOW + 10 * DAY) == ["expired", "live"]


def test_an_end_that_was_announced_is_not_put_off_by_a_later_rotation(bikes: int) -> None:
    partners.add_key(bikes, pair(1).public, at=NOW)
    second = partners.rotate_key(bikes, pair(2).public, at=NOW)
    partners.revoke_key(bikes, second, at=NOW)
    partners.rotate_key(bikes, pair(3).public, overlap=30 * DAY, at=NOW + DAY)
    assert partners.partner_keys(bikes)[0].active_until == NOW + 7 * DAY


def test_a_third_live_key_is_refused_until_one_is_over(bikes: int) -> None:
    partners.add_key(bikes, pair(1).public, at=NOW)
    partners.rotate_key(bikes, pair(2).public, at=NOW)
    for begins in (NOW, NOW + 7 * DAY - SECOND):
        with pytest.raises(Problem) as refused:
            partners.add_key(bikes, pair(3).public, active_from=begins, at=NOW)
        assert refused.value.code == "partners.keys_too_many"
    partners.add_key(bikes, pair(3).public, active_from=NOW + 7 * DAY, at=NOW)
    partners.add_key(bikes, pair(4).public, purpose=Purpose.ENCRYPT, at=NOW)
    assert states(bikes, NOW + 7 * DAY) == ["expired", "live", "live", "live"]


def test_the_database_itself_refuses_a_third_live_key(bikes: int, database: Database) -> None:
    partners.add_key(bikes, pair(1).public, at=NOW)
    partners.add_key(bikes, pair(2).public, at=NOW)
    for slot, fault in ((1, "slot_is_free"), (3, "slot_fits_purpose")):
        with (
            database.connect("app") as app,
            pytest.raises(psycopg.errors.IntegrityError, match=fault),
        ):
            app.execute(
                "insert into partner_key (partner_id, key_id, purpose, slot, algorithm, pem,"
                " announced_at, active_from) select partner_id, 'AB', purpose, %s, algorithm, pem,"
                " announced_at, active_from from partner_key limit 1",
                [slot],
            )


def test_a_revoked_key_makes_room(bikes: int) -> None:
    first = partners.add_key(bikes, pair(1).public, at=NOW)
    partners.add_key(bikes, pair(2).public, active_from=NOW + DAY, at=NOW)
    partners.revoke_key(bikes, first, at=NOW)
    partners.add_key(bikes, pair(3).public, at=NOW)
    assert states(bikes, NOW + DAY) == ["revoked", "live", "live"]


def test_a_key_that_is_revoked_before_its_time_never_was_live(bikes: int) -> None:
    early = partners.add_key(bikes, pair(1).public, active_from=NOW + DAY, at=NOW)
    partners.revoke_key(bikes, early, at=NOW)
    partners.add_key(bikes, pair(2).public, active_from=NOW + DAY, at=NOW)
    assert states(bikes, NOW + DAY) == ["revoked", "live"]


def test_a_key_belongs_to_one_partner_for_ever(bikes: int, bank: int) -> None:
    key_id = partners.add_key(bikes, pair(1).public, at=NOW)
    partners.revoke_key(bikes, key_id, at=NOW)
    for partner_id in (bikes, bank):
        with pytest.raises(Problem) as refused:
            partners.add_key(partner_id, pair(1).public, at=NOW)
        assert refused.value.code == "partners.key_taken"
    found = partners.key_owner(key_id)
    assert found is not None
    assert (found.partner_id, found.pem) == (bikes, pair(1).public.pem)
    assert partners.key_owner("0000") is None


def test_nobody_revokes_another_partners_key(bikes: int, bank: int) -> None:
    key_id = partners.add_key(bikes, pair(1).public, at=NOW)
    with pytest.raises(Problem) as refused:
        partners.revoke_key(bank, key_id)
    assert refused.value.code == "partners.key_unknown"
    assert states(bikes, NOW) == ["live"]


def test_a_compromise_is_dated_and_only_ever_found_to_be_older(bikes: int) -> None:
    key_id = partners.add_key(bikes, pair(1).public, at=NOW)
    partners.revoke_key(bikes, key_id, at=NOW + DAY)
    assert partners.compromised_keys() == []
    for since, known in ((12, 12), (3, 3), (8, 3)):
        hours = NOW + since * 3600 * SECOND
        partners.revoke_key(bikes, key_id, compromised_since=hours, at=NOW + 2 * DAY)
        [found] = partners.compromised_keys()
        assert found.compromised_since == NOW + known * 3600 * SECOND
        assert found.revoked_at == NOW + DAY


def test_instants_that_make_no_sense_are_refused(bikes: int) -> None:
    with pytest.raises(Problem) as refused:
        partners.add_key(bikes, pair(1).public, active_from=NOW - SECOND, at=NOW)
    assert refused.value.code == "partners.key_from_past"
    with pytest.raises(Problem) as refused:
        partners.rotate_key(bikes, pair(1).public, at=NOW)
    assert refused.value.code == "partners.key_missing"
    key_id = partners.add_key(bikes, pair(1).public, at=NOW)
    with pytest.raises(Problem) as refused:
        partners.revoke_key(bikes, key_id, compromised_since=NOW + SECOND, at=NOW)
    assert refused.value.code == "partners.key_from_future"
    assert states(bikes, NOW) == ["live"]


@pytest.mark.parametrize(
    "change",
    [
        "pem = 'other'",
        "key_id = 'other'",
        "algorithm = 'p256'",
        "active_from = active_from + interval '1 day'",
        "revoked_at = null, compromised_since = null",
        "revoked_at = revoked_at + interval '1 day'",
        "compromised_since = compromised_since + interval '1 second'",
        "compromised_since = null",
    ],
)
def test_the_database_keeps_a_key_and_its_revocation_as_they_are(
    bikes: int, database: Database, change: str
) -> None:
    key_id = partners.add_key(bikes, pair(1).public, at=NOW)
    partners.revoke_key(bikes, key_id, compromised_since=NOW, at=NOW + DAY)
    with database.connect("app") as app, pytest.raises(psycopg.errors.CheckViolation):
        app.execute(f"update partner_key set {change}".encode())
    with database.connect("app") as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute("delete from partner_key")
