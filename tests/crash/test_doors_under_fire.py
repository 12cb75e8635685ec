"""Everything behind the partners' door killed, cut off and restarted while a partner reports.

The partner's journal lies outside. In the end every event that was acknowledged is in the books
once, whatever happened to the server, its workers, its database and the wire between them.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from crash.cutting_proxy import CuttingProxy
from crash.door_house import House, wait
from crash.door_partner import Journal, Reporter
from crash.processes import STEPS, WORKER, ran, step
from river.batches import take
from river.books import ask
from river.checks import faults
from tanzhang.apps.activities.api import digest, drain
from tanzhang.config import postgres
from tanzhang.crypto import Algorithm, generate

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

SETTLE_IN = (WORKER[0], str(STEPS.with_name("door_steps.py")))
REPORTERS = 4
WORKERS = ("first worker", "second worker")

#: The share of all COMMITs that are cut before they arrive, and of those whose answer is lost.
CUT_SHARE = 0.05

#: The order of cuts. Any order must do; this one is the same in every run.
SEED = 20261121


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a short name, because sockets go in; PostgreSQL's user may pass through."""
    made = Path(tempfile.mkdtemp(prefix="tzd-", dir="/tmp"))
    made.chmod(0o711)
    (made / "wire").mkdir()
    yield made
    postgres.stop(made / "home")
    shutil.rmtree(made)


@pytest.fixture
def house(folder: Path) -> Iterator[House]:
    """An installation with a programme, six people, and a partner that has a key."""
    socket = postgres.start(folder / "home")
    with CuttingProxy(folder / "wire", socket, SEED) as proxy:
        made = House(folder / "home", proxy)
        key = generate(Algorithm.SM2)
        (folder / "key.pem").write_text(key.to_pem())
        (folder / "public.pem").write_text(key.public.pem)
        ran((*WORKER[:3], "migrate"), made.directly)
        ran((*SETTLE_IN, str(folder / "public.pem"), str(folder / "trust.json")), made.directly)
        yield made
        made.kill_all()


class Load:
    """The partner's threads under way; ``seen`` is what they have met so far, together."""

    def __init__(self, house: House, folder: Path) -> None:
        self.house = house
        self.journal = Journal(folder / "journal.jsonl")
        self._reporters = [
            Reporter(number, house.url, folder / "key.pem", folder / "trust.json", self.journal)
            for number in range(REPORTERS)
        ]
        for reporter in self._reporters:
            reporter.start()

    @property
    def seen(self) -> Counter[str]:
        return sum((reporter.seen for reporter in self._reporters), Counter())

    def goes_on(self, batches: int = 8) -> None:
        """Wait until more batches are answered; nothing that was acknowledged is missing."""
        goal = self.seen["answered"] + batches
        wait(lambda: self._answered(goal), "batches are answered")
        self.nothing_is_missing()

    def nothing_is_missing(self) -> None:
        """Every event that a receipt calls accepted or known is in the database now."""
        acknowledged = self.acknowledged()
        kept = self.house.ask(
            "select distinct encode(uuid_send(event_key), 'hex') from event_identity"
        )
        assert acknowledged <= {key for (key,) in kept}

    def acknowledged(self) -> set[str]:
        """The keys of all events that a receipt calls accepted or known."""
        return {
            item["event_key"]
            for _, item in self.journal.read().items()
            if item["outcome"] in ("accepted", "duplicate")
        }

    def ends(self) -> None:
        """Report nothing new, and ask until everything is answered."""
        for reporter in self._reporters:
            reporter.stop()
        for reporter in self._reporters:
            wait(lambda reporter=reporter: self._is_done(reporter), "everything is answered")

    def _answered(self, goal: int) -> bool:
        self.house.let_a_minute_pass()
        assert not any(reporter.is_done() for reporter in self._reporters)
        return self.seen["answered"] >= goal

    def _is_done(self, reporter: Reporter) -> bool:
        self.house.let_a_minute_pass()
        return reporter.is_done()


def test_nothing_acknowledged_is_lost_and_nothing_counts_twice(house: House, folder: Path) -> None:
    house.begin("web")
    for worker in WORKERS:
        house.begin(worker)
    load = Load(house, folder)
    load.goes_on()
    kill_the_server(load)
    kill_the_workers(load, folder)
    cut_the_wire(load)
    restart_the_database(load)
    load.ends()
    assert load.seen["same key again"] > 0 and load.seen["new key"] > 0
    house.kill_all()
    ran(WORKER, house.directly)
    each_event_is_there_once(load)
    each_receipt_is_that_of_its_batch(load)
    the_books_are_those_of_the_journal(load)


