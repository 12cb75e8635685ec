"""Numbers of people stand beside those from which on the law asks for more."""

from __future__ import annotations

from typing import Any

import pytest

from tanzhang.apps.people.consenting.thresholds import measured_thresholds, parsed
from tanzhang.apps.people.consenting.volumes import Volumes

ENTRY = {
    "count": "persons",
    "from_people": 3,
    "law": {"zh": "某法第一条", "en": "an act, article 1"},
    "duty": {"zh": "去做。", "en": "Do it."},
}


def passed(**people: int) -> list[str]:
    numbers = dict.fromkeys(Volumes.__slots__, 0) | people
    return [
        each.threshold.code for each in measured_thresholds(Volumes(**numbers)) if each.is_passed
    ]


def test_each_number_reaches_its_own_threshold_at_exactly_so_many_people() -> None:
    assert passed() == []
    assert passed(persons=999_999, sensitive_persons=99_999, cross_border_persons=99_999) == []
    assert passed(persons=1_000_000) == ["responsible_person"]
    assert passed(persons=10_000_000) == ["responsible_person", "audit_in_two_years"]
    assert passed(sensitive_persons=100_000) == ["sensitive"]
    assert passed(cross_border_persons=100_000) == ["abroad_by_contract"]
    assert passed(cross_border_persons=1_000_000) == ["abroad_by_contract", "abroad_by_assessment"]


def test_every_entry_says_where_it_stands_and_what_is_to_be_done() -> None:
    for each in measured_thresholds(Volumes(0, 0, 0, 0)):
        assert any(sign in each.threshold.law["zh"] for sign in ("条", "11.1"))
        assert each.threshold.duty["zh"].endswith("。")
        assert each.threshold.duty["en"].endswith(".")


@pytest.mark.parametrize(
    "change",
    [
        {"count": "partners"},
        {"from_people": 0},
        {"from_people": "many"},
        {"from_people": True},
        {"law": {"en": "an act"}},
        {"duty": {"zh": "去做。"}},
        {"days": 3},
    ],
)
def test_an_entry_that_says_something_else_is_refused(change: dict[str, Any]) -> None:
    assert parsed("mine", ENTRY).from_people == 3
    with pytest.raises(ValueError, match=r"^mine: "):
        parsed("mine", ENTRY | change)
