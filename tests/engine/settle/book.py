"""A book that is posted batch by batch from registers and closures, as a worker does it.

Whoever can be settled in order is settled from registers; all others by the closure of what
changed, read from their stored facts. It keeps what it posted and never looks at the whole again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from tanzhang.engine.rules import Ints, Rulebook
from tanzhang.engine.settle import settle_sorted
from tanzhang.engine.settle.closure import closure, needed
from tanzhang.engine.settle.plan import plan_of
from tanzhang.engine.settle.registers import Registers
from tanzhang.engine.settle.running import (
    Running,
    advanced,
    binding,
    in_order,
    touched_by,
    trimmed,
)

from .plain import Fact, Verdicts, as_acts, as_verdicts


@dataclass
class Book:
    """Facts, their current outcomes and each account's registers."""

    rulebook: Rulebook
    facts: dict[int, Fact] = field(default_factory=dict)
    verdicts: Verdicts = field(default_factory=dict)
    registers: dict[int, bytes] = field(default_factory=dict)
    fast_acts: int = 0
    slow_acts: int = 0

    def post(self, batch: Sequence[Fact]) -> None:
        """Facts that are new, or stand in the place of what was known of their events."""
        new = [fact for fact in batch if self.facts.get(fact.key) != fact]
        slow_subjects = self._post_in_order(new)
        rest = [fact for fact in new if fact.subject in slow_subjects]
        self.fast_acts += len(new) - len(rest)
        self.slow_acts += len(rest)
        if rest:
            self._post_closure(rest, self._concerned(rest))

    def _post_in_order(self, new: list[Fact]) -> set[int]:
        """Settle from registers who can be; the subjects who cannot."""
        rows = in_row_order(new)
        if not rows:
            return set()
        running = self._running({fact.subject for fact in rows}, rows)
        acts = as_acts(rows)
        known = np.array([self._needs_history(fact, new) for fact in rows], np.bool_)
        fast = in_order(acts, self.rulebook, running, known)
        while np.any(fast):
            some = acts.take(np.flatnonzero(fast))
            settlement = settle_sorted(some, self.rulebook, carry=running)
            bound = binding(some, self.rulebook, running, settlement)
            if not np.any(bound):
                facts = [fact for fact, is_fast in zip(rows, fast, strict=True) if is_fast]
                self._store(running, advanced(some, self.rulebook, running, settlement))
                self.facts |= {fact.key: fact for fact in facts}
                self.verdicts |= as_verdicts(settlement.outcomes, facts)
                break
            fast[np.flatnonzero(fast)[bound]] = False
        return {fact.subject for fact, is_fast in zip(rows, fast, strict=True) if not is_fast}

    def _post_closure(self, new: list[Fact], subjects: set[int]) -> None:
        """Settle what the new facts reach among the subjects concerned, and refill registers."""
        stored = [fact for fact in self.facts.values() if fact.subject in subjects]
        replaced = {fact.key for fact in new}
        positions = in_row_order([*stored, *new])
        changed = np.array([fact.key in replaced for fact in positions], np.bool_)
        acts = as_acts(positions)
        reached = closure(acts, self.rulebook, changed)
        wanted = needed(acts, self.rulebook, reached)
        self.facts |= {fact.key: fact for fact in new}
        running = self._running(subjects, positions)
        touched = touched_by(acts, self.rulebook, running, reached)

        rows = [
            fact
            for fact, is_wanted in zip(positions, wanted, strict=True)
            if is_wanted and self.facts[fact.key] is fact
        ]
        some = as_acts(rows)
        settlement = settle_sorted(some, self.rulebook)
        verdicts = as_verdicts(settlement.outcomes, rows)
        keys = {fact.key for fact, is_in in zip(positions, reached, strict=True) if is_in}
        self.verdicts |= {key: verdicts[key] for key in keys}
        emptied = running.emptied(touched)
        self._store(running, advanced(some, self.rulebook, emptied, settlement, touched))

    def _needs_history(self, fact: Fact, batch: Iterable[Fact]) -> bool:
        """A revision of something stored, or a key that another act has used."""
        if fact.key in self.facts:
            return True
        others = [*self.facts.values(), *batch]
        return any(other.key != fact.key and self._share_a_key(fact, other) for other in others)

    def _share_a_key(self, fact: Fact, other: Fact) -> bool:
        return fact.item == other.item != 0 and self._counts_once(fact) & self._counts_once(other)

    def _counts_once(self, fact: Fact) -> bool:
        versions = list(self.rulebook.packs.values())[fact.pack]
        conflict_class = versions[0].conflict_class
        return conflict_class is not None and conflict_class.once is not None

    def _concerned(self, new: list[Fact]) -> set[int]:
        """The subjects of these facts, and all whom a key may connect with them."""
        before = [self.facts[fact.key] for fact in new if fact.key in self.facts]
        subjects = {fact.subject for fact in new}
        known = [*self.facts.values(), *new]
        while True:
            inside = [*before, *(fact for fact in known if fact.subject in subjects)]
            more = {
                other.subject
                for other in known
                if any(self._share_a_key(fact, other) for fact in inside)
            }
            if more <= subjects:
                return subjects
            subjects |= more

    def _running(self, subjects: set[int], besides: Sequence[Fact]) -> Running:
        known = [*self.facts.values(), *besides]
        owner = {fact.account: fact.subject for fact in known if fact.subject in subjects}
        numbers = sorted(owner)
        families = plan_of(self.rulebook).families
        return Running(
            number=np.array(numbers, np.int64),
            subject=np.array([owner[number] for number in numbers], np.int64),
            families=families,
            limit_ids=range(1, len(families) + 1),
            pack_ids=np.arange(1, len(self.rulebook.packs) + 1),
            registers=Registers.decode([self.registers.get(number, b"") for number in numbers]),
        )

    def _store(self, running: Running, registers: Registers) -> None:
        stored = trimmed(running, self.rulebook, registers).encode(len(running.number))
        self.registers |= dict(zip(running.number.tolist(), stored, strict=True))


def in_row_order(facts: Iterable[Fact]) -> list[Fact]:
    return sorted(facts, key=lambda fact: (fact.subject, fact.started_us, fact.key))


def stable_numbers(last_item: int) -> Ints:
    """A number for each item key, as scattered as the parts of a digest are; 0 for none."""
    return np.arange(last_item + 1, dtype=np.int64) * 0x1E3779B97F4A7C15
