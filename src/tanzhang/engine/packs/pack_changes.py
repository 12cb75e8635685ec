"""What changes for people between two compiled editions of a pack; a pure function."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from tanzhang.engine.formula.exact import Act
from tanzhang.engine.formula.writing import Writer
from tanzhang.engine.packs.changes import Change, both, change, compared, day, filled, room, word
from tanzhang.engine.packs.compiled import CompiledPack, FactorLine
from tanzhang.engine.packs.definition import (
    BoundEntry,
    InputEntry,
    PackDefinition,
    StepEntry,
    Window,
)
from tanzhang.engine.packs.explain import words_of
from tanzhang.engine.packs.tree import Text
from tanzhang.engine.units import parse_unit, show_number, show_value


def pack_changes(
    before: CompiledPack | None, after: CompiledPack, first: int
) -> tuple[Change, ...]:
    """The differences in sentences; ``before`` is what is in force, None for nothing.

    ``first`` is the local day from which ``after`` would count. That texts alone differ is said.
    """
    if before is None:
        end = day(after.definition.valid_to)
        applies = change("applies", first=day(first), end=end)
        return (change("pack_first"), applies, *_rules(None, after))
    rules = (*_ends(before.definition, after.definition), *_rules(before, after))
    texts = tuple(_texts(before.definition, after.definition))
    only = [change("text_only")] if texts and not rules else []
    found = (*rules, *only, *texts)
    return (change("follows", version=before.definition.version, first=day(first)), *found)


def edition_changes(before: CompiledPack, after: CompiledPack) -> tuple[Change, ...]:
    """What a later edition of the same version brings on its first day: its factors."""
    first = after.rules.valid_from
    return tuple(replace(found, from_day=first) for found in _factors(before, after))


def _ends(old: PackDefinition, new: PackDefinition) -> Iterator[Change]:
    """Another end, unless the older one merely ends where the new one begins."""
    if new.valid_to != old.valid_to != new.valid_from:
        yield change("valid_to", old=day(old.valid_to), new=day(new.valid_to))


def _rules(before: CompiledPack | None, after: CompiledPack) -> Iterator[Change]:
    old = before.definition if before else None
    new = after.definition
    yield from _factors(before, after)
    yield from _formula(before, after)
    yield from _inputs(old, new)
    yield from _windows(old, new)
    yield from _limits(old, new)
    yield from _bounds(old, new)
    if old is None and new.conflict_class:
        yield change("conflict_class_first", new=new.conflict_class)
    elif old and old.conflict_class != new.conflict_class:
        names = [
            both(d.conflict_class) if d and d.conflict_class else word("none") for d in (old, new)
        ]
        yield change("conflict_class", old=names[0], new=names[1])
    before_rules = old.authenticity.rules if old and old.authenticity else None
    if before_rules != (new.authenticity.rules if new.authenticity else None):
        yield change("authenticity" if old else "authenticity_first")
    if (old.zero_by_design if old else False) != new.zero_by_design:
        yield change("zero_by_design" if new.zero_by_design else "yields_grams")


def _factors(before: CompiledPack | None, after: CompiledPack) -> Iterator[Change]:
    old = _lines(before) if before else {}
    for _, was, now in compared(old, _lines(after)):
        if now is None:
            assert was is not None  # one side has it
            yield change("factor_removed", factor=_factor(was), old=_number(was))
        elif was is None:
            yield change("factor_added", factor=_factor(now), new=_number(now), kind=_kind(now))
        elif (was.value, was.unit) != (now.value, now.unit):
            yield change(
                "factor", factor=_factor(now), old=_number(was), new=_number(now), kind=_kind(now)
            )
        elif was.mark != now.mark:
            old_kind, new_kind = _kind(was), _kind(now)
            yield change(
                "factor_mark",
                factor=_factor(now),
                old=old_kind,
                new=new_kind,
                source=now.mark.source,
            )


def _lines(edition: CompiledPack) -> dict[str, FactorLine]:
    return {f"{line.name}[{line.row}]": line for line in edition.factors}


def _factor(line: FactorLine) -> Text:
    return filled("row", title=line.title, row=both(line.row)) if line.row else line.title


def _number(line: FactorLine) -> Text:
    if line.unit == "1":
        return both(line.value)
    unit = parse_unit(line.unit)
    return Text(*(f"{line.value} {unit.write(lang)}" for lang in ("zh", "en")))


def _kind(line: FactorLine) -> Text:
    return word(f"kind_{line.mark.kind}")


def _formula(before: CompiledPack | None, after: CompiledPack) -> Iterator[Change]:
    old, new = _steps(before) if before else {}, _steps(after)
    texts = [{name: step.text for name, step in side.items()} for side in (old, new)]
    for name, _, _ in compared(*texts):
        was, now = old.get(name), new.get(name)
        said = (_in_words(before, was), _in_words(after, now))
        if was and now and said[0] == said[1]:
            said = (both(was.text), both(now.text))  # the same titles for other names
        if now is None:
            yield change("step_removed", step=old[name].title, old=said[0])
        elif was is None:
            yield change("step_added", step=now.title, new=said[1])
        else:
            yield change("step", step=now.title, old=said[0], new=said[1])


def _steps(edition: CompiledPack) -> dict[str, StepEntry]:
    return {step.name: step for step in edition.definition.steps}


def _in_words(edition: CompiledPack | None, step: StepEntry | None) -> Text:
    """A step's formula with the titles of its names."""
    if edition is None or step is None:
        return both("")
    act = Act(edition.formula.exact.symbols, {})
    words = words_of(edition)
    return Text(*(Writer(words, act, lang).in_words(step.expression) for lang in ("zh", "en")))


