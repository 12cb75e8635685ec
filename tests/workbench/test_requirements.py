"""The page of security requirements says what is so."""

from __future__ import annotations

import ast
from itertools import chain
from pathlib import Path

import pytest

from tanzhang.workbench.requirements import PAGES, STATES, Requirement, page, requirements

ROOT = Path(__file__).resolve().parents[2]

#: The numbers of the review, by section.
NUMBERS = [
    *range(1, 32),
    *range(40, 63),
    *range(70, 94),
    *range(100, 117),
    *range(130, 147),
    *range(160, 172),
]


@pytest.fixture(name="listed", scope="module")
def _listed() -> list[Requirement]:
    return list(chain.from_iterable(requirements(ROOT).values()))


def test_every_requirement_stands_once_and_in_order(listed: list[Requirement]) -> None:
    assert [one.id for one in listed] == [f"R-{number:03}" for number in NUMBERS]


def test_what_is_met_names_a_test_and_what_is_not_gives_a_reason(
    listed: list[Requirement],
) -> None:
    assert {one.state for one in listed} <= set(STATES)
    assert [one.id for one in listed if one.state == "met" and not one.tests] == []
    assert [one.id for one in listed if one.state != "met" and one.why is None] == []
    assert [one.id for one in listed if one.why and set(one.why) != {"en", "zh"}] == []


def test_every_test_that_is_named_exists(listed: list[Requirement]) -> None:
    known: dict[str, set[str]] = {}
    missing = []
    for one in listed:
        for name in one.tests:
            path, _, test = name.partition("::")
            if path not in known:
                known[path] = functions_of(ROOT / path)
            if test not in known[path]:
                missing.append((one.id, name))
    assert missing == []


@pytest.mark.parametrize("lang", PAGES)
def test_the_page_is_current(lang: str) -> None:
    assert (ROOT / PAGES[lang]).read_text(encoding="utf-8") == page(lang, ROOT)


def functions_of(path: Path) -> set[str]:
    """The names of the tests in a file; none where there is no such file."""
    if not path.is_file():
        return set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    return {function.name for function in functions if function.name.startswith("test_")}
