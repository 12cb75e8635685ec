"""A mistake in a mapping is named with its line, its key and what belongs there."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tanzhang.engine.mapping import read_mapping
from tanzhang.engine.mapping.spec import GreatCircle
from tanzhang.problems import LANGUAGES, Problem

from .samples import MAP, mapping

RULE = '[[refuse]]\ncode = "odd"\nwhen = {}\nen = "No."\nzh = "不。"\n'


def refused(text: str) -> Problem:
    with pytest.raises(Problem) as caught:
        read_mapping(text, "bad.toml")
    problem = caught.value
    assert all(problem.text(lang) for lang in LANGUAGES)
    return problem


def line(text: str, found: str) -> int:
    """The line on which ``found`` stands."""
    return text[: text.index(found)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("format = 1\nid", "format = 2\nid", "format"),
        ('id = "test"', 'id = ""', "id"),
        ('time_zone = "America/New_York"', 'time_zone = "Mars/Olympus"', "file.time_zone"),
        ('ambiguous = "reject"', 'ambiguous = "guess"', "file.ambiguous"),
        ('missing = "reject"', 'missing = "later"', "file.missing"),
        ('missing = "reject"', 'missing = "reject"\ndelimiter = ";;"', "file.delimiter"),
        ('missing = "reject"', 'missing = "reject"\ndelimiter = \'"\'', "file.delimiter"),
        ('missing = "reject"', 'missing = "reject"\nkind = "xlsx"', "file.kind"),
        ('missing = "reject"', 'missing = "reject"\nnot_before = "1800-01-01"', "file.not_before"),
        ('missing = "reject"', 'missing = "reject"\nnot_after = "2020-02-30"', "file.not_after"),
        ("constant = 2", 'constant = "2"', "grade.constant"),
        ("constant = 2", "constant = -1", "grade.constant"),
        ("constant = 2", "constant = true", "grade.constant"),
    ],
)
def test_a_wrong_value_is_named_with_its_line(old: str, new: str, key: str) -> None:
    text = MAP.replace(old, new, 1)
    problem = refused(text)
    assert problem.code == "imports.map_value_wrong"
    assert problem.details["key"] == key
    last = key.rsplit(".", 1)[-1]
    assert problem.details["line"] == line(
        text, next(x for x in new.split("\n") if x.startswith(last))
    )


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ('[inputs.distance_m]\ncolumn = "x"\nunit = "kWh"\n', "inputs.distance_m.unit"),
        ('[inputs.distance_m]\ncolumn = "x"\nunit = "M"\n', "inputs.distance_m.unit"),
        ('[inputs.Rides]\ncolumn = "x"\n', "inputs.Rides"),
        ('[inputs.rides]\ncolumn = "x"\nconstant = 1\n', "inputs.rides"),
        ('[inputs.rides]\ncolumn = ["x"]\n', "inputs.rides.column"),
        ("[inputs.rides]\nconstant = 1.5\n", "inputs.rides.constant"),
        ('[inputs.mode]\ncolumn = "x"\nvalues = {}\n', "inputs.mode.values"),
        ('[inputs.mode]\ncolumn = "x"\nvalues = { a = "b" }\n', "inputs.mode.values.a"),
        (
            '[inputs.rides]\ngreat_circle = { from = ["a", "b"], to = ["c", "d"] }\ndetour = 1\n',
            "inputs.rides",
        ),
        (
            '[inputs.x_m]\ngreat_circle = { from = ["a"], to = ["c", "d"] }\ndetour = 1\n',
            "inputs.x_m.great_circle.from",
        ),
        (
            '[inputs.x_m]\ngreat_circle = { from = ["a", "b"], to = ["c", "d"] }\ndetour = 0.9\n',
            "inputs.x_m.detour",
        ),
        (
            '[inputs.x_m]\ngreat_circle = { from = ["a", "b"], to = ["c", "d"] }\ndetour = nan\n',
            "inputs.x_m.detour",
        ),
        (RULE.replace("{}", '{ same = ["a"] }'), "refuse.0.when.same"),
        (RULE.replace("{}", '{ empty = "a", same = ["a", "b"] }'), "refuse.0.when"),
        (RULE.replace("{}", '{ column = "a" }'), "refuse.0.when"),
        (RULE.replace("{}", '{ column = "a", above = 0.0000001 }'), "refuse.0.when.above"),
        (RULE.replace("{}", '{ column = "a", above = 1e99 }'), "refuse.0.when.above"),
        (RULE.replace("{}", "{ lasts_over_s = -1 }"), "refuse.0.when.lasts_over_s"),
        (RULE.replace("{}", "{ all = [] }"), "refuse.0.when.all"),
        (RULE.replace('"odd"', '"Odd one"'), "refuse.0.code"),
        ("[revision]\ncolumn = 3\n", "revision.column"),
    ],
)
def test_a_wrong_rule_or_input_is_named_by_its_key(more: str, key: str) -> None:
    problem = refused(MAP + more)
    assert (problem.code, problem.details["key"]) == ("imports.map_value_wrong", key)
    assert problem.details["line"] > MAP.count("\n")


def test_five_inputs_are_one_too_many() -> None:
    more = "".join(f"[inputs.n{place}]\nconstant = 1\n" for place in range(5))
    assert refused(MAP + more).details["key"] == "inputs"


def test_conditions_are_not_nested_without_end() -> None:
    when = '{ empty = "a" }'
    for _ in range(8):
        when = f"{{ all = [{when}] }}"
    assert refused(MAP + RULE.replace("{}", when)).code == "imports.map_value_wrong"


@pytest.mark.parametrize(
    "pattern", ["%Q", "", "today", "%Y-%m-%d %z", "%Y-%m-%d %H", "%c", "%Y-%m-%d %s"]
)
def test_a_form_of_time_that_cannot_be_read_is_refused(pattern: str) -> None:
    text = MAP.replace('column = "from"\nformat = "iso"', f'column = "from"\nformat = "{pattern}"')
    assert refused(text).details["key"] == "started.format"


@pytest.mark.parametrize("table", ["title", "file", "external_id", "person", "started", "grade"])
def test_a_missing_table_is_named(table: str) -> None:
    text = MAP.replace(f"[{table}]", f"[other_{table}]").replace("title =", "other_title =")
    problem = refused(text)
    assert problem.code == "imports.map_key_missing"
    assert problem.details["key"] in (table, "title")


def test_a_missing_key_is_looked_for_in_its_table() -> None:
    text = MAP.replace('ambiguous = "reject"\n', "")
    problem = refused(text)
    assert problem.code == "imports.map_key_missing"
    assert problem.details["key"] == "file.ambiguous"
    assert problem.details["line"] == line(text, "[file]")


def test_a_slip_of_the_pen_does_not_pass_for_a_rule() -> None:
    for old, new, key in (
        ("[grade]", "[grade]\nconstnat = 3", "grade.constnat"),
        ('id = "test"', 'id = "test"\nprogram = "citic"', "program"),
        ("[ended]", "[ended]\ntime_zone = 1", "ended.time_zone"),
    ):
        text = MAP.replace(old, new, 1)
        problem = refused(text)
        assert (problem.code, problem.details["key"]) == ("imports.map_key_unknown", key)
        assert problem.details["line"] == line(text, new.split("\n")[1])


@pytest.mark.parametrize(
    ("text", "where"),
    [("a = 1\nb = \n", 2), ("a = 1\na = 2\n", 2), ("[file\n", 1), ("a = 1\nb = [", 2)],
)
def test_what_is_no_toml_is_refused_with_its_line(text: str, where: int) -> None:
    problem = refused(text)
    assert problem.code == "imports.map_not_toml"
    assert problem.details["line"] == where


def test_toml_nested_beyond_any_sense_is_refused() -> None:
    assert refused("a = " + "[" * 5_000).code == "imports.map_not_toml"


def test_people_made_by_a_hash_must_be_called_fictitious() -> None:
    text = MAP.replace('[person]\ncolumn = "who"', '[person]\nhash = ["who"]\nmodulo = 9')
    assert refused(text).details["key"] == "person.fictitious"


def test_numbers_of_a_mapping_are_exact() -> None:
    more = '[inputs.x_m]\ngreat_circle = { from = ["a", "b"], to = ["c", "d"] }\ndetour = 1.1\n'
    source = mapping(more).inputs[0].source
    assert isinstance(source, GreatCircle) and source.detour == Fraction(11, 10)


def test_a_tab_may_separate_columns() -> None:
    text = MAP.replace("[file]", '[file]\ndelimiter = "\\t"')
    assert read_mapping(text, "tabs.toml").file.delimiter == "\t"
