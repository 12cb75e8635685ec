"""Small worlds: a few people, a few rules, a few days around an awkward midnight.

Everything is drawn from short lists so that acts meet: they overlap, touch, share keys, days and
limits. A world prints itself as its rules and a table of its acts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import combinations

from hypothesis import strategies as st
from hypothesis.vendor.pretty import RepresentationPrinter

from tanzhang.engine.acts import State
from tanzhang.engine.kinship import Link
from tanzhang.engine.rules import (
    FOR_EVER,
    Limit,
    PackVersion,
    Points,
    Programme,
    ProgrammeVersion,
    Rulebook,
)

from .cases import NEW_YORK, SHANGHAI, day
from .pack_worlds import PACKS, Unit, limits_of, pack_versions, rarely, stated
from .plain import Fact

HOUR_US = 3_600_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

#: First days of three-day windows: an ordinary month's end with New York's repeated hour in it, its
#: missing hour, and a year's end. 2025-11-03 and 2025-12-29 are Mondays.
WINDOWS = ("2025-10-31", "2025-11-01", "2025-03-08", "2025-12-30")
DAYS = (0, 1, 2, 31, 4, 1, 0, 1)  # mostly neighbours, some in another week or month
MIDNIGHTS_UTC_H = (4, 5, 16)  # New York in summer, in winter; Shanghai


@dataclass(frozen=True)
class World:
    """Rules, the facts that are settled under them, and which subjects are one person."""

    rulebook: Rulebook
    facts: tuple[Fact, ...]
    links: tuple[Link, ...] = ()

    def with_facts(self, facts: Sequence[Fact]) -> World:
        return replace(self, facts=tuple(facts))

    def __repr__(self) -> str:
        rules = render_rules(self.rulebook, {fact.pack for fact in self.facts})
        links = render_links(self.links)
        return f"World\n{rules}\n{render(self.facts, self.rulebook)}\n{links}"

    def _repr_pretty_(self, printer: RepresentationPrinter, cycle: bool) -> None:
        printer.text(repr(self))


def render_rules(rulebook: Rulebook, used: set[int]) -> str:
    """The rules of the used packs and of the programmes, one version or limit a line."""
    lines = []
    for place, (name, versions) in enumerate(rulebook.packs.items()):
        for told in versions if place in used else ():
            words = [f"  {name} {told.version} [{told.valid_from}, {told.valid_to})"]
            words += ["zero by design" if told.zero_by_design else repr(told.quantify)]
            words += [f"class {told.conflict_class.name}"] if told.conflict_class else []
            words += [repr(rule) for rule in (*told.look_backs, *told.bounds)]
            lines += ["; ".join(words), *map(render_limit, told.limits)]
    for programme in rulebook.programmes.values():
        for terms in programme.versions:
            span = f"[{terms.valid_from}, {terms.valid_to})"
            lines += [f"  {programme.id} in {programme.time_zone} {span}; {terms.points}"]
            lines += map(render_limit, terms.limits)
    return "\n".join(lines)


def render_limit(limit: Limit) -> str:
    kind = f"{'whole ' if limit.whole else ''}{limit.kind.name.lower()} {limit.value}"
    sharers = f"{limit.scope.name.lower()}{' and item key' if limit.per_item_key else ''}"
    return f"    {limit.owner}.{limit.name}: {kind} per {limit.period.name.lower()} and {sharers}"


def render(facts: Sequence[Fact], rulebook: Rulebook) -> str:
    """The acts as a table, in UTC."""
    packs, programmes = list(rulebook.packs), list(rulebook.programmes)
    header = "key subject account programme pack scene start end inputs grade item besides"
    rows = [header.split()]
    for fact in facts:
        besides = [] if fact.state is State.LIVE else [fact.state.name.lower()]
        besides += [] if fact.consent else ["no consent"]
        besides += [f"joined {fact.joined_day}"] if fact.joined_day else []
        rows.append(
            [
                *(str(fact.key), str(fact.subject), str(fact.account)),
                *(programmes[fact.programme], packs[fact.pack], str(fact.scene)),
                *(when(fact.started_us), when(fact.ended_us)),
                ",".join("-" if value is None else str(value) for value in fact.inputs),
                *(str(fact.grade), str(fact.item), " ".join(besides)),
            ]
        )
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = [
        "  " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    ]
    return "\n".join(line.rstrip() for line in lines)


def render_links(links: Sequence[Link]) -> str:
    """The links, one a line."""
    return "\n".join(
        f"  {link.one} and {link.other} are one over [{link.from_day}, {link.to_day})"
        for link in links
    )


def when(instant_us: int) -> str:
    return f"{EPOCH + timedelta(microseconds=instant_us):%m-%dT%H:%M}"


# Programmes.

PROGRAMME_IDS = ("city", "bank")


def points_rules(packs: Sequence[str]) -> st.SearchStrategy[Points]:
    return st.builds(
        Points,
        unit_mg=st.sampled_from((7, 1, 0, 10)),
        daily_max=st.sampled_from((None, None, 9, 3, 0)),
        per_act=st.dictionaries(st.sampled_from(packs), st.integers(1, 3), max_size=2),
        per_act_daily_max=st.sampled_from((None, None, 5, 2)),
        on_duplicate=st.booleans(),
    )


@st.composite
def programmes(
    draw: st.DrawFn, name: str, packs: dict[str, tuple[PackVersion, ...]], first_day: int
) -> Programme:
    """A programme of one or two versions, with limits of its own and limits that replace."""
    own = draw(limits_of(name, Unit.PROGRAMME))
    replaceable = [limit for versions in packs.values() for limit in versions[0].limits]
    replaced = draw(st.lists(st.sampled_from(replaceable), max_size=1)) if replaceable else []
    templates = [*own, *replaced]
    ends = [FOR_EVER] if draw(st.booleans()) else [first_day + 1, FOR_EVER]
    starts = [draw(st.sampled_from((*[0] * 5, first_day, first_day + 1, *[0] * 5))), *ends[:-1]]
    if starts[0] >= ends[0]:
        starts[0] = 0
    if draw(rarely(16)):
        ends[-1] = first_day + 2
    versions = tuple(
        ProgrammeVersion(
            version=str(place),
            valid_from=start,
            valid_to=end,
            scenes={},
            limits=draw(stated(templates)),
            points=draw(points_rules(list(packs))),
        )
        for place, (start, end) in enumerate(zip(starts, ends, strict=True))
    )
    return Programme(name, draw(st.sampled_from((SHANGHAI, NEW_YORK))), versions)


# Acts.


AMOUNTS = (5, 3, 8, 1, 2, 7, 4, 9, 0, 6, 3, 8, 2, 4)  # nine is out of bounds


@dataclass(frozen=True)
class Account:
    number: int
    subject: int
    programme: int
    joined_day: int


@st.composite
def accounts_of(draw: st.DrawFn, first_day: int, programme_count: int) -> list[Account]:
    """One to four subjects with one to three accounts each."""
    owners = [
        subject
        for subject in range(1, draw(st.sampled_from((1, 2, 3, 1, 2, 4))) + 1)
        for _ in range(draw(st.sampled_from((1, 1, 1, 2, 3))))
    ]
    return [
        Account(
            number=11 + place,
            subject=subject,
            programme=draw(st.integers(0, programme_count - 1)),
            joined_day=first_day + 1 if draw(rarely(16)) else 0,
        )
        for place, subject in enumerate(owners)
    ]


@st.composite
def links_of(draw: st.DrawFn, subjects: Sequence[int], first_day: int) -> tuple[Link, ...]:
    """Up to three links among these subjects, most of them from within the days of the acts on."""
    pairs = list(combinations(subjects, 2))
    if not pairs:
        return ()
    since = st.sampled_from((first_day, first_day + 1, 0, first_day + 2))
    length = st.sampled_from((FOR_EVER, FOR_EVER, 1, 2))
    told = draw(st.lists(st.tuples(st.sampled_from(pairs), since, length), max_size=3))
    return tuple(
        Link(*pair, from_day, min(FOR_EVER, from_day + days)) for pair, from_day, days in told
    )


@st.composite
def moments_us(draw: st.DrawFn, first_day: int) -> list[int]:
    """One to three local midnights, round which all of a world's acts start."""
    midnights = st.tuples(st.sampled_from(DAYS), st.sampled_from(MIDNIGHTS_UTC_H))
    chosen = draw(st.lists(midnights, min_size=1, max_size=3, unique=True))
    return [(24 * (first_day + ahead) + hour) * HOUR_US for ahead, hour in chosen]


