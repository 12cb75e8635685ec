"""``tanzhang log``: roots on demand, also as files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from river.reports import act, hand_in
from tanzhang.apps.activities.api import drain
from tanzhang.config import own_keys
from tanzhang.problems import Problem
from tanzhang.surfaces.cli.log import app

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]


def answer(*words: str) -> dict[str, object]:
    done = CliRunner().invoke(app, [*words, "--json"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    found: dict[str, object] = json.loads(done.output)
    return found


def test_a_root_is_made_on_demand_and_lies_among_the_published_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Roots of other tests' logs lie in the folder that all tests share.
    monkeypatch.setattr(own_keys, "published_roots", lambda: tmp_path / "roots")
    hand_in(act("b1", "05-30 08:00"))
    drain()
    made = answer("root", "--out", str(tmp_path / "root.json"))
    document = json.loads((tmp_path / "root.json").read_text())
    assert document["size"] == made["size"]
    published = tmp_path / "roots" / f"{made['size']}.json"
    assert json.loads(published.read_text())["sm3"] == document["sm3"]
    assert answer("root") == made  # nothing new, no new root


def test_a_log_without_entries_has_no_root() -> None:
    with pytest.raises(Problem, match="nothing_logged"):
        answer("root")
