"""Which acts are one natural person's (design §10.4), link by link."""

from __future__ import annotations

from collections.abc import Sequence

from tanzhang.engine.kinship import Link

from .lines import Line


def find_people(lines: Sequence[Line], links: Sequence[Link]) -> None:
    """Note with each act the links that make it a person's: those that hold on its day, and all
    that they are chained to."""
    for line in lines:
        line.person = chained([link for link in links if holds(link, line)], links)


def holds(link: Link, line: Line) -> bool:
    """Whether the link names the act's subject on the act's own local day."""
    named = line.fact.subject in (link.one, link.other)
    return named and link.from_day <= line.day < link.to_day


def chained(found: Sequence[Link], links: Sequence[Link]) -> frozenset[Link]:
    """The links that one can walk to, from one to the next that names the same subject at once."""
    chain = set(found)
    while True:
        more = {link for link in links for known in chain if continues(known, link)}
        if more <= chain:
            return frozenset(chain)
        chain |= more


def continues(one: Link, other: Link) -> bool:
    same_subject = {one.one, one.other} & {other.one, other.other}
    at_once = one.from_day < other.to_day and other.from_day < one.to_day
    return bool(same_subject) and at_once


def meet(one: Line, other: Line) -> bool:
    """Two acts meet if they name the same subject, or are one person's by a chain of links."""
    return one.fact.subject == other.fact.subject or bool(one.person & other.person)
