"""The figures of the founding documents, and the proof that packs reproduce them.

A factor is proved by running its pack on one unit of activity, a cap by comparing the pack's limit.
Equivalences, derived figures and points only stand beside them: nothing here ever credits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from tanzhang.engine.packs.compiled import CompiledPack
from tanzhang.engine.packs.faults import Faults, Place
from tanzhang.engine.packs.given import columns_of
from tanzhang.engine.packs.sources import named_source, read_sources
from tanzhang.engine.packs.tree import Block, Text, read_tree
from tanzhang.engine.rules import Kind
from tanzhang.engine.units import MASS, PLAIN, parse_measure
from tanzhang.problems import Problem

KINDS = ("factor", "cap", "points", "equivalence", "derived")

Packs = Mapping[str, tuple[CompiledPack, ...]]


@dataclass(frozen=True, slots=True)
class Statement:
    """One number of a figure."""

    kind: str
    value: str  #: as written, with its unit
    pack: str  #: which reproduces it, for factors and caps
    limit: str
    per: Mapping[str, str]  #: the inputs that make one unit of activity
    equals: str
    source_numbers: tuple[str, ...]  #: a derived figure is the first divided by the second
    place: Place

    def milligrams(self) -> Fraction:
        """The value in milligrams. Raises Problem ``packs.unit_mismatch`` for points."""
        return parse_measure(self.value, MASS, "g") * 1000


@dataclass(frozen=True, slots=True)
class Figure:
    """One row: a behaviour and what a document states of it."""

    behaviour: Text
    activity_unit: str
    programme: Text
    source: Text
    states: tuple[Statement, ...]


def read_figures(file: Path, packs: Packs, faults: Faults) -> tuple[Figure, ...]:
    """The figures of a file, each factor and cap checked against its pack."""
    figures: list[Figure] = []
    with faults.at(Place(file, 1)):
        block = Block(read_tree(file), faults)
        sources = read_sources(block)
        for node in block.items("figures", required=True):
            with faults.at(node):
                figures.append(_read_figure(Block(node, faults), sources))
        block.close()
    for figure in figures:
        for statement in figure.states:
            with faults.at(statement.place):
                prove(statement, packs)
    return tuple(figures)


def _read_figure(block: Block, sources: Mapping[str, Text]) -> Figure:
    states = [Block(node, block.faults) for node in block.items("states", required=True)]
    figure = Figure(
        behaviour=block.titled("behaviour"),
        activity_unit=block.text("activity_unit"),
        programme=block.titled("programme"),
        source=named_source(block, sources),
        states=tuple(_read_statement(state) for state in states),
    )
    block.close()
    return figure


def _read_statement(block: Block) -> Statement:
    per = block.block("per")
    block.text("period", required=False)
    statement = Statement(
        kind=block.choice("kind", KINDS),
        value=block.text("value"),
        pack=block.text("pack", required=False),
        limit=block.text("limit", required=False),
        per={name: node.scalar() for name, node in per.entries.items()} if per else {},
        equals=block.text("equals", required=False),
        source_numbers=tuple(node.scalar() for node in block.items("from")),
        place=block.node.place,
    )
    block.close()
    return statement


def prove(statement: Statement, packs: Packs) -> None:
    """Raises Problem ``packs.figure_differs`` where a pack or arithmetic gives another value."""
    if statement.kind == "factor":
        found = [
            Fraction(edition.milligrams(columns_of(edition, statement.per)) or 0)
            for edition in _editions(statement, packs)
        ]
    elif statement.kind == "cap":
        found = [
            Fraction(limit.value)
            for edition in _editions(statement, packs)
            for limit in edition.rules.limits
            if limit.name == statement.limit and limit.kind is Kind.AMOUNT
        ]
    elif statement.kind == "derived":
        found = [_derived_mg(statement)]
    else:
        return
    if set(found) != {statement.milligrams()}:
        given = ", ".join(str(value) for value in sorted(set(found)))
        raise Problem("packs.figure_differs", value=statement.value, found=given)


def _editions(statement: Statement, packs: Packs) -> tuple[CompiledPack, ...]:
    if statement.pack not in packs:
        raise Problem("packs.pack_unknown", pack=statement.pack, known=", ".join(packs))
    return packs[statement.pack]


def _derived_mg(statement: Statement) -> Fraction:
    """The quotient of the source's numbers, rounded to the digits of the stated value."""
    total, count = statement.source_numbers
    exact = parse_measure(total, MASS, "g") / parse_measure(count, PLAIN, "1") * 1000
    number, unit = statement.value.split()
    places = len(number.partition(".")[2])
    step = parse_measure(f"1 {unit}", MASS, "g") * 1000 / int(10**places)
    return step * round(exact / step)
