"""People of the river told in plain Python: consent, links, belonging, and what acts then bring.

It is kept beside the real books, step by step, and shares nothing with them but the rules. What an
act brings is the oracle's word (``tests/engine/settle/oracle``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from settle import oracle
from settle.oracle.conflicts import overlaps, same_class, same_once_key
from settle.oracle.eligibility import judge_eligibility
from settle.oracle.lines import Line, open_line
from settle.oracle.people import find_people, meet
from settle.plain import Fact, Verdicts

from river.books import ask, key
from river.kin import account_of
from river.people import ACCOUNTS, CONSENT_FROM_US, JOINED_DAY, ON_THE_COAST
from river.programmes import PARTNERS
from river.reports import Row
from tanzhang.apps.catalogue.api import RulesInForce, rulebook_in_force
from tanzhang.apps.people.api import AccountEntry
from tanzhang.engine.acts import Status
from tanzhang.engine.kinship import Link
from tanzhang.engine.rules import FOR_EVER

#: The scenes whose inputs say something about the body, which needs a consent of its own.
SENSITIVE_SCENES = ("walk",)

#: What is told of an event: status, milligrams, points, and the key of the act it lost to.
Told = tuple[Status, int, int, int | None]

Source = tuple[str, str, str]  #: programme-person, partner, purpose


@dataclass
class Spell:
    """Something that lasts over [since, until); still so if ``until`` is None."""

    since: int
    until: int | None = None

    def holds(self, moment: int) -> bool:
        return self.since <= moment and (self.until is None or moment < self.until)

    def spans(self, start: int, end: int) -> bool:
        return self.holds(start) and (self.until is None or end <= self.until)


@dataclass
class Belonging(Spell):
    """That one account counts in another, over local days."""

    parent: int = 0
    member: int = 0


@dataclass
class Sums:
    """What distinct acts brought."""

    mg: int = 0
    acts: int = 0
    points: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    by: dict[str, dict[int, int]] = field(
        default_factory=lambda: {part: defaultdict(int) for part in ("member", "scene", "source")}
    )


class Together:
    """Everything that happened to the people of the river."""

    def __init__(self) -> None:
        self.rules: RulesInForce = rulebook_in_force()
        self.accounts: dict[str, AccountEntry] = dict(_accounts())
        self.facts: dict[int, Fact] = {}
        self.source_of: dict[int, str] = {}
        self.items: dict[str, int] = {}
        self.links: list[Link] = []
        self.belonging: list[Belonging] = []
        self.consents: dict[Source, list[Spell]] = defaultdict(lambda: [Spell(CONSENT_FROM_US)])

    # Consent, and what is accepted.

    def why_not(self, row: Row) -> str | None:
        """The code by which a report that arrives now is refused; None if it is taken.

        Over the whole act somebody must have agreed, and nobody withdrawn until now.
        """
        purposes = {"no_consent": "collect"}
        if row["scene"] in SENSITIVE_SCENES:
            purposes["no_sensitive_consent"] = "sensitive"
        who = f"{PARTNERS[row['partner']][0]}-{row['person']}"
        for code, purpose in purposes.items():
            spells = self.consents[who, row["partner"], purpose]
            was = any(spell.spans(row["started_us"], row["ended_us"]) for spell in spells)
            if not was or all(spell.until is not None for spell in spells):
                return code
        return None

    def take(self, row: Row) -> None:
        """A report was accepted."""
        programme = PARTNERS[row["partner"]][0]
        account = self.accounts[f"{programme}-{row['person']}"]
        scene = self.rules.scene_ids[programme, row["scene"]]
        pack = self.rules.programme_file(programme).scenes["1"][row["scene"]].pack
        event = int.from_bytes(key(row["partner"], row["external_id"]), "big")
        item = row["item_key"]
        self.source_of[event] = row["partner"]
        self.facts[event] = Fact(
            key=event,
            subject=account.subject_id,
            account=account.id,
            programme=[*self.rules.rulebook.programmes].index(programme),
            pack=[*self.rules.rulebook.packs].index(pack),
            started_us=row["started_us"],
            ended_us=row["ended_us"],
            inputs=tuple(row.get(f"in_{name}") for name in self.rules.input_names(pack)),
            scene=scene,
            grade=row["grade"],
            item=0 if item is None else self.items.setdefault(item, len(self.items) + 1),
            joined_day=JOINED_DAY,
        )

    # What acts bring, by themselves and together.

    def verdicts(self) -> Verdicts:
        """What settlement has to say of every act."""
        facts = [*self.facts.values()]
        return oracle.settle(facts, self.rules.rulebook, links=self.links)

    def told(self, verdicts: Verdicts) -> dict[int, Told]:
        """The same, as the books tell it."""
        return {
            event: (said.status, said.credited_mg, said.points, said.lost_to)
            for event, said in verdicts.items()
        }

    def counted_twice(self, verdicts: Verdicts) -> list[tuple[Line, Line]]:
        """Pairs of one person's acts that are one thing and count both."""
        lines = [open_line(fact, self.rules.rulebook) for fact in self.facts.values()]
        find_people(lines, self.links)
        judge_eligibility(lines)
        kept = (Status.CREDITED, Status.LIMITED)
        counted = [line for line in lines if verdicts[line.fact.key].status in kept]
        return [
            (one, other)
            for one, other in combinations(counted, 2)
            if meet(one, other) and same_class(one, other) and is_one_thing(one, other)
        ]

    def belongs(self, root: int, account: int, day: int) -> bool:
        """Whether some way down from the root is open on this day, way by way."""
        return root == account or any(
            self.belongs(each.member, account, day)
            for each in self.belonging
            if each.parent == root and each.holds(day)
        )

    def sums(self, verdicts: Verdicts, roots: Sequence[int], first: int, end: int) -> Sums:
        """What these accounts and all below them brought over days [first, end): act by act."""
        found = Sums()
        unit_of = {account.id: account.points_unit for account in self.accounts.values()}
        partners = {code: number for number, code in ask("select id, code from partner")}
        for event, said in verdicts.items():
            fact = self.facts[event]
            if not first <= said.day < end:
                continue
            if not any(self.belongs(root, fact.account, said.day) for root in roots):
                continue
            found.mg += said.credited_mg
            found.acts += said.status is Status.CREDITED
            found.points[unit_of[fact.account]] += said.points
            source = partners[self.source_of[event]]
            for part, name in zip(found.by, (fact.account, fact.scene, source), strict=True):
                found.by[part][name] += said.credited_mg
        return found

    def of_others(self, told: dict[int, Told], subjects: Iterable[int]) -> dict[int, Told]:
        """What is told of everybody whom no chain of links connects with these subjects."""
        known = {*subjects}
        while (
            more := {
                subject
                for link in self.links
                if {link.one, link.other} & known
                for subject in (link.one, link.other)
            }
            - known
        ):
            known |= more
        return {event: said for event, said in told.items() if self.subject(event) not in known}

    def subject(self, event: int) -> int:
        return self.facts[event].subject


