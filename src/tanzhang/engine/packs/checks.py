"""What must hold of a compiled pack, and between the versions of one pack id."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from tanzhang.engine.formula import EVIDENCE_GRADE, names_in
from tanzhang.engine.packs.compiled import CompiledPack
from tanzhang.engine.packs.definition import Example, PackDefinition
from tanzhang.engine.packs.explain import explain, placeholders
from tanzhang.engine.packs.faults import Faults
from tanzhang.engine.packs.fits import check_fits
from tanzhang.engine.packs.given import columns_of
from tanzhang.engine.packs.read_pack import REDUCTION, Shelf
from tanzhang.engine.packs.tree import write_day
from tanzhang.engine.rules import Limit
from tanzhang.problems import LANGUAGES, Problem

_LONGEST_S = 24 * 3600


def check_definition(definition: PackDefinition, shelf: Shelf, faults: Faults) -> None:
    """Rules that need no formula: keys, durations, widths, the names in the sentences."""
    entry = shelf.classes.get(definition.conflict_class)
    place = definition.place
    if entry is not None:
        if entry.needs_key and definition.item_key is None:
            faults.add(place, "packs.class_needs_key", name=entry.rules.name)
        if entry.rules.overlap and not _has_duration_bound(definition):
            faults.add(place, "packs.class_needs_duration", name=entry.rules.name)
    for limit in definition.limits:
        if limit.rules.per_item_key and definition.item_key is None:
            faults.add(limit.place, "packs.limit_needs_key", name=limit.rules.name)
    check_fits(definition, faults)
    _check_names(definition, faults)


def _has_duration_bound(definition: PackDefinition) -> bool:
    return any(
        bound.rules.kind == "duration"
        and bound.rules.maximum is not None
        and bound.rules.maximum <= _LONGEST_S
        for bound in definition.bounds
    )


def _check_names(definition: PackDefinition, faults: Faults) -> None:
    """Sentences mention known names; every factor and window is used by the formula."""
    known = {REDUCTION, EVIDENCE_GRADE, *(entry.name for entry in definition.named)}
    for lang, names in placeholders(definition.explanation).items():
        for name in sorted(names - known):
            faults.add(definition.place, "packs.sentence_name_unknown", name=name, language=lang)
    used = {name for step in definition.steps for name in names_in(step.expression)}
    if used - known:
        return  # a misspelt name is reported; the one it was meant for is not unused
    places = {w.name: w.place for w in definition.windows}
    places |= {factor.name: factor.place for factor in definition.factors}
    for name, place in places.items():
        if name not in used:
            faults.add(place, "packs.name_unused", name=name)


def check_formula(editions: Sequence[CompiledPack], faults: Faults) -> None:
    """A pack yields grams unless it says that it never does; and its examples come out."""
    definition = editions[0].definition
    never = all(edition.formula.always_zero for edition in editions)
    if never != definition.zero_by_design:
        code = "packs.formula_never_yields" if never else "packs.formula_yields"
        faults.add(definition.steps[-1].place, code, pack=definition.id)
    for example in definition.examples:
        with faults.at(example.place):
            check_example(editions, example)


def check_example(editions: Sequence[CompiledPack], example: Example) -> None:
    """Runs an example through every form. Raises Problem ``packs.example_*``."""
    pack = edition_of(editions, example.on)
    columns = columns_of(pack, example.inputs)
    answers = {
        pack.milligrams(columns),
        pack.formula.exact.milligrams(columns),
        *(explain(pack, columns, lang).reduction_mg for lang in LANGUAGES),
    }
    if answers != {example.reduction_mg}:
        found = ", ".join(str(answer) for answer in answers)
        raise Problem("packs.example_differs", expected=example.reduction_mg, found=found)


def edition_of(editions: Sequence[CompiledPack], on: int | None) -> CompiledPack:
    """The edition in force on a day; without a day there must be one only.

    Raises Problem ``packs.example_without_day`` or ``packs.day_outside_validity``.
    """
    if on is None:
        if len(editions) > 1:
            raise Problem("packs.example_without_day", count=len(editions))
        return editions[0]
    for edition in editions:
        if edition.in_force(on):
            return edition
    raise Problem("packs.day_outside_validity", pack=editions[0].id, day=write_day(on))


def check_versions(definitions: Iterable[PackDefinition], faults: Faults) -> None:
    """The versions of one pack id: no two in force at once, the same inputs, the same limits.

    A version ends where one begins that supersedes it, so that it need not say so itself.
    """
    ordered = sorted(definitions, key=lambda definition: definition.valid_from)
    named = {definition.version: definition for definition in ordered}
    if len(named) < len(ordered):
        faults.add(ordered[-1].place, "packs.version_repeated", version=ordered[-1].version)
    for definition in ordered:
        older = definition.supersedes
        if older and (older not in named or named[older].valid_from >= definition.valid_from):
            faults.add(definition.place, "packs.supersedes_unknown", version=older)
    for earlier, later in pairwise(ordered):
        if later.valid_from < earlier.valid_to and later.supersedes != earlier.version:
            faults.add(
                later.place,
                "packs.validity_overlaps",
                version=later.version,
                other=earlier.version,
                first=write_day(later.valid_from),
            )
        _check_inputs_stand(earlier, later, faults)
    _check_limits_stand(ordered, faults)


def _check_inputs_stand(earlier: PackDefinition, later: PackDefinition, faults: Faults) -> None:
    """Stored acts hold inputs by place, so that a version may only add inputs at the end."""
    before = [(e.name, e.unit and e.unit.text, e.values) for e in earlier.inputs]
    after = [(e.name, e.unit and e.unit.text, e.values[: len(b[2])]) for e, b in
             zip(later.inputs, before, strict=False)]  # fmt: skip
    if before != after:
        faults.add(
            later.place,
            "packs.inputs_changed",
            version=later.version,
            other=earlier.version,
            before=", ".join(name for name, _, _ in before),
        )


def _check_limits_stand(definitions: Sequence[PackDefinition], faults: Faults) -> None:
    """A limit's use survives versions, so that only its value may change under one name."""
    seen: dict[str, Limit] = {}
    for definition in definitions:
        for entry in definition.limits:
            limit = entry.rules
            first = seen.setdefault(limit.name, limit)
            kept = (first.kind, first.scope, first.period, first.per_item_key)
            if kept != (limit.kind, limit.scope, limit.period, limit.per_item_key):
                faults.add(entry.place, "packs.limit_changed", name=limit.name)
