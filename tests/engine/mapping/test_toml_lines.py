"""Lines of keys in a TOML text."""

from __future__ import annotations

import pytest

from tanzhang.engine.mapping.toml_lines import Path, line_of

TEXT = """# a mapping
format = 1
title.en = "x"

[file] # of somebody
kind = "csv"
"quoted key" = 2

[inputs.distance_m]
detour = 1.3
great_circle.from = ["a", "b"]

[[refuse]]
code = "one"
[[refuse]]
code = "two"
when = { same = ["a", "b"] }
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("format",), 2),
        (("title", "en"), 3),
        (("file",), 5),
        (("file", "kind"), 6),
        (("file", "quoted key"), 7),
        (("inputs", "distance_m"), 9),
        (("inputs", "distance_m", "detour"), 10),
        (("inputs", "distance_m", "great_circle", "from"), 11),
        (("refuse", 0, "code"), 14),
        (("refuse", 1), 15),
        (("refuse", 1, "code"), 16),
        (("refuse", 1, "when", "same"), 17),
        (("file", "absent"), 5),
        (("absent",), 1),
    ],
)
def test_a_key_is_found_or_else_what_holds_it(path: Path, line: int) -> None:
    assert line_of(TEXT, path) == line
