"""Compiles a definition: one ``CompiledPack`` for each span of days with the same factors."""

from __future__ import annotations

from math import lcm

from tanzhang.engine.formula import (
    EVIDENCE_GRADE,
    CategorySymbol,
    ColumnSymbol,
    ConstantSymbol,
    Formula,
    Symbol,
    TableSymbol,
    compile_formula,
    names_in,
)
from tanzhang.engine.packs.compiled import CompiledPack, FactorLine
from tanzhang.engine.packs.definition import Factor, PackDefinition, Window
from tanzhang.engine.packs.faults import Faults
from tanzhang.engine.packs.fits import ACTS_A_DAY
from tanzhang.engine.packs.read_pack import Shelf
from tanzhang.engine.packs.tree import write_day
from tanzhang.engine.rules import Input, LookBack, PackVersion
from tanzhang.engine.units import PLAIN

#: The unit that categorical inputs carry in the rules: their number is a value's place.
CATEGORY = "category"


def compile_pack(
    definition: PackDefinition, shelf: Shelf, digest: str, faults: Faults
) -> tuple[CompiledPack, ...]:
    """The editions of a pack version, in order; empty where something is wrong with the formula."""
    if not _names_are_known(definition, faults):
        return ()
    starts = _edition_starts(definition)
    ends = [*starts[1:], definition.valid_to]
    editions: list[CompiledPack] = []
    for first, end in zip(starts, ends, strict=True):
        with faults.at(definition.steps[-1].place):
            formula = compile_formula(
                {step.name: step.expression for step in definition.steps},
                symbols_on(definition, first),
            )
            version = definition.version + (_label(first) if len(starts) > 1 else "")
            rules = _rules(definition, shelf, formula, version, first, end)
            lines = factor_lines(definition, first)
            editions.append(CompiledPack(definition, rules, formula, lines, digest))
            continue
        return ()
    return tuple(editions)


def _names_are_known(definition: PackDefinition, faults: Faults) -> bool:
    """Whether each step reads names that stand above it; every unknown one is recorded."""
    known = {EVIDENCE_GRADE, *(entry.name for entry in definition.named)}
    known -= {step.name for step in definition.steps}  # each is known below its own line only
    fine = bool(definition.steps)
    for step in definition.steps:
        for name in dict.fromkeys(names_in(step.expression)):
            if name not in known:
                fine = False
                known_names = ", ".join(sorted(known))
                faults.add(step.place, "packs.name_unknown", name=name, known=known_names)
        known.add(step.name)
    return fine


def _edition_starts(definition: PackDefinition) -> list[int]:
    """The pack's first day, and each later day on which a factor that it uses changes."""
    first, end = definition.valid_from, definition.valid_to
    starts = {first}
    for factor in definition.factors:
        starts |= {spell.first for spell in factor.spells if first < spell.first < end}
    return sorted(starts)


def _label(day: int) -> str:
    written = write_day(day)
    return "+" + written.removesuffix("-01-01")


def symbols_on(definition: PackDefinition, day: int) -> dict[str, Symbol]:
    """What the names of the formula stand for on a local day."""
    symbols: dict[str, Symbol] = {EVIDENCE_GRADE: CategorySymbol(())}
    for entry in definition.inputs:
        symbols[entry.name] = (
            CategorySymbol(entry.values)
            if entry.unit is None
            else ColumnSymbol(entry.minimum, entry.maximum, entry.unit.dimensions)
        )
    for window in definition.windows:
        symbols[window.name] = _window_symbol(window, definition)
    for factor in definition.factors:
        symbols[factor.name] = _factor_symbol(factor, day)
    return symbols


def _window_symbol(window: Window, definition: PackDefinition) -> ColumnSymbol:
    """The column of a look-back, its value being column / scale; it reads no negative input."""
    source = next(entry for entry in definition.inputs if entry.name == window.input)
    scale = look_back_scale(window)
    times = window.days if window.take == "sum" else scale
    dimensions = source.unit.dimensions if source.unit else PLAIN
    return ColumnSymbol(0, source.maximum * ACTS_A_DAY * times, dimensions, scale)


def look_back_scale(window: Window) -> int:
    """1/scale is the unit of a mean (rules.LookBack): every possible length divides it."""
    if window.take != "mean":
        return 1
    return lcm(*range(1, window.days + 1)) if window.gaps == "skip" else window.days


def _factor_symbol(factor: Factor, day: int) -> Symbol:
    spell = factor.on(day)
    if spell is None:
        raise LookupError(f"{factor.name} has no value on {write_day(day)}")
    values = tuple(row.value for row in spell.rows)
    if not factor.by:
        return ConstantSymbol(values[0], factor.unit.dimensions)
    starts = (
        tuple(int(grade) for grade in factor.row_names)
        if factor.by == EVIDENCE_GRADE
        else tuple(range(len(values)))
    )
    return TableSymbol(factor.by, starts, values, factor.unit.dimensions)


def factor_lines(definition: PackDefinition, day: int) -> tuple[FactorLine, ...]:
    """Every number of every factor in force on a local day."""
    lines: list[FactorLine] = []
    for factor in definition.factors:
        spell = factor.on(day)
        if spell is None:
            continue
        names = factor.row_names or ("",)
        for name, row in zip(names, spell.rows, strict=True):
            lines.append(
                FactorLine(
                    name=factor.name,
                    title=factor.title,
                    row=name,
                    value=row.digits,
                    unit=factor.unit.text,
                    mark=spell.mark,
                    label=spell.label,
                    rule=spell.rule,
                )
            )
    return tuple(lines)


def _rules(
    definition: PackDefinition, shelf: Shelf, formula: Formula, version: str, first: int, end: int
) -> PackVersion:
    name = definition.conflict_class
    return PackVersion(
        pack=definition.id,
        version=version,
        valid_from=first,
        valid_to=end,
        conflict_class=shelf.classes[name].rules if name else None,
        inputs=tuple(
            Input(
                entry.name,
                entry.unit.text if entry.unit else CATEGORY,
                entry.minimum,
                entry.maximum,
                entry.required,
                entry.values,
                entry.default,
            )
            for entry in definition.inputs
        ),
        quantify=formula.many,
        look_backs=tuple(
            LookBack(w.name, w.input, w.days, w.take, w.gaps, look_back_scale(w))
            for w in definition.windows
        ),
        bounds=tuple(bound.rules for bound in definition.bounds),
        limits=tuple(limit.rules for limit in definition.limits),
        zero_by_design=definition.zero_by_design,
    )
