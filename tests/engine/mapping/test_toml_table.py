"""A table is read key by key: what is missing, unknown or no TOML is named with its line."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tanzhang.engine.mapping.spec import GreatCircle

from .samples import MAP, line, mapping, refused


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


def test_numbers_of_a_mapping_are_exact() -> None:
    more = '[inputs.x_m]\ngreat_circle = { from = ["a", "b"], to = ["c", "d"] }\ndetour = 1.1\n'
    source = mapping(more).inputs[0].source
    assert isinstance(source, GreatCircle) and source.detour == Fraction(11, 10)
