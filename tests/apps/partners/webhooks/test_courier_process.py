"""“tanzhang courier” is a plain process: it carries, it may be killed, and it ends when told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest
from receiver import receiver

from tanzhang.apps.partners.api import DeliveryState, deliveries, open_endpoint, tell

pytestmark = pytest.mark.database

KIND = "cn.tanzhang.batch.settled.v1"


@pytest.fixture
def started() -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts couriers, which are gone when the test ends."""
    running: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        running.append(subprocess.Popen([sys.executable, "-m", "tanzhang", "courier"]))
        return running[-1]

    yield start
    for process in running:
        process.kill()
        process.wait()


def wait(happened: Callable[[], object]) -> None:
    """Until it has happened, for half a minute at most."""
    deadline = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def test_a_courier_that_is_killed_in_mid_delivery_loses_nothing(
    bikes: int, started: Callable[[], subprocess.Popen[bytes]]
) -> None:
    with receiver(204, waits=True) as told:
        open_endpoint(bikes, told.url)
        tell(bikes, KIND, "batch-1", {})
        first = started()
        wait(lambda: told.came)
        os.kill(first.pid, signal.SIGKILL)
        assert first.wait() == -signal.SIGKILL
        assert [line.state for line in deliveries(bikes)] == [DeliveryState.WAITING]
        told.gate.set()
        tell(bikes, KIND, "batch-2", {})
        second = started()
        wait(lambda: deliveries(bikes, DeliveryState.DELIVERED))
        os.kill(second.pid, signal.SIGTERM)
        assert second.wait(timeout=30) == 0
    first_line = deliveries(bikes)[-1]
    assert first_line.about == "batch-1"
    assert first_line.state is DeliveryState.WAITING, "its lease goes on, then it is carried again"
    assert first_line.attempts == 1
