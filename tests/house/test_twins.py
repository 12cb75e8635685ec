"""Every source file is known to some test."""

from __future__ import annotations

import ast


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


def test_every_source_file_is_named_or_imported_by_a_test(
    texts: dict[str, str], sources: dict[str, ast.Module]
) -> None:
    tests = {p: t for p, t in texts.items() if p.startswith("tests/") and p.endswith(".py")}
    subjects = {path.rsplit("/", 1)[1].removesuffix(".py") for path in tests}
    known = set().union(*(imported(ast.parse(text)) for text in tests.values()))
    modules = {module_name(path): tree for path, tree in sources.items()}
    doors = [name for name in modules if name in known]
    behind_doors = set().union(*(imported(modules[door]) for door in doors))
    faults = [
        name
        for name, tree in modules.items()
        if tree.body
        and name not in known | behind_doors
        and f"test_{name.rsplit('.', 1)[1] if '.' in name else name}" not in subjects
        and ".migrations." not in name
    ]
    assert faults == []
