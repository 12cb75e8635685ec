"""``tanzhang authenticity`` and ``tanzhang farm`` as a script sees them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from guarded_lake import guarded_library, hand_in, walk
from tanzhang.apps.activities.api import drain
from tanzhang.apps.catalogue.api import load_catalogue
from tanzhang.problems import Problem
from tanzhang.surfaces.cli import app
from tanzhang.surfaces.cli.farm import _lines


def said(*words: str) -> str:
    result = CliRunner().invoke(app, [*words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture
def _walks(database: object, tmp_path: Path) -> None:
    load_catalogue(guarded_library(tmp_path), ["lake"])
    hand_in(*(walk(f"w{day}", day, cadence_spread=100) for day in range(1, 9)))
    drain()


@pytest.mark.database
@pytest.mark.usefixtures("_walks")
def test_sweeps_samples_and_trials_answer_in_words_and_as_json() -> None:
    swept = json.loads(said("authenticity", "sweep", "--day", "2024-05-09", "--json"))
    assert {one["pack"] for one in swept["packs"]} >= {"hankou-walk"}
    assert "hankou-walk:" in said("authenticity", "sweep", "--day", "2024-05-09", "--lang", "en")
    assert "picked" in said("authenticity", "audit", "--day", "2024-05-03", "--lang", "en")
    tried = json.loads(
        said("authenticity", "backtest", "hankou-walk", "--day", "2024-05-09", "--json")
    )
    assert (tried["acts"], tried["hits"]["even_rhythm"]) == (8, 8)
    text = said("authenticity", "backtest", "hankou-walk", "--day", "2024-05-09", "--lang", "zh")
    assert "even_rhythm：8" in text
    with pytest.raises(Problem):
        said("authenticity", "backtest", "no-such-pack")


def test_the_drill_in_words_names_every_class_and_way() -> None:
    found: dict[str, Any] = {
        "value_taken": 0.0123, "honest_held": 0.001, "accounts": 9, "acts": 99,
        "claimed_g": 1000, "taken_g": 12, "value_left": 0.004, "unguarded": 0.8765,
        "variants": {"shaker": {"value_taken": 0.05, "value_left": 0.0, "unguarded": 1.0}},
    }  # fmt: skip
    honest = {"people": 300, "people_held": 0.002, "acts_held": 0.0004}
    figures = {"seed": 7, "classes": {"step_faking": found}, "honest": honest}
    en, zh = (" ".join(_lines(figures, lang)) for lang in ("en", "zh"))
    for text in (en, zh):
        assert "step_faking" in text and "1.23%" in text and "87.65%" in text and "0.40%" in text
        assert "5.00%" in text and "100.00%" in text
    assert "300 honest people" in en and "300 人" in zh
