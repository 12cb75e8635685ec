"""Whoever carries a suspicion on dies in the middle, and whoever follows ends in the same books."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from crash.processes import WORKER, ended, ran, started, step
from crash.test_killed_processes import SUSPECTING, dying_at
from river.books import ask
from river.checks import faults
from river.thief import (
    AFTER,
    BEFORE,
    FORGED,
    OWN,
    SPOILT,
    books,
    deliver,
    distrust,
    names,
    two_keys,
)
from tanzhang.apps.activities.api import (
    Resolution,
    approve_resolution,
    digest,
    drain,
    propose_resolution,
    suspicion,
)
from tanzhang.apps.activities.suspicion import listing

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

CARRY_ON = step("carry-on")


def stolen() -> int:
    """More batches than one part of the work takes, each of one event; the suspicion is open."""
    keys = two_keys()
    deliver(keys.stolen, BEFORE, *OWN)
    drain()
    for event in (*FORGED, *SPOILT):
        deliver(keys.stolen, AFTER, event)
        for _ in range(2):
            deliver(keys.stolen, AFTER, event)
    drain()
    return distrust(keys.stolen)


def dies(point: str, marker: Path) -> None:
    code, said = ended(started(CARRY_ON, dying_at(point, marker, 1)))
    assert code == -signal.SIGKILL, said
    assert marker.exists()


@pytest.mark.parametrize("point", SUSPECTING)
def test_killed_while_it_holds_and_while_it_releases(
    point: str, tmp_path: Path, afresh: Callable[..., None]
) -> None:
    keys = two_keys()
    deliver(keys.stolen, BEFORE, *OWN)
    drain()
    without = books()
    afresh()
    number = stolen()
    before = digest()
    assert ask("select count(*) from batch")[0][0] > 2 * listing.BATCHES_AT_ONCE

    dies(point, tmp_path / "holding")
    assert suspicion(number).state == "listing"
    assert ask("select count(*) from suspicion_step") == [(int(point.endswith("after_commit")),)]
    ran(CARRY_ON)
    ran(WORKER)
    assert suspicion(number).state == "open"
    assert suspicion(number).events == len(FORGED) + len(SPOILT)
    assert books(names(FORGED)) == without
    assert faults() == {}

    propose_resolution(number, Resolution.CONFIRM, by="ling", note="it was a drill")
    approve_resolution(number, by="mei")
    dies(point, tmp_path / "releasing")
    ran(CARRY_ON)
    ran(WORKER)
    assert suspicion(number).state == "confirmed"
    assert digest() == before
    assert faults() == {}