lengths_us = st.sampled_from(
    (HOUR_US, 0, HOUR_US // 2, 2 * HOUR_US, 26 * HOUR_US, 1, HOUR_US // 2 + 1)
)


@st.composite
def facts_of(
    draw: st.DrawFn, accounts: Sequence[Account], pack_count: int, midnights_us: Sequence[int]
) -> Fact:
    """An act near a midnight; half-hours, so that starts are often equal."""
    account = draw(st.sampled_from(accounts))
    started_us = draw(st.sampled_from(midnights_us)) + draw(st.integers(-3, 4)) * HOUR_US // 2
    length_us = -1 if draw(rarely(32)) else draw(lengths_us)
    is_unusual = draw(rarely(12))
    return Fact(
        key=draw(st.integers(0, 999)),
        subject=account.subject,
        account=account.number,
        programme=account.programme,
        pack=draw(st.integers(0, pack_count - 1)),
        started_us=started_us,
        ended_us=started_us + length_us,
        inputs=(
            None if is_unusual and draw(rarely(4)) else draw(st.sampled_from(AMOUNTS)),
            draw(st.sampled_from((None, 1, 2, 0, 3, 4))),
        ),
        scene=draw(st.sampled_from((1, 1, 2))),
        grade=draw(st.sampled_from((1, 1, 1, 1, 2))),
        item=0 if is_unusual else draw(st.sampled_from((1, 2, 1, 3, 1, 2))),
        state=draw(st.sampled_from(State)) if is_unusual else State.LIVE,
        consent=not (is_unusual and draw(rarely(4))),
        joined_day=account.joined_day,
    )


@st.composite
def worlds(draw: st.DrawFn, max_acts: int = 16) -> World:
    """A world of one to four subjects; its keys follow no order of time."""
    first_day = day(draw(st.sampled_from(WINDOWS)))
    names = draw(st.lists(st.sampled_from(PACKS), min_size=1, max_size=4, unique=True))
    packs = {name: draw(pack_versions(name, first_day)) for name in names}
    mechanisms = PROGRAMME_IDS[: draw(st.integers(1, 2))]
    rulebook = Rulebook(
        packs=packs,
        programmes={name: draw(programmes(name, packs, first_day)) for name in mechanisms},
    )
    accounts = draw(accounts_of(first_day, len(mechanisms)))
    midnights = draw(moments_us(first_day))
    at_least = min(max_acts, draw(st.sampled_from((1, 8, 12))))
    acts = facts_of(accounts, len(names), midnights)
    facts = draw(
        st.lists(acts, min_size=at_least, max_size=max_acts, unique_by=lambda fact: fact.key)
    )
    subjects = sorted({account.subject for account in accounts})
    return World(rulebook, tuple(facts), draw(links_of(subjects, first_day)))
