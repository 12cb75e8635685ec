"""Named rules of a mapping: a condition that says nothing, or too much, is refused."""

from __future__ import annotations

import pytest

from .samples import MAP, refused

RULE = '[[refuse]]\ncode = "odd"\nwhen = {}\nen = "No."\nzh = "不。"\n'


@pytest.mark.parametrize(
    ("more", "key"),
    [
        (RULE.replace("{}", '{ same = ["a"] }'), "refuse.0.when.same"),
        (RULE.replace("{}", '{ empty = "a", same = ["a", "b"] }'), "refuse.0.when"),
        (RULE.replace("{}", '{ column = "a" }'), "refuse.0.when"),
        (RULE.replace("{}", '{ column = "a", above = 0.0000001 }'), "refuse.0.when.above"),
        (RULE.replace("{}", '{ column = "a", above = 1e99 }'), "refuse.0.when.above"),
        (RULE.replace("{}", "{ lasts_over_s = -1 }"), "refuse.0.when.lasts_over_s"),
        (RULE.replace("{}", "{ all = [] }"), "refuse.0.when.all"),
        (RULE.replace('"odd"', '"Odd one"'), "refuse.0.code"),
    ],
)
def test_a_wrong_condition_is_named_by_its_key(more: str, key: str) -> None:
    problem = refused(MAP + more)
    assert (problem.code, problem.details["key"]) == ("imports.map_value_wrong", key)
    assert problem.details["line"] > MAP.count("\n")


def test_conditions_are_not_nested_without_end() -> None:
    when = '{ empty = "a" }'
    for _ in range(8):
        when = f"{{ all = [{when}] }}"
    assert refused(MAP + RULE.replace("{}", when)).code == "imports.map_value_wrong"
