"""Variables mean what they say, and what they do not say is refused."""

from __future__ import annotations

import pytest

from tanzhang.config import environment
from tanzhang.problems import Problem

NAME = "TANZHANG_TRIAL"


def test_an_empty_variable_is_an_unset_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "  ")
    assert environment.text(NAME, "default") == "default"
    assert environment.number(NAME, 7, least=1, most=9) == 7
    assert environment.listed(NAME) == []
    assert environment.switched_on(NAME, default=True)


def test_parts_stand_between_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "a.example, ,b.example ")
    assert environment.listed(NAME) == ["a.example", "b.example"]


@pytest.mark.parametrize(("given", "meant"), [("1", 1), (" 9 ", 9)])
def test_a_number_within_its_bounds_is_taken(
    monkeypatch: pytest.MonkeyPatch, given: str, meant: int
) -> None:
    monkeypatch.setenv(NAME, given)
    assert environment.number(NAME, 5, least=1, most=9) == meant


@pytest.mark.parametrize("given", ["0", "10", "-1", "2.5", "many", "٣"])
def test_any_other_number_is_refused(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv(NAME, given)
    with pytest.raises(Problem) as refused:
        environment.number(NAME, 5, least=1, most=9)
    assert refused.value.code == "configuration.number_invalid"


@pytest.mark.parametrize(
    ("given", "meant"), [("1", True), ("YES", True), ("on", True), ("0", False), ("off", False)]
)
def test_a_switch_is_on_or_off(monkeypatch: pytest.MonkeyPatch, given: str, meant: bool) -> None:
    monkeypatch.setenv(NAME, given)
    assert environment.switched_on(NAME, default=not meant) is meant


def test_a_switch_is_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "perhaps")
    with pytest.raises(Problem) as refused:
        environment.switched_on(NAME)
    assert refused.value.code == "configuration.switch_invalid"
