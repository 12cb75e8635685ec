"""A change of the rules that dies in the middle, and workers that die while they carry it out."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from crash.processes import WORKER, ended, ran, started, step
from crash.test_killed_processes import CHANGING, SEED, dying_at
from river.books import ask
from river.checks import faults
from river.rules import changed_library, propose
from river.streams import arrive, stream
from tanzhang.apps.activities.api import digest, waiting_shards

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

EDIT = "much at once"

#: The digest of a book that had the rules from the beginning, once it is known.
_known: dict[str, str] = {}


@pytest.fixture
def fresh(afresh: Callable[..., None]) -> Callable[[], str]:
    """The digest of a book that had the rules from the beginning."""

    def settled() -> str:
        if EDIT not in _known:
            afresh(changed_library(EDIT))
            arrive(stream(SEED).rows)
            _known[EDIT] = digest()
        return _known[EDIT]

    return settled


@pytest.mark.parametrize("point", CHANGING)
def test_rules_and_requests_come_into_force_together_or_not_at_all(
    point: str, tmp_path: Path, fresh: Callable[[], str]
) -> None:
    arrive(stream(SEED).rows)
    before = digest()
    approve = step("approve", str(propose(EDIT)))
    code, _ = ended(started(approve, dying_at(point, tmp_path / "fired", 1)))
    assert code == -signal.SIGKILL
    assert (tmp_path / "fired").exists()
    decided = ask("select count(*) from activation_decision where decision = 'approved'")
    assert decided == [(1 if point == "rules.after_commit" else 0,)]
    assert (waiting_shards() == []) == (decided == [(0,)])
    assert digest() == before
    if decided == [(0,)]:
        ran(WORKER)
        assert digest() == before
        ran(approve)
    ran(WORKER)
    assert faults() == {}
    changed = digest()
    assert changed != before
    assert changed == fresh()


@pytest.mark.parametrize("point", ["settle.history_settled", "settle.books_written"])
def test_a_worker_killed_while_it_settles_again_is_followed_by_another(
    point: str, tmp_path: Path, fresh: Callable[[], str]
) -> None:
    arrive(stream(SEED).rows)
    ran(step("approve", str(propose(EDIT))))
    code, _ = ended(started(WORKER, dying_at(point, tmp_path / "fired")))
    assert code == -signal.SIGKILL
    assert (tmp_path / "fired").exists()
    assert waiting_shards() != []
    ran(WORKER)
    assert faults() == {}
    assert digest() == fresh()
