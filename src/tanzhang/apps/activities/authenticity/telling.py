"""Findings in whole sentences, in Chinese and English, with their numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np

from tanzhang.apps.activities.authenticity.sections import Section, sections
from tanzhang.apps.catalogue.api import RulesInForce
from tanzhang.engine.authenticity import SIGNALS, Check, Pattern, SignalKind, Span
from tanzhang.engine.authenticity.judging import Measured, measure
from tanzhang.engine.packs.definition import RuleEntry
from tanzhang.engine.packs.tree import Text

#: What is said where no rule of a pack has its own sentence.
_SENTENCES: Final = {
    "score": Text(
        "几处疑点合在一起（{value} 分，上限 {most} 分），需要人工看一看。",
        "Several doubts come together ({value} points, {most} at most), so a person looks at it.",
    ),
    "review": Text(
        "抽查已受理的行为时，复核人员认为需要再看。",
        "When accepted acts were sampled, a reviewer found that this one needs another look.",
    ),
    "growth": Text(
        "该合作方上报的行为突然增多（为平常的 {value}%），暂缓计入。",
        "The partner suddenly reports far more acts ({value}% of the usual), so they wait.",
    ),
    "concentration": Text(
        "该合作方上报的行为集中于极少数人（{value}‰），暂缓计入。",
        "The partner's acts are those of very few people ({value}‰ of one), so they wait.",
    ),
    "same_hour": Text(
        "该合作方上报的行为集中在同一小时（{value}‰），暂缓计入。",
        "The partner's acts fall into one hour ({value}‰), so they wait.",
    ),
    "round_numbers": Text(
        "该合作方上报的数值过于整齐（{value}‰ 以 0 结尾），暂缓计入。",
        "The partner's figures are too round ({value}‰ end in 0), so they wait.",
    ),
}


def section_of(rules: RulesInForce, pack_id: int, version_id: int | None) -> Section | None:
    """The section by which something was judged; None if that version is not in force any more."""
    found = [s for s in sections(rules) if s.pack_id == pack_id]
    return next((s for s in found if s.version_id == version_id), found[-1] if found else None)


def rule_sentence(section: Section | None, rule: str, value: int, lang: str) -> str:
    """What a person reads of a rule that found ``value``."""
    entry = _entry(section, rule)
    if entry is None:
        most = section.entry.rules.hold_at if section else 0
        return _SENTENCES[rule][lang].format(value=value, most=most)
    least, most_of = _ends(entry.rules)
    return entry.says[lang].format(value=value, least=least, most=most_of)


def finding_sentences(
    section: Section, findings: int, known: Mapping[str, int | None], lang: str
) -> Iterator[str]:
    """A sentence for each check whose bit is set; what is not known any more is a dash."""
    columns = {
        name: Measured(np.array([value or 0]), np.array([value is not None]))
        for name, value in known.items()
    }
    for place, entry in enumerate(section.entry.checks):
        if not findings >> place & 1:
            continue
        check = entry.rules
        assert isinstance(check, Check)
        found = measure(check.span, columns, 1)
        value: Any = int(found.values[0]) if found.given[0] else "–"
        least, most = _ends(check)
        yield entry.says[lang].format(value=value, least=least, most=most)


def signal_words(name: str, value: int | None, lang: str) -> tuple[str, str]:
    """A signal's title and what it said, for people; a token shows that it is one, never itself."""
    signal = SIGNALS[name]
    title = signal.zh if lang == "zh" else signal.en
    if value is None:
        return title, "–"
    if signal.kind is SignalKind.CHOICE:
        return title, signal.values[value] if value < len(signal.values) else str(value)
    if signal.kind is SignalKind.TOKEN:
        return title, f"…{value & 0xFFFF:04x}"
    if signal.kind is SignalKind.FLAG:
        return title, {"zh": ("否", "是"), "en": ("no", "yes")}[lang][bool(value)]
    return title, f"{value} {signal.unit}".strip()


def _entry(section: Section | None, rule: str) -> RuleEntry | None:
    if section is None:
        return None
    both = (*section.entry.checks, *section.entry.patterns)
    return next((entry for entry in both if entry.name == rule), None)


def _ends(rule: Check | Pattern) -> tuple[Any, Any]:
    span: Span | Pattern = rule.span if isinstance(rule, Check) else rule
    least = "–" if span.at_least is None else span.at_least
    return least, "–" if span.at_most is None else span.at_most
