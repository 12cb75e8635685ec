"""Explains one act: the steps with its numbers, the factors with their marks, and a sentence.

Everything is derived from the pack and the inputs on demand; nothing of it is stored. The amount is
computed from exact fractions, apart from the fast forms, and is the same to the milligram.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tanzhang.engine.formula import TableSymbol
from tanzhang.engine.formula.exact import Act
from tanzhang.engine.formula.writing import Words, Writer, WrittenFactor
from tanzhang.engine.packs.compiled import CompiledPack, FactorLine
from tanzhang.engine.packs.definition import PackDefinition
from tanzhang.engine.packs.tree import Text
from tanzhang.engine.units import MASS, show_number, show_value
from tanzhang.problems import Problem

_PLACEHOLDER = re.compile(r"\{([a-z_0-9]+)\}")


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the computation."""

    name: str
    title: str
    in_words: str  #: the formula of the step with the titles of its names; empty for an input
    in_numbers: str  #: the same with this act's numbers
    result: str

    def text(self) -> str:
        """``reduction = distance × … = 2.3 km × 48.70 g/km = 112.01 g``."""
        sides = [self.title, self.in_words, self.in_numbers, self.result]
        return " = ".join(dict.fromkeys(side for side in sides if side))


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why one act yields this amount, in one language; before conflicts and limits."""

    lang: str  #: ``zh`` or ``en``
    pack: str
    version: str
    title: str
    sentence: str
    steps: tuple[Step, ...]
    factors: tuple[FactorLine, ...]
    limits: tuple[str, ...]
    reduction_mg: int

    def as_json(self) -> dict[str, Any]:
        """For scripts: pack, version, reduction_mg, steps, factors (docs/reference/pack-format)."""
        return {
            "pack": self.pack,
            "version": self.version,
            "title": self.title,
            "reduction_mg": self.reduction_mg,
            "sentence": self.sentence,
            "steps": [step.text() for step in self.steps],
            "factors": [line.as_json(self.lang) for line in self.factors],
            "limits": list(self.limits),
        }


def explain(pack: CompiledPack, columns: Mapping[str, int], lang: str) -> Explanation:
    """The explanation of one act. Raises Problem ``packs.zero_divisor``."""
    exact = pack.formula.exact
    act = Act(exact.symbols, columns)
    writer = Writer(words_of(pack), act, lang)
    steps = [_input_step(pack, name, act, lang) for name in _reported(pack.definition)]
    try:
        for entry in pack.definition.steps:
            value = act.value(entry.expression)
            written = writer.in_numbers(entry.expression)
            act.steps[entry.name] = value
            last = entry is pack.definition.steps[-1]
            result = show_value(value.amount, MASS if last else value.dimensions, lang)
            words = writer.in_words(entry.expression)
            steps.append(Step(entry.name, entry.title[lang], words, written, result))
    except ZeroDivisionError:
        raise Problem("packs.zero_divisor", pack=pack.id) from None
    grams = act.steps[pack.definition.steps[-1].name].amount
    reduction_mg = max(0, round(grams * 1000))
    steps.append(_rounding_step(grams, reduction_mg, lang))
    return Explanation(
        lang=lang,
        pack=pack.id,
        version=pack.version,
        title=pack.definition.title[lang],
        sentence=_sentence(pack, act, reduction_mg, lang),
        steps=tuple(steps),
        factors=tuple(line for line in pack.factors if _applies(line, pack, act)),
        limits=tuple(describe_limits(pack, lang)),
        reduction_mg=reduction_mg,
    )


def _applies(line: FactorLine, pack: CompiledPack, act: Act) -> bool:
    """Whether the act reads this number: of a table only the row that it chooses."""
    symbol = act.symbols[line.name]
    if not isinstance(symbol, TableSymbol):
        return True
    factor = next(f for f in pack.definition.factors if f.name == line.name)
    return factor.row_names[act.place(symbol, symbol.by)] == line.row


def words_of(pack: CompiledPack) -> Words:
    """Titles and written factors of a pack."""
    definition, day = pack.definition, pack.rules.valid_from
    titles = {e.name: {"zh": e.title.zh, "en": e.title.en} for e in definition.named}
    titles["evidence_grade"] = {"zh": "证据等级", "en": "evidence grade"}
    factors = {
        factor.name: WrittenFactor(tuple(row.digits for row in spell.rows), factor.unit)
        for factor in definition.factors
        if (spell := factor.on(day)) is not None
    }
    return Words(titles, factors)


def _reported(definition: PackDefinition) -> list[str]:
    inputs = [entry.name for entry in definition.inputs]
    return inputs + [window.name for window in definition.windows]


def _written(pack: CompiledPack, name: str, act: Act, lang: str) -> str:
    """What an input, a window or a step is worth, as people write it."""
    for entry in pack.definition.inputs:
        if entry.name == name and entry.unit is None:
            return entry.value_titles[act.columns[name]][lang]
    value = act.steps[name] if name in act.steps else act.symbol_value(name)
    return show_value(value.amount, value.dimensions, lang)


def _input_step(pack: CompiledPack, name: str, act: Act, lang: str) -> Step:
    title = words_of(pack).title(name, lang)
    return Step(name, title, "", "", _written(pack, name, act, lang))


def _rounding_step(grams: Fraction, reduction_mg: int, lang: str) -> Step:
    """How the exact result becomes whole milligrams."""
    exact = grams * 1000
    if grams < 0:
        title = "低于零按零计" if lang == "zh" else "below zero counts as zero"
    elif exact.denominator == 1:
        title = "合毫克" if lang == "zh" else "in milligrams"
    else:
        title = "四舍六入五成双至毫克" if lang == "zh" else "rounded half to even to the milligram"
    unit = "毫克" if lang == "zh" else "mg"
    return Step("rounding", title, "", "", f"{show_number(Fraction(reduction_mg))} {unit}")


def _sentence(pack: CompiledPack, act: Act, reduction_mg: int, lang: str) -> str:
    factors = words_of(pack).factors

    def fill(match: re.Match[str]) -> str:
        name = match[1]
        if name == "reduction":
            return show_value(Fraction(reduction_mg, 1000), MASS, lang)
        if name in factors:
            return _factor_text(pack, name, act, lang)
        known = name in act.steps or name in act.symbols
        return _written(pack, name, act, lang) if known else match[0]  # the check names it

    return _PLACEHOLDER.sub(fill, pack.definition.explanation[lang])


def _factor_text(pack: CompiledPack, name: str, act: Act, lang: str) -> str:
    symbol = act.symbols[name]
    row = act.place(symbol, symbol.by) if isinstance(symbol, TableSymbol) else 0
    return words_of(pack).factors[name].write(row, lang)


def placeholders(text: Text) -> dict[str, set[str]]:
    """The names that an explanation's sentences mention, by language."""
    return {lang: set(_PLACEHOLDER.findall(text[lang])) for lang in ("zh", "en")}


_PERIOD_WORDS = {
    "zh": {"day": "每日", "week": "每周", "month": "每月", "year": "每年", "lifetime": "终身"},
    "en": {
        "day": "a day",
        "week": "a week",
        "month": "a month",
        "year": "a year",
        "lifetime": "in all",
    },
}


def describe_limits(pack: CompiledPack, lang: str) -> list[str]:
    """The pack's limits in a line each: ``at most 200 g a day``."""
    lines: list[str] = []
    for entry in pack.definition.limits:
        limit = entry.rules
        period = _PERIOD_WORDS[lang][limit.period.name.lower()]
        if limit.kind.name == "AMOUNT":
            room = show_value(Fraction(limit.value, 1000), MASS, lang)
        else:
            room = f"{limit.value} 次" if lang == "zh" else f"{limit.value} acts"
        key = pack.definition.item_key
        if lang == "zh":
            each = f"每个{key.zh}" if limit.per_item_key and key else ""
            lines.append(f"{each}{period}至多 {room}")
        else:
            each = f" for each {key.en}" if limit.per_item_key and key else ""
            lines.append(f"at most {room} {period}{each}")
    return lines
