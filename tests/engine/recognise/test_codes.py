"""Tests of codes, and the proof that two of them exclude each other."""

from __future__ import annotations

from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given, strategies as st

from tanzhang.engine.recognise.codes import exclude_each_other, fits, holds
from tanzhang.engine.recognise.spec import CodeTest


def passing(test: CodeTest, *codes: str | None) -> list[str | None]:
    """The codes that pass."""
    series = pl.Series("code", codes, dtype=pl.String)
    return series.filter(pl.Series(holds(test, series))).to_list()


def among(*codes: str) -> CodeTest:
    return CodeTest(among=frozenset(codes))


@pytest.mark.parametrize(
    ("test", "passes"),
    [
        (among("4900", "ABC"), ["4900", "ABC"]),
        (CodeTest(begins=("49", "A")), ["4900", "4901", "490", "ABC"]),
        (CodeTest(between=("4814", "4900")), ["4814", "4900"]),
        (
            CodeTest(without=frozenset({"ABC", "490"})),
            ["4814", "4900", "4901", "04900", "-3", "2.5"],
        ),
        (CodeTest(above=Fraction(-3)), ["4814", "4900", "4901", "490", "04900", "2.5"]),
        (CodeTest(begins=("49",), without=frozenset({"4900"})), ["4901", "490"]),
    ],
)
def test_a_test_lets_pass_what_it_says_and_never_nothing(test: CodeTest, passes: list[str]) -> None:
    codes = ["4814", "4900", "4901", "490", "04900", "ABC", "-3", "2.5", None]
    assert passing(test, *codes) == [code for code in codes if code in passes]


def test_amounts_are_compared_exactly() -> None:
    test = CodeTest(above=Fraction("0.1"))
    assert passing(test, "0.1", "0.100001", "1e-1", "much", "") == ["0.100001"]


def test_all_columns_have_to_fit() -> None:
    table = pl.DataFrame({"a": ["1", "1", "2", None], "b": ["x", "y", "x", "x"]})
    assert fits({"a": among("1"), "b": among("x")}, table).tolist() == [True, False, False, False]
    assert fits({}, table).all()


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        (among("A"), among("B"), True),
        (among("A", "B"), among("B"), False),
        (among("A1"), CodeTest(begins=("A",)), False),
        (among("A1"), CodeTest(begins=("B",)), True),
        (CodeTest(begins=("A",)), CodeTest(begins=("AB",)), False),
        (CodeTest(begins=("AB",)), CodeTest(begins=("AC", "B")), True),
        (CodeTest(between=("4800", "4899")), CodeTest(between=("4900", "4999")), True),
        (CodeTest(between=("4800", "4900")), CodeTest(between=("4900", "4999")), False),
        (CodeTest(between=("4800", "4899")), CodeTest(begins=("49",)), True),
        (CodeTest(between=("4800", "4899")), CodeTest(between=("04800", "04899")), True),
        (among("A"), CodeTest(without=frozenset({"A"})), True),
        (CodeTest(begins=("A",), without=frozenset({"AB"})), among("AB"), True),
        (CodeTest(without=frozenset({"A"})), CodeTest(without=frozenset({"B"})), False),
        (CodeTest(above=Fraction(1)), among("1"), True),
        (CodeTest(above=Fraction(1)), among("2"), False),
    ],
)
def test_two_tests_are_apart_if_no_code_passes_both(
    one: CodeTest, other: CodeTest, apart: bool
) -> None:
    assert exclude_each_other({"c": one}, {"c": other}) is apart
    assert exclude_each_other({"c": other}, {"c": one}) is apart


def test_one_column_that_is_apart_is_enough_and_other_columns_say_nothing() -> None:
    assert exclude_each_other(
        {"a": among("1"), "b": among("x")}, {"a": among("1"), "b": among("y")}
    )
    assert not exclude_each_other({"a": among("1")}, {"b": among("2")})


TESTS = st.builds(
    CodeTest,
    among=st.none() | st.frozensets(st.sampled_from(["1", "11", "12", "2", "a", "ab"]), min_size=1),
    begins=st.lists(st.sampled_from(["1", "12", "a"]), max_size=2).map(tuple),
    between=st.none() | st.sampled_from([("10", "12"), ("1", "2"), ("11", "19")]),
    without=st.frozensets(st.sampled_from(["1", "11", "ab"]), max_size=2),
)


@given(TESTS, TESTS)
def test_what_is_said_to_be_apart_never_meets(one: CodeTest, other: CodeTest) -> None:
    codes = ["1", "2", "10", "11", "12", "19", "123", "a", "ab", "abc", "x"]
    if exclude_each_other({"c": one}, {"c": other}):
        assert not {*passing(one, *codes)} & {*passing(other, *codes)}