def kill_the_server(load: Load) -> None:
    """Kill the site under load: at any moment, just before a batch is committed, and just after.

    Each time the next site, which will die at the next point, takes its place on the same port.
    """
    house = load.house
    lost = load.seen["answer lost"]
    wait(lambda: bool(house.ask(UNDER_WAY)), "a batch is under way")
    house.kill("web")
    for fault in ("intake.before_commit:4", "intake.after_commit:4"):
        marker = house.home / f"fired {fault}"
        house.begin("web", TANZHANG_FAULT=fault, TANZHANG_FAULT_FIRED=str(marker))
        house.die("web", marker)
        load.nothing_is_missing()
        assert load.seen["answer lost"] > lost
        lost = load.seen["answer lost"]
    house.begin("web")
    load.goes_on()


#: Work of the site that is being done: a request has begun that is not answered.
UNDER_WAY = "select 1 from idempotency where finished_at is null"


def kill_the_workers(load: Load, folder: Path) -> None:
    """Kill a worker in the middle of settling, and another just after."""
    house = load.house
    points = ("settle.outcomes_written:2", "settle.after_commit:2")
    for worker, fault in zip(WORKERS, points, strict=True):
        house.kill(worker)
        marker = folder / f"fired {fault}"
        house.begin(worker, TANZHANG_FAULT=fault, TANZHANG_FAULT_FIRED=str(marker))
        house.die(worker, marker)
        house.begin(worker)
        load.goes_on()


def cut_the_wire(load: Load) -> None:
    """Cut connections before a COMMIT arrives, and before its answer does."""
    proxy = load.house.proxy
    proxy.before = proxy.after = CUT_SHARE
    while not (proxy.cut["before batch"] > 1 and proxy.cut["after batch"] > 1):
        load.goes_on()
    proxy.before = proxy.after = 0.0
    load.goes_on()


def restart_the_database(load: Load) -> None:
    """Stop PostgreSQL at once under load, and start it again."""
    for _ in range(3):
        refused = load.seen["503"]
        load.house.restart_database()
        wait(lambda refused=refused: load.seen["503"] > refused, "somebody noticed")
        load.goes_on()


def each_event_is_there_once(load: Load) -> None:
    """The books hold the events of the journal, each accepted in one batch, with one outcome."""
    reported = {
        (event["id"], event["revision"])
        for event, _ in load.journal.read().items()
        if event["subject"] != "nobody"
    }
    events = {external_id for external_id, _ in reported}
    counted = load.house.ask(
        "select (select sum(accepted) from batch), (select count(*) from event_identity),"
        " (select count(distinct event_key) from activity),"
        " (select count(*) from activity where outcome_no = 0)"
    )
    assert counted == [(len(reported), len(reported), len(events), len(events))]
    assert len(load.acknowledged()) == len(events)


def each_receipt_is_that_of_its_batch(load: Load) -> None:
    """Counts and root of every receipt are those that the database keeps of its batch."""
    kept = {
        str(number): (dict(zip(VERDICTS, counts, strict=True)), bytes(root).hex())
        for number, root, *counts in load.house.ask(
            f"select id, merkle_root, {', '.join(VERDICTS)} from batch"
        )
    }
    for receipt in load.journal.read().receipts.values():
        found = Counter(item["outcome"] for item in receipt["items"])
        assert receipt["counts"] == {name: found[name] for name in VERDICTS}
        assert kept[receipt["batch_id"]] == (receipt["counts"], receipt["merkle_root"])


VERDICTS = ("accepted", "duplicate", "conflict", "rejected", "held")


def the_books_are_those_of_the_journal(load: Load) -> None:
    """The books are sound, and equal to a fresh book that is fed with the journal."""
    installation = load.house.directly
    assert json.loads(ran((*WORKER[:3], "ledger", "verify", "--json"), installation))["ok"]
    judged = json.loads(ran(step("judge"), installation))
    events = [event for event, _ in load.journal.read().items()]
    for part in parts(events, 500):
        take(part)
    drain()
    assert judged == {"digest": digest(), "faults": [*faults()]}
    assert ask("select count(*) > 0 from balance where reduction_mg > 0") == [(True,)]


def parts(events: Sequence[Any], size: int) -> Iterator[list[Any]]:
    """The events in their order, so many at a time."""
    for first in range(0, len(events), size):
        yield list(events[first : first + size])
