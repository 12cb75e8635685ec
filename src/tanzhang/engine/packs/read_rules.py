"""Reads what a pack says besides its formula: limits, bounds, review and examples."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tanzhang.engine.packs.definition import BoundEntry, Example, LimitEntry, Mark, Review
from tanzhang.engine.packs.faults import Faults, Place
from tanzhang.engine.packs.read_factors import read_mark
from tanzhang.engine.packs.sources import read_source
from tanzhang.engine.packs.tree import Block, Node, Text, read_tree
from tanzhang.engine.packs.vocabulary import PERIODS
from tanzhang.engine.rules import Bound, Kind, Limit, Scope
from tanzhang.engine.units import MASS, Dimensions, parse_decimal, parse_measure, parse_quantity
from tanzhang.problems import Problem

_DISTANCE: Dimensions = (("m", 1),)
_DURATION: Dimensions = (("s", 1),)
_SPEED: Dimensions = (("m", 1), ("s", -1))
_SCOPES = {scope.name.lower(): scope for scope in Scope if scope is not Scope.ITEM}
_BOUND_KINDS = ("input", "duration", "speed")
_OWN_CHOICE = Text("本项目选定的合理性界限", "plausibility bound chosen by the project")


def read_limits(block: Block, owner: str, *, from_pack: bool) -> Iterator[LimitEntry]:
    """The limits under ``limits``, in the order of the file.

    A pack's limits are per item; a programme's limit names its scope.
    """
    for name, entry in block.blocks("limits"):
        with entry.faults.at(entry.node):
            yield _read_limit(name, entry, owner, from_pack=from_pack)
        entry.close()


def _read_limit(name: str, block: Block, owner: str, *, from_pack: bool) -> LimitEntry:
    scope = Scope.ITEM
    if not from_pack:
        scope = _SCOPES.get(block.choice("scope", tuple(_SCOPES)), Scope.PROGRAMME)
    mark = read_mark(block)
    note = block.both("note", required=False)
    period = block.choice("per", tuple(PERIODS))
    each = block.choice("each", ("item_key",), default="")
    whole = block.flag("whole")
    kind, value = read_room(name, block)
    if period not in PERIODS:
        raise Problem("packs.limit_without_period", name=name)
    rules = Limit(owner, name, kind, scope, PERIODS[period], value, whole, bool(each), from_pack)
    return LimitEntry(rules, mark, note, block.node.place)


def read_room(name: str, block: Block) -> tuple[Kind, int]:
    """``amount: 200 g`` (in mg) or ``count: 10``. Raises Problem ``packs.limit_without_value``."""
    amount, count = block.text("amount", required=False), block.text("count", required=False)
    if bool(amount) == bool(count):
        raise Problem("packs.limit_without_value", name=name)
    if count:
        kind, value = Kind.COUNT, parse_decimal(count)
    else:
        kind, value = Kind.AMOUNT, parse_measure(amount, MASS, "g") * 1000
    if value.denominator != 1 or value < 0:
        raise Problem("packs.number_not_whole", text=amount or count, unit="mg")
    return kind, value.numerator


def read_bounds(block: Block, inputs: dict[str, Dimensions]) -> Iterator[BoundEntry]:
    """The bounds under ``bounds``; ``inputs`` are the numeric inputs and their dimensions."""
    for name, entry in block.blocks("bounds"):
        if name in inputs:
            entry.faults.add(entry.node, "packs.name_repeated", name=name)
        with entry.faults.at(entry.node):
            yield _read_bound(name, entry, inputs)
        entry.close()


def _read_bound(name: str, block: Block, inputs: dict[str, Dimensions]) -> BoundEntry:
    mark = own_choice(block)
    kinds = [kind for kind in _BOUND_KINDS if block.get(kind) is not None]
    if len(kinds) != 1:
        raise Problem("packs.bound_without_kind", name=name)
    kind = kinds[0]
    span = Block(block.get(kind) or block.node, block.faults)
    source = span.text("of", required=False)
    if kind != "duration" and (
        source not in inputs or (kind == "speed" and inputs[source] != _DISTANCE)
    ):
        raise Problem("packs.bound_input_unknown", name=name, input=source)
    low, high = (
        _bound_value(span.text(key, required=False), kind, inputs.get(source, ()))
        for key in ("at_least", "at_most")
    )
    span.close()
    if low is None and high is None:
        raise Problem("packs.bound_without_value", name=name)
    return BoundEntry(Bound(name, kind, source, low, high), mark, block.node.place)


def own_choice(block: Block) -> Mark:
    """A bound's mark; without one it is the project's own choice."""
    if block.get("kind") is not None or block.get("source") is not None:
        return read_mark(block)
    return Mark("assumption", _OWN_CHOICE, "")


def _bound_value(text: str, kind: str, dimensions: Dimensions) -> int | None:
    if not text:
        return None
    if kind == "duration":
        return parse_quantity(text, _DURATION, "s")
    if kind == "input":
        return parse_quantity(text, dimensions, "the input's unit")
    metres_per_hour = parse_measure(text, _SPEED, "km/h") * 3600
    if metres_per_hour.denominator != 1:
        raise Problem("packs.number_not_whole", text=text, unit="m/h")
    return metres_per_hour.numerator


def read_review(block: Block, status: str) -> Review | None:
    """The review; a pack that is past its draft must have one."""
    inner = block.block("review")
    if inner is None:
        if status != "draft":
            block.faults.add(block.node, "packs.review_missing", status=status)
        return None
    review = Review(
        inner.titled("by"), inner.day("on", required=True), inner.both("what", required=False)
    )
    inner.close()
    return review


def read_examples(file: Path, faults: Faults) -> tuple[Example, ...]:
    """The worked examples beside a pack."""
    examples: list[Example] = []
    with faults.at(Place(file, 1)):
        block = Block(read_tree(file), faults)
        items = block.items("examples", required=True)
        for item in items:
            with faults.at(item):
                examples.append(_read_example(Block(item, faults)))
        block.close()
        if len(items) < 3:
            faults.add(block.node, "packs.examples_too_few", count=len(items))
    return tuple(examples)


def _read_example(block: Block) -> Example:
    inputs = block.block("inputs", required=True)
    if inputs is None:
        raise Problem("packs.key_missing", key="inputs")
    given = {name: _read_given(node) for name, node in inputs.entries.items()}
    expected = parse_decimal(block.text("reduction_mg"))
    if expected.denominator != 1:
        raise Problem("packs.number_not_whole", text=str(expected), unit="mg")
    on = block.day("on", default=-1) if block.get("on") else None
    source = read_source(block)
    block.close()
    return Example(given, on, expected.numerator, source, block.node.place)


def _read_given(node: Node) -> str | tuple[str, ...]:
    if isinstance(node.value, tuple):
        return tuple(item.scalar() for item in node.value)
    return node.scalar()
