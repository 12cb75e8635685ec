"""What a formula may not say, and the code of each refusal."""

from __future__ import annotations

import time
from collections.abc import Callable
from fractions import Fraction

import pytest

from tanzhang.engine.formula import ColumnSymbol, compile_formula, parse
from tanzhang.engine.formula.terms import Column
from tanzhang.engine.formula.typing import Ratio
from tanzhang.engine.units import PLAIN
from tanzhang.problems import Problem

from .samples import SYMBOLS, compiled

#: So many times the processor's time of a usual refusal is still quick, on any machine.
MORE = 50


def spent(work: Callable[[], object]) -> float:
    """The processor's seconds of a piece of work at its quickest of five.

    So neither a busy machine counts, nor what is read or tidied up once.
    """

    def once() -> float:
        start = time.thread_time()
        work()
        return time.thread_time() - start

    return min(once() for _ in range(5))


def refused(text: str) -> str:
    """The code of a refusal."""
    with pytest.raises(Problem) as caught:
        compiled(text)
    caught.value.text("zh")  # every refusal can be said
    return caught.value.code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x + per_km", "packs.unit_mismatch"),
        ("x * per_km + 1", "packs.unit_mismatch"),
        ("x", "packs.unit_mismatch"),
        ("people", "packs.unit_mismatch"),
        ("3", "packs.unit_mismatch"),
        ("x * per_km * per_km", "packs.unit_mismatch"),
        ("min(x, people) * per_km", "packs.unit_mismatch"),
        ("(x if x > 3 else y) * per_km", "packs.unit_mismatch"),
        ("(x if people > people else people) * per_km", "packs.unit_mismatch"),
        ("x * per_km / people / people", "packs.division_inside"),
        ("max(0, x * per_km / people)", "packs.division_inside"),
        ("x * per_km / people + x * per_km", "packs.division_inside"),
        ("x * per_km / 0", "packs.division_by_zero"),
        ("x * per_km / (third - third)", "packs.division_by_zero"),
        ("x * per_km * x / (x - x * 1 - y)", "packs.division_negative"),
        ("x * per_km * x / y", "packs.division_negative"),
        ("x * per_km * x / min(0, y)", "packs.division_by_zero"),
        ("x * nothing", "packs.name_unknown"),
        ("x * net", "packs.formula_table_without_key"),
        ("x * net[evidence_grade]", "packs.formula_not_a_table"),
        ("x * per_km[mode]", "packs.formula_not_a_table"),
        ("mode * per_km", "packs.formula_category"),
        ("evidence_grade * x * per_km", "packs.formula_category"),
    ],
)
def test_a_formula_that_makes_no_sense_is_refused(text: str, code: str) -> None:
    assert refused(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "1e400 * x",
        "x * 1e-999999999",
        "9" * 5000,
        "x * " + "9" * 19,
        "0x10 * x",
        "1_000 * x",
        "x * 1j",
    ],
)
def test_digits_are_capped_and_a_refusal_is_quick(text: str) -> None:
    usual = spent(lambda: refused("x * nothing"))

    def refuse() -> None:
        assert refused(text) in ("packs.number_malformed", "packs.formula_too_long")

    assert spent(refuse) < MORE * usual


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os')",
        "x ** 2",
        "x // 2",
        "x % 2",
        "x @ y",
        "x.real",
        "net[0]",
        "net[mode:mode]",
        "(x, y)",
        "[x]",
        "lambda: x",
        "abs(x)",
        "min(x)",
        "max(x, y, key=x)",
        "x if x else y",
        "x if x < y < x else y",
        "x if x == y else y",
        "x < y",
        "not x",
        "+x",
        "True",
        "x；y",
        "",
        "x x",
        "x = y",
        "(" * 200 + "x" + ")" * 200 + "+",
    ],
)
def test_nothing_outside_the_grammar_is_read(text: str) -> None:
    assert refused(text) in (
        "packs.formula_not_allowed",
        "packs.formula_syntax",
        "packs.number_malformed",
    )


def test_a_formula_that_nobody_could_read_is_refused() -> None:
    assert refused("x * per_km" + " + x * per_km" * 50) == "packs.formula_too_long"


def test_a_formula_of_many_nested_signs_is_refused() -> None:
    assert refused("-" * 60 + "x") == "packs.formula_too_deep"


def test_steps_that_double_each_other_are_refused_before_they_grow() -> None:
    def double(times: int) -> None:
        steps = {"s0": parse("x * per_km")}
        for number in range(1, times):
            steps[f"s{number}"] = parse(f"s{number - 1} * 3 + s{number - 1} * third")
        steps["reduction"] = parse(f"s{times - 1}")
        with pytest.raises(Problem, match=r"packs\.formula_too_long"):
            compile_formula(steps, SYMBOLS)

    usual = spent(lambda: double(15))
    assert spent(lambda: double(30)) < MORE * usual  # grown, it would be 32 thousand times as much


def test_a_step_is_known_only_below_its_line() -> None:
    steps = {"a": parse("b * per_km"), "b": parse("x"), "reduction": parse("a")}
    with pytest.raises(Problem, match=r"packs\.name_unknown"):
        compile_formula(steps, SYMBOLS)


def test_factors_fold_into_one_exact_rational() -> None:
    ratio = compiled("x * per_km * third / (1 - loss) / 2").ratio
    folded = Fraction("48.7") / 3 / Fraction("2.07") / 2
    assert ratio == Ratio(Column("x", 0, 1_000_000), folded.numerator, folded.denominator, None)


@pytest.mark.parametrize("text", ["0 + x * per_km", "x * per_km + 0", "x * per_km - 0"])
def test_zero_costs_nothing(text: str) -> None:
    assert compiled(text).ratio == compiled("x * per_km").ratio


def test_an_input_that_is_zero_or_one_may_divide() -> None:
    symbols = SYMBOLS | {"flag": ColumnSymbol(0, 1, PLAIN)}
    formula = compile_formula({"reduction": parse("x * per_km / flag")}, symbols)
    assert formula.columns == ("flag", "x")
    assert (formula.one(1, 1000), formula.one(0, 1000)) == (48_700, None)
