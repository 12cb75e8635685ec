"""Reads what a pack says against fabricated acts: signals, evidence tiers, checks and patterns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tanzhang.engine.authenticity.rules import (
    ACT_MEASURES,
    PATTERN_MEASURES,
    Authenticity,
    Check,
    Consequence,
    Pattern,
    Span,
    Tier,
)
from tanzhang.engine.authenticity.signals import SIGNAL_SLOTS, SIGNALS, SignalKind
from tanzhang.engine.packs.definition import AuthenticityEntry, InputEntry, RuleEntry
from tanzhang.engine.packs.read_rules import own_choice
from tanzhang.engine.packs.tree import Block, Node, Text
from tanzhang.engine.units import parse_decimal
from tanzhang.problems import LANGUAGES, Problem

_CONSEQUENCES = {"lower": Consequence.LOWER, "hold": Consequence.HOLD, "refuse": Consequence.REFUSE}
_HOLE = re.compile(r"\{(\w*)\}")
_HOLES = frozenset(("value", "least", "most"))
_MOST_CHECKS = 60  #: an act's findings are bits of one number
#: What prints and likeness may name besides signals and inputs.
_OF_TIME = ("duration_s", "started_us")

_BARE = (SignalKind.FLAG,)


def read_authenticity(block: Block, inputs: Mapping[str, InputEntry]) -> AuthenticityEntry | None:
    """The section ``authenticity``; None where a pack has none."""
    inner = block.block("authenticity")
    if inner is None:
        return None
    return _Reader(inner, inputs).read()


@dataclass
class _Reader:
    """Reads the parts in order; later parts refer to signals and checks of earlier ones."""

    block: Block
    inputs: Mapping[str, InputEntry]
    signals: tuple[str, ...] = ()

    def read(self) -> AuthenticityEntry:
        block = self.block
        amount = block.text("amount")
        if amount not in self.inputs:
            block.faults.add(block.get("amount") or block.node, "packs.measure_unknown",
                             name=amount, known=", ".join(self.inputs))  # fmt: skip
        self.signals = tuple(self._signals("signals"))
        if len([name for name in self.signals if name != "device"]) > SIGNAL_SLOTS:
            block.faults.add(block.node, "packs.signals_too_many", most=SIGNAL_SLOTS)
        tiers = tuple(self._tiers())
        checks = tuple(self._checks())
        names = [entry.name for entry in checks]
        patterns = tuple(self._patterns(names))
        rules = Authenticity(
            amount=amount,
            signals=self.signals,
            tiers=tiers,
            checks=tuple(rule for entry in checks if isinstance(rule := entry.rules, Check)),
            patterns=tuple(rule for entry in patterns if isinstance(rule := entry.rules, Pattern)),
            hold_at=_whole(block, "hold_at", 1000),
            lower_at=_whole(block, "lower_at", 500),
            available_after_days=_whole(block, "available_after_days", 0),
            photo=block.flag("photo"),
            prints=tuple(self._signals("prints")),
            likeness=tuple(self._signals("likeness")),
        )
        block.close()
        return AuthenticityEntry(rules, checks, patterns, block.node.place)

    def _signals(self, key: str) -> Iterator[str]:
        known = [*SIGNALS] if key == "signals" else [*self.signals, *self.inputs, *_OF_TIME]
        for node in self.block.items(key):
            with self.block.faults.at(node):
                name = node.scalar()
                if name not in known:
                    raise Problem("packs.measure_unknown", name=name, known=", ".join(known))
                yield name

    def _tiers(self) -> Iterator[Tier]:
        for name, entry in self.block.blocks("tiers"):
            with entry.faults.at(entry.node):
                grade, when = _whole(entry, "grade", 0), tuple(self._conditions(entry))
                yield Tier(name, grade, when, _end(entry, "available_after_days"))
            entry.both("title", required=False)
            entry.close()

    def _checks(self) -> Iterator[RuleEntry]:
        for place, (name, entry) in enumerate(self.block.blocks("checks")):
            if place >= _MOST_CHECKS:
                entry.faults.add(entry.node, "packs.signals_too_many", most=_MOST_CHECKS)
            with entry.faults.at(entry.node):
                says, mark = _sentence(entry), own_choice(entry)
                check = Check(
                    name,
                    self._span(entry.text("measure"), entry),
                    tuple(self._conditions(entry)),
                    _CONSEQUENCES.get(
                        entry.choice("then", _CONSEQUENCES, default=""), Consequence.PASS
                    ),
                    _whole(entry, "weight", 0),
                )
                self._may_decide(check)
                yield RuleEntry(name, check, says, mark, entry.node.place)
            entry.close()

    def _may_decide(self, check: Check) -> None:
        """Every check does something, and what a device merely claims decides nothing alone."""
        if check.then is Consequence.PASS and check.weight == 0:
            raise Problem("packs.check_without_consequence", name=check.name)
        signal = SIGNALS.get(check.span.measure)
        decides = check.then >= Consequence.HOLD and not check.when
        if signal is not None and signal.kind in _BARE and decides:
            raise Problem("packs.flag_decides", name=check.name, signal=check.span.measure)

    def _patterns(self, checks: list[str]) -> Iterator[RuleEntry]:
        for name, entry in self.block.blocks("patterns"):
            with entry.faults.at(entry.node):
                measure, of = entry.text("measure"), entry.text("of", required=False)
                if measure not in PATTERN_MEASURES:
                    known = ", ".join(PATTERN_MEASURES)
                    raise Problem("packs.measure_unknown", name=measure, known=known)
                if (measure in ("days_with", "share_with")) != (of in checks):
                    raise Problem("packs.measure_unknown", name=of, known=", ".join(checks))
                pattern = Pattern(
                    name,
                    measure,
                    _whole(entry, "days", 14),
                    _end(entry, "at_least"),
                    _end(entry, "at_most"),
                    of,
                    _whole(entry, "least_acts", 1),
                    _whole(entry, "same_days", 3),
                    tuple(self._conditions(entry)),
                )
                if pattern.at_least is None and pattern.at_most is None:
                    raise Problem("packs.bound_without_value", name=name)
                yield RuleEntry(
                    name, pattern, _sentence(entry), own_choice(entry), entry.node.place
                )
            entry.close()

    def _conditions(self, entry: Block) -> Iterator[Span]:
        """``when: {attestation: [hardware], steps: {at_least: 4000}}``."""
        inner = entry.block("when")
        if inner is None:
            return
        for measure, node in inner.entries.items():
            inner.asked.add(measure)
            with entry.faults.at(node):
                if isinstance(node.value, tuple):
                    yield Span(self._known(measure), among=self._values(measure, node))
                else:
                    block = Block(node, entry.faults)
                    yield self._span(block.text("measure", required=False) or measure, block)
                    block.close()
        inner.close()

    def _span(self, measure: str, block: Block) -> Span:
        per = block.text("per", required=False)
        listed = block.get("among")
        span = Span(
            self._known(measure),
            self._known(per) if per else "",
            _whole(block, "times", 1),
            _end(block, "at_least"),
            _end(block, "at_most"),
            None if listed is None else self._values(measure, listed),
            block.flag("given"),
        )
        stated = (span.at_least, span.at_most, span.among)
        if span.given == any(value is not None for value in stated):
            raise Problem("packs.bound_without_value", name=measure)
        if span.given and measure not in self.signals:
            known = ", ".join(self.signals)
            raise Problem("packs.measure_unknown", name=measure, known=known)
        return span

    def _known(self, measure: str) -> str:
        numeric = [name for name, entry in self.inputs.items() if entry.unit is not None]
        known = [*self.signals, *numeric, *ACT_MEASURES]
        if measure not in known:
            raise Problem("packs.measure_unknown", name=measure, known=", ".join(known))
        return measure

    def _values(self, measure: str, node: Node) -> tuple[int, ...]:
        """The places of listed words among a choice's values."""
        signal = SIGNALS.get(measure)
        if signal is None or signal.kind is not SignalKind.CHOICE:
            raise Problem("packs.bound_without_value", name=measure)
        if not isinstance(node.value, tuple):
            raise Problem("packs.value_not_a_list", key=measure)
        found = []
        for item in node.value:
            if item.scalar() not in signal.values:
                raise Problem(
                    "packs.value_not_listed",
                    key=measure,
                    value=item.scalar(),
                    known=", ".join(signal.values),
                )
            found.append(signal.values.index(item.scalar()))
        return tuple(found)


def _sentence(entry: Block) -> Text:
    """The sentence that a citizen reads; its holes are ``value``, ``least`` and ``most``."""
    says = entry.titled("says")
    for lang in LANGUAGES:
        for name in _HOLE.findall(says[lang]):
            if name not in _HOLES:
                raise Problem("packs.sentence_name_unknown", name=name, language=lang)
    return says


def _end(block: Block, key: str) -> int | None:
    return _whole(block, key, 0) if block.text(key, required=False) else None


def _whole(block: Block, key: str, default: int) -> int:
    text = block.text(key, required=False)
    if not text:
        return default
    value = parse_decimal(text)
    if value.denominator != 1 or value < 0:
        raise Problem("packs.number_not_whole", text=text, unit="1")
    return value.numerator
