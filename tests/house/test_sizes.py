"""Files and functions stay small enough to be read at one sitting."""

from __future__ import annotations

import ast
import re

FILE_LINES = 400
FUNCTION_LINES = 70

#: Looked up rather than read: sentences by their code, classes by their column, and what once
#: became of the schema.
LISTS = re.compile(r"/problems/|/migrations/|/apps/columns\.yaml$")


def test_no_source_file_is_longer_than_400_lines(texts: dict[str, str]) -> None:
    faults = {
        path: text.count("\n")
        for path, text in texts.items()
        if path.startswith("src/") and path.endswith((".py", ".sql", ".yaml"))
        if text.count("\n") > FILE_LINES and not LISTS.search(path)
    }
    assert faults == {}


def test_no_function_is_longer_than_70_lines(sources: dict[str, ast.Module]) -> None:
    faults = {
        f"{path}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for path, tree in sources.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno
        if node.end_lineno - node.lineno + 1 > FUNCTION_LINES
    }
    assert faults == {}
