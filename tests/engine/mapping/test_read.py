"""A mistake in a mapping is named with its line, its key and what belongs there."""

from __future__ import annotations

import pytest

from tanzhang.engine.mapping import read_mapping

from .samples import MAP, line, refused


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
        ("[revision]\ncolumn = 3\n", "revision.column"),
    ],
)
def test_a_wrong_input_is_named_by_its_key(more: str, key: str) -> None:
    problem = refused(MAP + more)
    assert (problem.code, problem.details["key"]) == ("imports.map_value_wrong", key)
    assert problem.details["line"] > MAP.count("\n")


def test_five_inputs_are_one_too_many() -> None:
    more = "".join(f"[inputs.n{place}]\nconstant = 1\n" for place in range(5))
    assert refused(MAP + more).details["key"] == "inputs"


@pytest.mark.parametrize(
    "pattern", ["%Q", "", "today", "%Y-%m-%d %z", "%Y-%m-%d %H", "%c", "%Y-%m-%d %s"]
)
def test_a_form_of_time_that_cannot_be_read_is_refused(pattern: str) -> None:
    text = MAP.replace('column = "from"\nformat = "iso"', f'column = "from"\nformat = "{pattern}"')
    assert refused(text).details["key"] == "started.format"


def test_people_made_by_a_hash_must_be_called_fictitious() -> None:
    text = MAP.replace('[person]\ncolumn = "who"', '[person]\nhash = ["who"]\nmodulo = 9')
    assert refused(text).details["key"] == "person.fictitious"


def test_a_tab_may_separate_columns() -> None:
    text = MAP.replace("[file]", '[file]\ndelimiter = "\\t"')
    assert read_mapping(text, "tabs.toml").file.delimiter == "\t"
