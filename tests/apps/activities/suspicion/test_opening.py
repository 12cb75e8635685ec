"""From the moment a key is distrusted nothing that it signed comes in, not even from the gate."""

from __future__ import annotations

import threading
from datetime import timedelta

import psycopg
import pytest
from django.utils import timezone

from clean_database import Database
from river.books import ask
from river.thief import AFTER, FORGED, STOLEN, deliver, distrust, two_keys
from tanzhang.apps.activities.api import distrust_key, drain, suspicions
from tanzhang.apps.partners.api import compromised_keys, partner
from tanzhang.apps.people.api import lock_source
from tanzhang.problems import Problem

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]


def test_a_batch_that_had_passed_the_gate_is_refused_inside_the_door() -> None:
    keys = two_keys()
    distrust(keys.stolen)
    with pytest.raises(Problem) as refused:
        deliver(keys.stolen, AFTER, FORGED[0])
    assert refused.value.code == "partners.key_revoked"
    assert ask("select count(*) from batch") == [(0,)]
    assert ask("select count(*) from event_identity") == [(0,)]
    assert deliver(keys.good, AFTER, FORGED[0])["counts"]["accepted"] == 1


def test_whoever_is_inside_the_door_is_waited_for(database: Database) -> None:
    """Otherwise a batch that commits a moment later would never be looked at."""
    from django.db import connection

    keys = two_keys()
    number = partner("bikes").id
    opened: list[int | None] = []

    def distrusts() -> None:
        opened.append(distrust_key(number, keys.stolen, since=STOLEN, by="ling"))
        connection.close()

    with database.connect("app") as inside:
        lock_source(inside.cursor(), number)
        opener = threading.Thread(target=distrusts)
        opener.start()
        opener.join(0.5)
        assert opener.is_alive()
        inside.rollback()
    opener.join(20)
    assert opened == [1]


def test_what_cannot_be_is_refused_and_leaves_nothing() -> None:
    keys = two_keys()
    number = partner("bikes").id
    tomorrow = timezone.now() + timedelta(days=1)
    for since, by, code in (
        (STOLEN, " ", "suspicion.person_missing"),
        (tomorrow, "ling", "partners.key_from_future"),
    ):
        with pytest.raises(Problem) as refused:
            distrust_key(number, keys.stolen, since=since, by=by)
        assert refused.value.code == code
    with pytest.raises(Problem, match="key_unknown"):
        distrust_key(partner("bank").id, keys.stolen, since=STOLEN, by="ling")
    assert (suspicions(), compromised_keys()) == ([], [])


def test_the_database_itself_wants_two_persons() -> None:
    keys = two_keys()
    deliver(keys.stolen, AFTER, FORGED[0])
    drain()
    distrust(keys.stolen)
    ask(
        "insert into suspicion_proposal (suspicion_id, resolution, proposed_by, note)"
        " values (1, 'confirm', 'Ling', 'why') returning id"
    )
    with pytest.raises(psycopg.errors.CheckViolation, match="two_persons"):
        ask(
            "insert into suspicion_decision"
            " (proposal_id, suspicion_id, decision, proposed_by, decided_by, note)"
            " values (1, 1, 'approved', 'Ling', ' ling ', '') returning proposal_id"
        )
