"""The page of environment variables names all that are read, and no others."""

from __future__ import annotations

import ast
import re

import pytest

NAME = re.compile(r"(TANZHANG|DATABASE|SANDBOX)_[A-Z_]*[A-Z]")
ROW = re.compile(r"^\| `(\w+)` \|", re.MULTILINE)

#: Read by the tests alone.
BY_TESTS = {"TANZHANG_BROWSER"}


@pytest.mark.parametrize("page", ["configuration.md", "configuration.zh-CN.md"])
def test_every_variable_has_its_row(
    pages: dict[str, str], sources: dict[str, ast.Module], page: str
) -> None:
    read = {
        node.value
        for tree in sources.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if NAME.fullmatch(node.value)
    }
    rows = ROW.findall(pages[f"docs/reference/{page}"])
    assert sorted(rows) == sorted(read | BY_TESTS)
