"""Whether somebody may join by what is known so far, and what she is told if not."""

from __future__ import annotations

from itertools import product

import pytest

from tanzhang.engine.packs.joining.judging import grounds, judge, refusal
from tanzhang.engine.packs.joining.section import Both, Condition, Either, Evidence, Rule
from tanzhang.engine.packs.tree import Text

WHO = Either(("card", Both(("staff", "driver"))))
RULES = {
    name: Rule(name, Text(name, name), Text("办", "do"), Evidence.LIST, name)
    for name in ("card", "staff", "driver")
}


def test_without_a_condition_everybody_may_join() -> None:
    assert judge(None, {}) is True


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ({"card": True}, True),
        ({"card": False}, None),
        ({"card": False, "staff": False}, False),
        ({"card": False, "staff": True, "driver": True}, True),
        ({"card": None, "staff": False}, None),
        ({}, None),
    ],
)
def test_what_is_not_known_yet_decides_nothing(
    verdicts: dict[str, bool | None], expected: bool | None
) -> None:
    assert judge(WHO, verdicts) is expected


@pytest.mark.parametrize("who", [WHO, Both(("card", Either(("staff", "driver")))), "card"])
def test_a_verdict_holds_whatever_is_found_out_later(who: Condition) -> None:
    for known in product([True, False, None], repeat=3):
        verdicts = dict(zip(RULES, known, strict=True))
        said = judge(who, verdicts)
        later = {
            judge(who, dict(zip(RULES, sure, strict=True)))
            for sure in product([True, False], repeat=3)
            if all(k is None or k is s for k, s in zip(known, sure, strict=True))
        }
        assert later == ({True, False} if said is None else {said})


def test_grounds_are_the_rules_that_are_true() -> None:
    assert grounds(WHO, {"card": True, "staff": False, "driver": None}) == ("card",)


def test_a_refusal_names_the_rules_that_keep_her_out() -> None:
    told = refusal(WHO, RULES, {"card": False, "staff": True, "driver": False})
    assert ([unmet.title.en for unmet in told.unmet], told.any_helps) == (["card", "driver"], True)
    told = refusal(Both(("card", "staff")), RULES, {"card": False, "staff": False})
    assert ([unmet.title.en for unmet in told.unmet], told.any_helps) == (["card", "staff"], False)
    told = refusal(Both(("card", "staff")), RULES, {"card": True, "staff": False})
    assert [unmet.title.en for unmet in told.unmet] == ["staff"]
