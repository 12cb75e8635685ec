"""Every source file is known to some test."""

from __future__ import annotations

import ast
import re

#: Loaded by Django by their names and places: nobody imports them.
BY_DJANGO = re.compile(r"tanzhang\.((apps|surfaces)\.\w+\.(apps|migrations\..*)|config\.settings)")


def module_name(path: str) -> str:
    """``src/tanzhang/a/b.py`` -> ``tanzhang.a.b``; a package is named by its folder."""
    dotted = path.removeprefix("src/").removesuffix(".py").replace("/", ".")
    return dotted.removesuffix(".__init__")


def imported(tree: ast.Module) -> set[str]:
    """Modules that a file may mean by its imports; ``from a import b`` may mean a or a.b."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def floor(module: str) -> str:
    """The floor of a module: ``tanzhang.apps.ledger.books`` is on ``tanzhang.apps``."""
    return ".".join(module.split(".")[:2])


def reached(modules: dict[str, ast.Module], start: set[str]) -> set[str]:
    """``start``, what it imports on its own floor, and so on."""
    found: set[str] = set()
    waiting = list(start)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            inside = imported(modules[name]) & modules.keys()
            waiting += [other for other in inside if floor(other) == floor(name)]
    return found


def test_every_source_file_is_named_or_reached_by_a_test(
    texts: dict[str, str], sources: dict[str, ast.Module]
) -> None:
    tests = {p: t for p, t in texts.items() if p.startswith("tests/") and p.endswith(".py")}
    subjects = {re.sub(r".*/(test_)?|\.py$", "", path) for path in tests}
    modules = {module_name(path): tree for path, tree in sources.items()}
    named = {name for name in modules if name.rpartition(".")[2] in subjects}
    entered = set().union(*(imported(ast.parse(text)) for text in tests.values()))
    known = reached(modules, named | (entered & modules.keys()))
    faults = [
        name
        for name, tree in modules.items()
        if len(tree.body) > bool(ast.get_docstring(tree))
        and name not in known
        and not BY_DJANGO.fullmatch(name)
    ]
    assert faults == []
