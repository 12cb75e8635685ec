"""What partners send, and the facts that it folds into (design §2 "Facts", §10.1–10.2).

A *report* is one revision of one event, as the door accepted it. Facts depend on the set of
accepted reports alone: on no order, and on no repetition.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from hypothesis import strategies as st
from hypothesis.vendor.pretty import RepresentationPrinter

from tanzhang.engine.acts import State
from tanzhang.engine.rules import Rulebook

from .plain import Fact
from .worlds import World, render, render_rules, worlds


@dataclass(frozen=True)
class Report:
    """One revision of an event. What it says is the fact that it would be if it stood."""

    revision: int
    says: Fact


def fold(reports: Iterable[Report], held: frozenset[int] = frozenset()) -> list[Fact]:
    """The facts: of each event its highest revision; the first content of a revision stands.

    A hold is on the event key: it covers all revisions and never falls back to a lower one.
    """
    current: dict[int, Report] = {}
    for report in reports:
        key = report.says.key
        if key not in current or report.revision > current[key].revision:
            current[key] = report
    return [
        replace(report.says, state=State.HELD) if key in held else report.says
        for key, report in sorted(current.items())
    ]


@dataclass(frozen=True)
class Stream:
    """A world's rules, the reports in order of their revisions, and an order of arrival."""

    world: World
    reports: tuple[Report, ...]
    arrivals: tuple[Report, ...]  #: the same reports, in any order, some of them repeated

    def __repr__(self) -> str:
        return render_batches("Stream", self.world.rulebook, [[one] for one in self.arrivals])

    def _repr_pretty_(self, printer: RepresentationPrinter, cycle: bool) -> None:
        printer.text(repr(self))


def render_batches(title: str, rulebook: Rulebook, batches: Sequence[Sequence[Report]]) -> str:
    """The rules, and the reports of each batch with their revisions."""
    used = {report.says.pack for batch in batches for report in batch}
    lines = [title, render_rules(rulebook, used)]
    for batch in batches:
        lines += [f"  revisions {', '.join(str(report.revision) for report in batch)}"]
        lines += [render([report.says for report in batch], rulebook)]
    return "\n".join(lines)


@st.composite
def streams(draw: st.DrawFn) -> Stream:
    """Corrections change an event's content within its subject; withdrawals may be taken back."""
    world = draw(worlds(max_acts=8))
    reports = [Report(0, fact) for fact in world.facts]
    for key in draw(st.lists(st.sampled_from([f.key for f in world.facts]), max_size=6)):
        latest = max((r for r in reports if r.says.key == key), key=lambda r: r.revision)
        reports.append(Report(latest.revision + 1, draw(correction_of(latest.says, world.facts))))
    again = draw(st.lists(st.sampled_from(reports), max_size=3))
    return Stream(world, tuple(reports), tuple(draw(st.permutations([*reports, *again]))))


@st.composite
def correction_of(draw: st.DrawFn, fact: Fact, others: Sequence[Fact]) -> Fact:
    """Another content under the same key: withdrawn, restored, or any other act of the subject."""
    if draw(st.sampled_from((False, False, True))):
        return replace(fact, state=State.WITHDRAWN)
    own = [other for other in others if other.subject == fact.subject]
    other = draw(st.sampled_from(own))
    return replace(other, key=fact.key, state=State.LIVE, inputs=(draw(st.integers(0, 9)), None))
