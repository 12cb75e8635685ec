"""The demonstration's recogniser, measured on transactions whose kinds were written beside them."""

from __future__ import annotations

from fractions import Fraction

import polars as pl
import pytest

from tanzhang.engine.packs import load_packs
from tanzhang.engine.recognise import Recogniser, connected_scenes, read_recogniser
from tanzhang.workbench.recognising import rules_of, score_file

LIBRARY = load_packs()
RULES = rules_of("citic")
LABELLED = RULES.with_name("labelled_transactions.csv")

#: Scene -> least precision, least recall. Crediting what was no act is worse than missing one.
LEAST = {
    "e-card": ("0.99", "0.90"),
    "e-bill": ("0.99", "0.95"),
    "utility-payment": ("0.97", "0.95"),
    "e-invoice": ("0.99", "0.95"),
    "paperless-business": ("0.90", "0.95"),
}


@pytest.fixture(scope="module")
def rules() -> Recogniser:
    return read_recogniser(RULES, LIBRARY)


def test_every_scene_is_recognised_as_well_as_is_demanded(rules: Recogniser) -> None:
    findings, scores = score_file(LABELLED, rules, "label")
    assert scores.keys() == LEAST.keys() == {*rules.scenes}
    for scene, (precision, recall) in LEAST.items():
        assert scores[scene].precision >= Fraction(precision), scores
        assert scores[scene].recall >= Fraction(recall), scores
    assert (findings.rows, findings.refused.total()) == (463, 0)


def test_the_labelled_set_is_large_and_hard_enough_to_mean_something() -> None:
    table = pl.read_csv(LABELLED, infer_schema=False)
    acts = table.filter(pl.col("label").is_not_null())
    kinds = acts["label"].str.strip_prefix("-").value_counts()
    assert dict(kinds.iter_rows()).keys() == LEAST.keys()
    assert kinds["count"].min() >= 20
    assert len(acts) < len(table) - len(acts)
    others = table.filter(pl.col("label").is_null())
    acts_codes = acts["product"].str.strip_chars().unique()
    look_alike = others.filter(pl.col("product").is_in(acts_codes.to_list()))
    assert len(look_alike) >= 60  # the product of an act, and yet none: failed, on paper, abroad …
    assert acts["label"].str.starts_with("-").sum() >= 10


def test_the_scene_without_a_published_figure_creates_nothing(rules: Recogniser) -> None:
    connected = connected_scenes(LIBRARY.programmes["citic"], rules)
    assert {*rules.scenes} - connected == {"paperless-business"}
