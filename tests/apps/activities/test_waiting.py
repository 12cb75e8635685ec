"""Acts that wait are found in their pieces, and a long queue is not read to its end."""

from __future__ import annotations

import pytest
from apps_world import RECEIVED_US, report, ride

from tanzhang.apps.activities import waiting as module
from tanzhang.apps.activities.api import accept, naming
from tanzhang.apps.activities.waiting import Waiting, waiting
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.people.api import account, handles

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("lake")]


def found() -> Waiting:
    ada = account(handles("lake", "bikes", ["ada"])[0])
    assert ada is not None
    names = naming(ada, rulebook_in_force(), "en")
    with bulk_transaction() as cursor:
        return waiting(cursor, ada, names)


def tell(*external_ids: str) -> None:
    rows = [
        ride(name, started_us=RECEIVED_US - place * 3_600_000_000)
        for place, name in enumerate(external_ids, 1)
    ]
    accept(report(*rows), partner="bikes", programme="lake", received_us=RECEIVED_US, enrol=True)


def test_waiting_acts_are_named_the_latest_first() -> None:
    tell("a", "b")
    acts = found().acts
    assert [act.scene_title for act in acts] == ["Riding", "Riding"]
    assert acts[0].started_us > acts[1].started_us


def test_an_act_waits_once_however_often_it_is_corrected() -> None:
    tell("a", "b")
    for revision, hours_ago in ((2, 5), (1, 7)):
        moved = ride("a", revision=revision, started_us=RECEIVED_US - hours_ago * 3_600_000_000)
        accept(report(moved), partner="bikes", programme="lake", received_us=RECEIVED_US)
    acts = found().acts
    assert len(acts) == 2
    assert acts[-1].started_us == RECEIVED_US - 5 * 3_600_000_000


def test_a_long_queue_is_read_in_part_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOKED_THROUGH", 2)
    tell("a", "b")
    assert found() == Waiting(found().acts, True)
    accept(
        report(ride("c", started_us=RECEIVED_US - 60_000_000)),
        partner="bikes", programme="lake", received_us=RECEIVED_US,
    )  # fmt: skip
    assert (len(found().acts), found().is_whole) == (2, True)
