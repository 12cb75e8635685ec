"""A book that is posted batch by batch from registers and closures, as a worker does it.

Whoever can be settled in order is settled from registers; all others by the closure of what
changed, read from their stored facts. It keeps what it posted and never looks at the whole again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field

import numpy as np

from tanzhang.engine.acts import Acts
from tanzhang.engine.kinship import Link
from tanzhang.engine.rules import FOR_EVER, Ints, Rulebook
from tanzhang.engine.settle import settle_sorted, sorted_acts
from tanzhang.engine.settle.closure import closure, needed
from tanzhang.engine.settle.parties import linked
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

from .oracle.lines import local_day
from .plain import Fact, Verdicts, as_acts, as_verdicts


@dataclass
class Book:
    """Facts, who is one person with whom, current outcomes and each account's registers."""

    rulebook: Rulebook
    links: tuple[Link, ...] = ()
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

    def relink(self, links: Sequence[Link]) -> None:
        """Other links hold: whoever they concern is settled again from the first link's day on."""
        told = relinked({*self.links}, {*links})
        self.links = tuple(links)
        touched = [f for f in self.facts.values() if is_relinked(f, told, self.rulebook)]
        if touched:
            self._post_closure([], self._concerned(touched), {fact.key for fact in touched})

    def _post_in_order(self, new: list[Fact]) -> set[int]:
        """Settle from registers who can be; the subjects who cannot."""
        rows, acts = self._in_row_order(new)
        if not rows:
            return set()
        running = self._running({fact.subject for fact in rows}, rows)
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

    def _post_closure(
        self, new: list[Fact], subjects: set[int], touched_keys: Set[int] = frozenset()
    ) -> None:
        """Settle what the new facts reach among the subjects concerned, and refill registers."""
        stored = [fact for fact in self.facts.values() if fact.subject in subjects]
        anew = {fact.key for fact in new} | touched_keys
        positions, acts = self._in_row_order([*stored, *new])
        changed = np.array([fact.key in anew for fact in positions], np.bool_)
        reached = closure(acts, self.rulebook, changed)
        wanted = needed(acts, self.rulebook, reached)
        self.facts |= {fact.key: fact for fact in new}
        running = self._running(subjects, positions)
        touched = touched_by(acts, self.rulebook, running, reached)

        rows, some = self._in_row_order(
            fact
            for fact, is_wanted in zip(positions, wanted, strict=True)
            if is_wanted and self.facts[fact.key] is fact
        )
        settlement = settle_sorted(some, self.rulebook)
        verdicts = as_verdicts(settlement.outcomes, rows)
        keys = {fact.key for fact, is_in in zip(positions, reached, strict=True) if is_in}
        self.verdicts |= {key: verdicts[key] for key in keys}
        emptied = running.emptied(touched)
        self._store(running, advanced(some, self.rulebook, emptied, settlement, touched))

    def _in_row_order(self, facts: Iterable[Fact]) -> tuple[list[Fact], Acts]:
        given = list(facts)
        order, acts = sorted_acts(linked(as_acts(given), self.rulebook, self.links))
        return [given[place] for place in order.tolist()], acts

    def _needs_history(self, fact: Fact, batch: Iterable[Fact]) -> bool:
        """A revision of something stored, a linked subject, a key that another act has used."""
        if fact.key in self.facts or fact.subject in subjects_of(self.links):
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
        """The subjects of these facts, and all whom a key or a link may connect with them."""
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
            more |= subjects_of(link for link in self.links if subjects_of([link]) & subjects)
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


def subjects_of(links: Iterable[Link]) -> set[int]:
    return {subject for link in links for subject in (link.one, link.other)}


def relinked(old: set[Link], new: set[Link]) -> set[Link]:
    """The links that differ, and all that are chained to them, whatever their days."""
    told = old ^ new
    while True:
        named = subjects_of(told)
        more = {link for link in old | new if subjects_of([link]) & named}
        if more <= told:
            return told
        told |= more


def is_relinked(fact: Fact, told: set[Link], rulebook: Rulebook) -> bool:
    """Whether other acts may be the same person's as this one than were before."""
    programme = list(rulebook.programmes.values())[fact.programme]
    begins = min((link.from_day for link in told), default=FOR_EVER)
    day = local_day(fact.started_us, programme.time_zone)
    return fact.subject in subjects_of(told) and day >= begins


def stable_numbers(last_item: int) -> Ints:
    """A number for each item key, as scattered as the parts of a digest are; 0 for none."""
    return np.arange(last_item + 1, dtype=np.int64) * 0x1E3779B97F4A7C15
