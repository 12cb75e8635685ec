"""The checks of a section over many acts: what they find, and what becomes of the acts."""

from __future__ import annotations

import numpy as np
from hypothesis import given, strategies as st

from tanzhang.engine.authenticity import Authenticity, Check, Consequence, Span, Tier, judge
from tanzhang.engine.authenticity.judging import Judged, Measured

STEPS = Check("too_many", Span("steps", at_most=60_000), then=Consequence.HOLD)
BY_HAND = Check("by_hand", Span("recording", among=(2, 3)), then=Consequence.REFUSE)
PACE = Check("pace", Span("steps", per="minutes", at_least=45, at_most=185), weight=600)
STILL = Check(
    "still", Span("moved", at_least=100), when=(Span("steps", at_least=4000),), weight=450
)
TOLD = Check("told", Span("moved", given=True), weight=100)
RULES = Authenticity(
    amount="steps",
    signals=("recording", "minutes", "moved"),
    tiers=(Tier("automatic", 2, (Span("recording", among=(2,)),)),),
    checks=(STEPS, BY_HAND, PACE, STILL, TOLD),
)


def column(*values: int | None) -> Measured:
    return Measured(
        np.array([value or 0 for value in values], np.int64),
        np.array([value is not None for value in values]),
    )


def walks(steps: int | None, minutes: int | None, moved: int | None, recording: int = 2) -> Judged:
    """One walk, judged."""
    columns = {
        "steps": column(steps),
        "minutes": column(minutes),
        "moved": column(moved),
        "recording": column(recording),
    }
    return judge(RULES, columns, 1)


def test_a_plain_walk_passes_with_the_grade_of_its_evidence() -> None:
    judged = walks(8000, 80, 3000)
    assert judged.consequence.tolist() == [Consequence.PASS]
    assert judged.score.tolist() == [0]
    assert judged.decider.tolist() == [-1]
    assert (judged.tier.tolist(), judged.grade.tolist()) == ([0], [2])


def test_a_check_that_decides_names_itself_and_its_number() -> None:
    judged = walks(70_000, 600, 30_000)
    assert judged.consequence.tolist() == [Consequence.HOLD]
    assert RULES.checks[judged.decider[0]].name == "too_many"
    assert judged.value.tolist() == [70_000]
    assert walks(60_000, 600, 30_000).consequence.tolist() == [Consequence.PASS]


def test_what_is_entered_by_hand_is_refused_whatever_else_is_found() -> None:
    judged = walks(70_000, 600, 30_000, recording=1)
    assert judged.consequence.tolist() == [Consequence.REFUSE]
    assert RULES.checks[judged.decider[0]].name == "by_hand"
    assert judged.grade.tolist() == [0]


def test_weights_add_up_and_a_quotient_counts() -> None:
    judged = walks(9000, 30, 50)
    assert judged.score.tolist() == [1050]
    assert judged.consequence.tolist() == [Consequence.HOLD]
    assert judged.value.tolist() == [300]
    assert judged.findings.tolist() == [0b01100]
    lowered = walks(9000, 30, 5000)
    assert (lowered.score.tolist(), lowered.consequence.tolist()) == ([600], [Consequence.LOWER])


def test_what_is_not_known_is_no_finding_but_what_must_be_told() -> None:
    assert walks(8000, None, None).score.tolist() == [100]
    assert walks(8000, 0, 3000).score.tolist() == [0]
    assert walks(None, 10, 3000).score.tolist() == [0]


def test_a_condition_that_is_not_met_keeps_a_check_silent() -> None:
    assert walks(3999, 40, 0).score.tolist() == [0]
    assert walks(4000, 40, 0).score.tolist() == [450]


def test_an_act_without_a_tier_has_no_grade() -> None:
    assert walks(8000, 80, 3000, recording=3).grade.tolist() == [0]


@given(st.lists(st.tuples(*[st.none() | st.integers(0, 10**6)] * 4), min_size=1, max_size=20))
def test_same_signals_same_judgement_whoever_stands_beside(
    rows: list[tuple[int | None, ...]],
) -> None:
    names = ("steps", "minutes", "moved", "recording")
    together = judge(
        RULES,
        {name: column(*(row[at] for row in rows)) for at, name in enumerate(names)},
        len(rows),
    )
    for place, row in enumerate(rows):
        alone = judge(RULES, {name: column(row[at]) for at, name in enumerate(names)}, 1)
        for field in ("consequence", "score", "findings", "decider", "value", "tier", "grade"):
            assert getattr(together, field)[place] == getattr(alone, field)[0]


def test_weaker_evidence_never_waits_less_than_stronger() -> None:
    tiers = (Tier("gates", 3, (), 3), Tier("gate", 2), Tier("paid", 1, (), 60))
    section = Authenticity(amount="steps", signals=(), tiers=tiers, available_after_days=15)
    assert [section.waits(grade) for grade in (0, 1, 2, 3, 4)] == [60, 60, 15, 3, 15]
    assert Authenticity(amount="steps", signals=(), available_after_days=7).waits(0) == 7
