"""What is over is forgotten, and what is not stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from clean_database import Database
from tanzhang.apps.partners import api as partners
from tanzhang.apps.partners.api import Call, Counts, idempotency

pytestmark = pytest.mark.database

CALL = Call("r1", "", "events:batch", "POST", "OK", 200, Counts(), 3)


def test_nonces_answers_and_calls_go_when_their_time_is_over(
    bikes: int, database: Database
) -> None:
    now = timezone.now()
    for age_s, nonce in ((0, "young"), (500, "in its margin"), (700, "over")):
        partners.burn_nonce(bikes, nonce, int(now.timestamp()) - age_s)
    for days, key in ((6, "known"), (8, "over")):
        idempotency.begin(bikes, key, bytes(32), now - timedelta(days=days))
    for _ in range(2):
        partners.note_call(bikes, CALL)
    with database.connect("owner") as owner:
        owner.execute("update partner_call set at = now() - interval '184 days' where id = 1")
        owner.execute("update partner_call set at = now() - interval '182 days' where id = 2")
    partners.forget_what_is_over()
    with database.connect("auditor") as auditor:
        nonces = auditor.execute("select nonce from used_nonce order by nonce").fetchall()
        keys = auditor.execute("select key from idempotency").fetchall()
    assert nonces == [("in its margin",), ("young",)]
    assert keys == [("known",)]
    assert [line.id for line in partners.calls(bikes, 10)] == [2]


def test_the_scheduler_does_it(bikes: int) -> None:
    from tanzhang.config import chores

    partners.burn_nonce(bikes, "over", int(timezone.now().timestamp()) - 700)
    assert chores.do_all()
    partners.burn_nonce(bikes, "over", int(timezone.now().timestamp()))
