"""The rule behind a decision about an act, and the figures it looked at, as people read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from tanzhang.apps.activities.words import say
from tanzhang.engine.packs import CompiledPack
from tanzhang.engine.packs.definition import InputEntry
from tanzhang.engine.rules import Bound
from tanzhang.engine.settle.eligibility import bounds_of
from tanzhang.engine.units import parse_unit, show_number, show_value

_METRES_PER_KM: Final = 1000


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as it was reported: what it is, and how much."""

    title: str
    value: str


def rule_in_words(reason: str, edition: CompiledPack | None, lang: str) -> str:
    """The rule that a reason's name means: its text, and where it stands.

    ``the methodology's bound “too_fast”: speed at most 50 km/h (meituan-bike@1)``.
    """
    bound = None if edition is None else _bound(reason, edition)
    if edition is None or bound is None:
        name = reason if reason in _RULES else "other"
        return say("rule", name, lang)
    where = f"{edition.definition.id}@{edition.version}"
    return say("rule", "bound", lang, span=_span(bound, edition, lang), where=where)


#: Reasons whose rule is the platform's own; any other is a pack's.
_RULES: Final = frozenset(
    {
        *("withdrawn", "held", "no_pack", "no_consent", "before_joining", "before_activation"),
        *("after_end", "missing_input", "ends_before_start", "missing_key", "look_back_gap"),
        *("zero_divisor", "claim", "once", "overlap", "limit", "none"),
    }
)


def figures(slots: Sequence[int | None], edition: CompiledPack | None, lang: str) -> list[Figure]:
    """What was reported of an act, whether or not an amount came of it."""
    if edition is None:
        return []
    return [
        Figure(entry.title[lang], _shown(entry, value, lang))
        for entry, value in zip(edition.definition.inputs, slots, strict=False)
        if value is not None
    ]


def _bound(reason: str, edition: CompiledPack) -> Bound | None:
    return next((each for each in bounds_of(edition.rules) if each.name == reason), None)


def _span(bound: Bound, edition: CompiledPack, lang: str) -> str:
    """``speed at most 50 km/h``, “速度至多 50 公里/小时”."""
    about = {entry.name: entry for entry in edition.definition.inputs}.get(bound.input)
    if bound.kind == "input" and about is not None:
        what = about.title[lang]
    else:
        what = say("measure", bound.kind, lang)
    ends = {
        name: _bound_value(value, bound, about, lang)
        for name, value in (("least", bound.minimum), ("most", bound.maximum))
        if value is not None
    }
    form = "between" if len(ends) == 2 else f"at_{next(iter(ends))}"
    return say("span", form, lang, what=what, **ends)


def _bound_value(value: int, bound: Bound, about: InputEntry | None, lang: str) -> str:
    if bound.kind == "speed":
        unit = "公里/小时" if lang == "zh" else "km/h"
        return f"{show_number(Fraction(value, _METRES_PER_KM))} {unit}"
    if bound.kind == "duration":
        second = parse_unit("s")
        return show_value(value * second.size, second.dimensions, lang)
    assert about is not None  # a bound on an input names one of the pack
    return _shown(about, value, lang)


def _shown(entry: InputEntry, value: int, lang: str) -> str:
    if entry.unit is None:
        known = 0 <= value < len(entry.value_titles)
        return entry.value_titles[value][lang] if known else str(value)
    return show_value(value * entry.unit.size, entry.unit.dimensions, lang)
