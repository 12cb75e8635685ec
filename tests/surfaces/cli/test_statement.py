"""“tanzhang statement” makes, takes and shows what is carried, and says both lists."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from clean_database import Database
from river.reports import act, hand_in
from tanzhang.apps.activities.api import drain
from tanzhang.problems import Problem
from tanzhang.surfaces.cli import app

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("river")]

ADA = "river-ada"


def run(*words: object) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def told(*words: object) -> Any:
    return json.loads(run(*words, "--json"))


def test_acts_go_from_one_installation_to_the_other(
    tmp_path: Path, database: Database, afresh: Callable[..., None]
) -> None:
    code = told("statement", "code", ADA)["code"]
    out, keys = tmp_path / "statement.json", tmp_path / "keys.json"
    with database.connect("owner") as owner:
        owner.execute("update installation set public_id = '\\x00112233445566ff'")
    hand_in(act("b1", "05-03 08:00"), act("b2", "05-04 08:00"))
    drain()
    made = told("statement", "make", ADA, "--to", code, "--out", out)
    assert (made["acts"], made["left_behind"]) == (2, 0)
    told("key", "public", "--out", keys)
    assert told("verify", "statement", out, "--key", keys)["valid"] is True

    afresh()
    hand_in(act("other", "05-04 08:05"))
    drain()
    with pytest.raises(Problem, match=r"carrying\.installation_unknown"):
        run("statement", "take", out, "--account", ADA)
    titles = ("--title-zh", "远方", "--title-en", "Far away", "--by", "the tests")
    assert told("statement", "trust", keys, *titles) == {"installation": "00112233445566ff"}
    said = run("statement", "take", out, "--account", ADA)
    assert "Carried here (1):" in said
    assert "Refused (1):" in said
    assert "the same act is counted here already" in said
    taken = told("statement", "take", out, "--account", ADA)
    assert [len(taken[name]) for name in ("accepted", "refused")] == [1, 1]
    shown = told("statement", "show", ADA)
    assert shown["total_mg"] == sum(entry["total_mg"] for entry in taken["accepted"]) > 0
    assert "balance" in run("statement", "show", ADA)
