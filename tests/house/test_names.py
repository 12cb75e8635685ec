"""Names follow the glossary, modules say what they are, and no page knows one machine."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tanzhang.engine.acts import Status

FORBIDDEN = {"credit", "event_type", "level", "levels"}

#: Folders of one machine, and something in them: "/home/" alone is an address of the site. Spelt in
#: two parts, so that this file does not mention them itself.
MACHINE_FOLDERS = re.compile("(?<![\\w.])/" + r"(work|home|root|Users|tmp)/[\w.{$<]")


def defined_names(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Names that a module brings into the world: not what it reads from others."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr


def test_no_name_uses_a_word_that_the_glossary_forbids(sources: dict[str, ast.Module]) -> None:
    faults = [
        f"{path}:{line} {name}"
        for path, tree in sources.items()
        for line, name in defined_names(tree)
        if name.lower().strip("_") in FORBIDDEN
    ]
    assert faults == []


def test_every_module_that_says_something_says_what_it_is(sources: dict[str, ast.Module]) -> None:
    faults = [
        path
        for path, tree in sources.items()
        if tree.body and not ast.get_docstring(tree) and "/migrations/" not in path
    ]
    assert faults == []


def test_no_file_mentions_a_folder_of_one_machine(texts: dict[str, str]) -> None:
    faults = [
        f"{path}:{number} {line.strip()[:80]}"
        for path, text in texts.items()
        for number, line in enumerate(text.splitlines(), 1)
        if MACHINE_FOLDERS.search(line)
    ]
    assert faults == []


def test_the_glossary_has_one_line_for_each_word(texts: dict[str, str]) -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in texts["GLOSSARY.md"].splitlines()
        if line.startswith("| ") and not line.startswith("| word in code")
    ]
    assert all(len(row) == 5 and all(row) for row in rows)
    words = [word for row in rows for word in re.findall(r"`([^`]+)`", row[0])]
    assert len(words) == len(set(words))
    assert {status.name.lower() for status in Status} <= set(words)
