"""A link that dies while it is made, and workers that die while they settle whom it connects."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from crash.processes import WORKER, ended, ran, started, step
from crash.test_killed_processes import LINKING, SEED, dying_at
from river.books import ask
from river.checks import faults
from river.kin import link, part
from river.reports import hand_in
from river.streams import arrive, stream
from tanzhang.apps.activities.api import digest, waiting_shards

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

PAIR, SINCE = ("di", "fu"), "05-30"

#: The digest of a book in which the two were one from the beginning, once it is known.
_known: list[str] = []


@pytest.fixture
def linked_first(afresh: Callable[[], None]) -> Callable[[], str]:
    """The digest of a book in which the two were one from the beginning."""

    def settled() -> str:
        if not _known:
            afresh()
            link(*PAIR, SINCE)
            arrive(stream(SEED).rows)
            _known.append(digest())
        return _known[0]

    return settled


@pytest.mark.parametrize("point", LINKING)
def test_a_link_and_its_requests_are_there_together_or_not_at_all(
    point: str, tmp_path: Path, linked_first: Callable[[], str]
) -> None:
    arrive(stream(SEED).rows)
    before = digest()
    make = step("link", *PAIR, SINCE)
    code, _ = ended(started(make, dying_at(point, tmp_path / "fired", 1)))
    assert code == -signal.SIGKILL
    assert (tmp_path / "fired").exists()
    is_there = point == "linking.after_commit"
    assert ask("select count(*) from subject_link") == [(int(is_there),)]
    assert (waiting_shards() != []) == is_there
    if not is_there:
        ran(WORKER)
        assert digest() == before
        assert json.loads(ran(make))["link"] > 0
    ran(WORKER)
    assert faults() == {}
    assert digest() not in (before, "")
    assert digest() == linked_first()


@pytest.mark.parametrize(
    "point",
    ["settle.kin_held", "settle.history_settled", "settle.books_written", "settle.after_commit"],
)
def test_a_worker_killed_while_it_settles_people_of_several_shards_is_followed_by_another(
    point: str, tmp_path: Path, linked_first: Callable[[], str]
) -> None:
    """Half of the reports are settled, then linked; the others wait with the requests."""
    rows = stream(SEED).rows
    arrive(rows[: len(rows) // 2])
    link(*PAIR, SINCE)
    hand_in(*rows[len(rows) // 2 :])
    code, _ = ended(started(WORKER, dying_at(point, tmp_path / "fired")))
    assert code == -signal.SIGKILL
    assert (tmp_path / "fired").exists()
    assert waiting_shards() != []
    ran(WORKER)
    assert faults() == {}
    assert digest() == linked_first()


def test_a_link_that_is_withdrawn_while_workers_die_leaves_nothing(tmp_path: Path) -> None:
    arrive(stream(SEED).rows)
    before = digest()
    link(*PAIR, SINCE)
    ran(WORKER)
    assert digest() != before
    part(*PAIR)
    code, _ = ended(started(WORKER, dying_at("settle.books_written", tmp_path / "fired", 1)))
    assert code == -signal.SIGKILL
    ran(WORKER)
    assert faults() == {}
    assert digest() == before
