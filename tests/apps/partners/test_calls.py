"""The book of calls lists a partner's own calls with their verdicts, and keeps them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from django.utils import timezone

from clean_database import Database
from tanzhang.apps.partners import api as partners
from tanzhang.apps.partners.api import Call, Counts

pytestmark = pytest.mark.database

SERVED = Call(
    request_id="r1",
    key_id="5A17C0DE5A17C0DE",
    endpoint="events:batch",
    method="POST",
    code=partners.SERVED,
    status=200,
    counts=Counts(accepted=5, duplicate=4, conflict=3, rejected=2, held=1),
    duration_ms=12,
)
REFUSED = replace(
    SERVED, request_id="r2", key_id="", code="SIG_INVALID", status=401, counts=Counts()
)


def test_calls_are_listed_the_youngest_first_and_page_by_page(bikes: int, bank: int) -> None:
    for partner_id, call in ((bikes, SERVED), (bikes, REFUSED), (bank, SERVED)):
        partners.note_call(partner_id, call)
    youngest, oldest = partners.calls(bikes, 10)
    assert (youngest.call, oldest.call) == (REFUSED, SERVED)
    assert youngest.at >= oldest.at
    assert partners.calls(bikes, 1) == [youngest]
    assert partners.calls(bikes, 1, before=youngest.id) == [oldest]
    assert partners.calls(bikes, 10, code="OK") == [oldest]
    assert len(partners.calls(bank, 10)) == 1


def test_usage_sums_by_day_endpoint_and_verdict(bikes: int, bank: int) -> None:
    for partner_id, call in ((bikes, SERVED), (bikes, SERVED), (bikes, REFUSED), (bank, SERVED)):
        partners.note_call(partner_id, call)
    now = timezone.now()
    found = partners.usage(bikes, now - timedelta(minutes=5), now + timedelta(minutes=5))
    by_code: dict[str, int] = {}
    for line in found:
        by_code[line.code] = by_code.get(line.code, 0) + line.calls
    assert by_code == {"OK": 2, "SIG_INVALID": 1}
    assert sum(line.counts.held for line in found) == 2
    assert sum(line.counts.accepted for line in found) == 10
    assert partners.usage(bikes, now - timedelta(days=2), now - timedelta(days=1)) == []


@pytest.mark.parametrize(
    "statement", ["update partner_call set code = 'OK'", "delete from partner_call"]
)
def test_a_call_is_neither_changed_nor_removed(database: Database, statement: str) -> None:
    with database.connect("app") as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(statement.encode())