def is_one_thing(one: Line, other: Line) -> bool:
    """Whether two acts of one class are one: by their key, or because they overlap."""
    assert one.pack is not None
    assert one.pack.conflict_class is not None
    at_once = one.pack.conflict_class.overlap and overlaps(one.fact, other.fact)
    return same_once_key(one, other) or bool(at_once)


def stored_links() -> list[Link]:
    """The links that count, as they are stored."""
    return [
        Link(one, other, since, FOR_EVER if until is None else until)
        for one, other, since, until in ask(
            "select one_subject_id, other_subject_id, from_day, to_day from subject_link"
            " where withdrawn_at is null"
        )
    ]


def posted() -> dict[int, Told]:
    """What the books say of every event: the sum of its rows, and its last word."""
    rows = ask(
        "select event_key, status, credited_mg, points, lost_to from activity"
        " order by event_key, outcome_no"
    )
    found: dict[int, Told] = {}
    for event, status, mg, points, lost_to in rows:
        _, before_mg, before_points, _ = found.get(event.int, (None, 0, 0, None))
        winner = None if lost_to is None else lost_to.int
        found[event.int] = (Status(status), before_mg + mg, before_points + points, winner)
    return found


def _accounts() -> Iterator[tuple[str, AccountEntry]]:
    for person, names in ACCOUNTS.items():
        for name in names:
            yield f"river-{name}", account_of(name)
        if person in ON_THE_COAST:
            yield f"coast-{person}", account_of(f"coast-{person}")