def _inputs(old: PackDefinition | None, new: PackDefinition) -> Iterator[Change]:
    before = {entry.name: entry for entry in old.inputs} if old else {}
    for entry in new.inputs:
        known = before.get(entry.name)
        if known is None:
            yield change("input_added", input=entry.title, new=_range(entry))
            continue
        if _range(known) != _range(entry):
            yield change("input", input=entry.title, old=_range(known), new=_range(entry))
        if known.required != entry.required:
            kind = "input_required" if entry.required else "input_optional"
            yield change(kind, input=entry.title)
        if known.default != entry.default:
            yield change(
                "input_default", input=entry.title, old=str(known.default), new=str(entry.default)
            )


def _range(entry: InputEntry) -> Text:
    """What an input may be: 0 m to 100 km, or a list of words."""
    if entry.unit is None:
        zh, en = (
            "、".join(t.zh for t in entry.value_titles),
            ", ".join(t.en for t in entry.value_titles),
        )
        return Text(zh, en)
    ends = [
        Text(*(show_value(Fraction(value), entry.unit.dimensions, lang) for lang in ("zh", "en")))
        for value in (entry.minimum, entry.maximum)
    ]
    return filled("range", low=ends[0], high=ends[1])


def _windows(old: PackDefinition | None, new: PackDefinition) -> Iterator[Change]:
    before = {window.name: window for window in old.windows} if old else {}
    after = {window.name: window for window in new.windows}
    plain = [{n: _window(w) for n, w in side.items()} for side in (before, after)]
    for name, was, now in compared(*plain):
        title = (after.get(name) or before[name]).title
        yield from _came_or_went("window", title, was, now)


def _window(window: Window) -> Text:
    return filled(
        "window_words",
        take=word(f"take_{window.take}"),
        days=both(str(window.days)),
        gaps=word(f"gaps_{window.gaps}"),
    )


def _limits(old: PackDefinition | None, new: PackDefinition) -> Iterator[Change]:
    before = {entry.rules.name: room(entry.rules) for entry in old.limits} if old else {}
    after = {entry.rules.name: room(entry.rules) for entry in new.limits}
    for name, was, now in compared(before, after):
        yield from _came_or_went("limit", both(name), was, now)


def _bounds(old: PackDefinition | None, new: PackDefinition) -> Iterator[Change]:
    before = {entry.rules.name: _bound(entry) for entry in old.bounds} if old else {}
    after = {entry.rules.name: _bound(entry) for entry in new.bounds}
    for name, was, now in compared(before, after):
        yield from _came_or_went("bound", both(name), was, now)


def _bound(entry: BoundEntry) -> Text:
    rules = entry.rules
    ends = []
    for side, value in (("at_least", rules.minimum), ("at_most", rules.maximum)):
        if value is not None:
            ends.append(filled(side, value=_bound_value(rules.kind, value)))
    words = Text("、".join(end.zh for end in ends), ", ".join(end.en for end in ends))
    return filled(f"bound_{rules.kind}", input=both(rules.input), ends=words)


def _bound_value(kind: str, value: int) -> Text:
    if kind == "duration":
        seconds = Fraction(value)
        return Text(*(show_value(seconds, (("s", 1),), lang) for lang in ("zh", "en")))
    if kind == "speed":
        number = show_number(Fraction(value, 1000))
        return Text(f"{number} 公里/小时", f"{number} km/h")
    return both(show_number(Fraction(value)))


def _came_or_went(kind: str, title: Text, was: Text | None, now: Text | None) -> Iterator[Change]:
    if now is None:
        yield change(f"{kind}_removed", name=title, old=was or "")
    elif was is None:
        yield change(f"{kind}_added", name=title, new=now)
    else:
        yield change(kind, name=title, old=was, new=now)


def _texts(old: PackDefinition, new: PackDefinition) -> Iterator[Change]:
    if old.title != new.title:
        yield change("title", old=old.title, new=new.title)
    if (old.review and (old.review.by, old.review.on)) != (
        new.review and (new.review.by, new.review.on)
    ):
        yield change("review", by=new.review.by if new.review else word("none"))
    differing = [name for name, _, _ in compared(_written(old), _written(new))]
    differing += ["titles"] if _retitled(old, new) else []
    if differing:
        words = [word(f"text_{name}") for name in differing]
        names = Text("、".join(w.zh for w in words), ", ".join(w.en for w in words))
        yield change("texts", names=names)


def _written(definition: PackDefinition) -> Mapping[str, object]:
    """Texts whose change is named and not shown."""
    return {
        "summary": definition.summary,
        "issuer": definition.issuer,
        "document": (definition.document, definition.document_number),
        "explanation": definition.explanation,
        "notes": definition.notes,
        "author": definition.author,
    }


def _retitled(old: PackDefinition, new: PackDefinition) -> bool:
    """Whether something that both have is called otherwise."""
    before = {entry.name: entry.title for entry in old.named}
    return any(before.get(entry.name, entry.title) != entry.title for entry in new.named)
