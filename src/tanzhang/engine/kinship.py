"""Links: subjects that are one natural person, and for which days (design §10.4).

A link says that two subjects are one person, for acts of local days [from_day, to_day). Links that
name one subject at one time make one *party* of all whom they name. What that means for their acts
is told in ``settle.parties``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tanzhang.engine.rules import FOR_EVER


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """Two subjects that are one person for acts of local days [from_day, to_day)."""

    one: int
    other: int
    from_day: int
    to_day: int = FOR_EVER


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A subject is part of one person over [from_day, to_day), known by a number: the party.

    Parties are numbered below zero, so that none is mistaken for a subject; the numbers hold
    for one set of links alone.
    """

    subject: int
    from_day: int
    to_day: int
    party: int


def windows(links: Iterable[Link]) -> list[Window]:
    """What the links make of their subjects, by subject and day; one subject's never overlap."""
    told = sorted(links)
    sets = Sets()
    spans: list[tuple[int, int, int, int]] = []  # subject, first and last day, any of its links
    named = [(s, link.from_day, n) for n, link in enumerate(told) for s in (link.one, link.other)]
    for subject, from_day, number in sorted(named):
        to_day = told[number].to_day
        if spans and spans[-1][0] == subject and from_day < spans[-1][2]:
            _, since, until, before = spans[-1]
            sets.join(before, number)
            spans[-1] = (subject, since, max(until, to_day), before)
        else:
            spans.append((subject, from_day, to_day, number))
    return [
        Window(subject, since, until, -1 - sets.least(number))
        for subject, since, until, number in spans
    ]


class Sets:
    """Numbers that are joined to sets; a set is known by its least number."""

    def __init__(self) -> None:
        self._above: dict[int, int] = {}

    def least(self, number: int) -> int:
        """The least number of the set in which this one stands."""
        above = self._above
        while number in above:
            above[number] = above.get(above[number], above[number])
            number = above[number]
        return number

    def join(self, one: int, other: int) -> None:
        """Make one set of two."""
        low, high = sorted((self.least(one), self.least(other)))
        if low != high:
            self._above[high] = low
