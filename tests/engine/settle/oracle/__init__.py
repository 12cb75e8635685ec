"""An oracle of settlement: design §2 and §10 in plain Python, one function per rule.

It is meant to be obviously right, not fast: acts one by one, loops within loops, no columns. It
shares the rules and the words of the engine, and not one line of its settlement.
"""

from __future__ import annotations

from collections.abc import Sequence

from tanzhang.engine.kinship import Link
from tanzhang.engine.rules import Rulebook

from ..plain import Fact, Verdicts, Witness
from .conflicts import decide_claims, decide_conflicts
from .eligibility import judge_eligibility
from .limits import apply_limits
from .lines import Line, close, open_line
from .people import find_people
from .points import award_points
from .quantities import quantify_all


def settle(
    facts: Sequence[Fact],
    rulebook: Rulebook,
    witnesses: Sequence[Witness] = (),
    links: Sequence[Link] = (),
) -> Verdicts:
    """What settlement says of each fact, by event key (design §2, order of work)."""
    lines = [open_line(fact, rulebook) for fact in facts]
    find_people(lines, links)
    judge_eligibility(lines)
    decide_claims(lines, witnesses)
    decide_conflicts(lines)
    quantify_all(lines)
    apply_limits(lines)
    award_points(lines)
    return {line.fact.key: close(line) for line in lines}


def claim_candidates(facts: Sequence[Fact], rulebook: Rulebook) -> list[Witness]:
    """The eligible acts among the facts that may hold a claim key, as other subjects see them."""
    lines = [open_line(fact, rulebook) for fact in facts]
    judge_eligibility(lines)
    return [_as_witness(line) for line in lines if line.is_eligible and line.may_claim]


def _as_witness(line: Line) -> Witness:
    fact = line.fact
    assert line.pack is not None
    assert line.pack.conflict_class is not None
    return Witness(
        conflict_class=line.pack.conflict_class.name,
        subject=fact.subject,
        key=fact.key,
        started_us=fact.started_us,
        grade=fact.grade,
        item=fact.item,
        period=line.once_period,
    )
