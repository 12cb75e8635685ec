"""Where amounts are made there are integers and exact fractions, never floats."""

from __future__ import annotations

import ast
from collections.abc import Iterator

#: Everything here makes or carries amounts.
EXACT = ("src/tanzhang/engine/settle/", "src/tanzhang/engine/formula/")

FLOATING = {"float", "float16", "float32", "float64", "Float32", "Float64", "mean", "average"}

#: (file, function) -> why a true division or a float is exact or harmless there.
ALLOWED: dict[tuple[str, str], str] = {}


def floats(tree: ast.Module) -> Iterator[tuple[int, str, str]]:
    """Each place where a float can arise: line, enclosing function, what stands there."""

    def visit(node: ast.AST, inside: str) -> Iterator[tuple[int, str, str]]:
        for child in ast.iter_child_nodes(node):
            within = child.name if isinstance(child, ast.FunctionDef) else inside
            fault = _fault(child)
            if fault:
                yield getattr(child, "lineno", 0), within, fault
            yield from visit(child, within)

    yield from visit(tree, "")


def _fault(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, float):
        return f"the float {node.value}"
    if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div):
        return "a true division"
    if isinstance(node, ast.Name) and node.id in FLOATING:
        return node.id
    if isinstance(node, ast.Attribute) and node.attr in FLOATING:
        return node.attr
    return ""


def test_no_float_and_no_true_division_where_amounts_are_made(
    sources: dict[str, ast.Module],
) -> None:
    faults = [
        f"{path}:{line} in {function or 'the module'}: {fault}"
        for path, tree in sources.items()
        if path.startswith(EXACT)
        for line, function, fault in floats(tree)
        if (path, function) not in ALLOWED
    ]
    assert faults == []


def test_every_exception_from_exactness_is_still_needed(sources: dict[str, ast.Module]) -> None:
    found = {(path, function) for path in sources for _, function, _ in floats(sources[path])}
    assert set(ALLOWED) <= found


def test_the_search_for_floats_finds_each_kind() -> None:
    source = "def f(a):\n x = 0.5\n y = a / 2\n a /= 3\n z = float(a)\n return a.mean()"
    assert [line for line, _, _ in floats(ast.parse(source))] == [2, 3, 4, 5, 6]
