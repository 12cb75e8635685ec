"""Random people, households, partners and programmes: whatever happens, in whatever order.

Acts are reported, consent is given and withdrawn source by source and purpose by purpose, people
turn out to be one person and are parted again, and they join, leave and come back to households and
teams. After every step the books must say what an independent, slow settlement says
(``tests/river/together.py``), and every total is the sum over distinct acts, one by one.
"""

from __future__ import annotations

import random
from typing import Any

import psycopg
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from river.kin import account_of, day, link, part
from river.people import JOINED_DAY
from river.programmes import PARTNERS
from river.reports import SCENES, Row, act, at, hand_in
from river.together import Belonging, Spell, Together, posted, stored_links
from tanzhang.apps.activities.api import drain, roll_up
from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.database import bulk_transaction
from tanzhang.apps.partners.api import partner
from tanzhang.apps.people import api as people
from tanzhang.engine.kinship import Link
from tanzhang.engine.packs.definition import SENSITIVE_KINDS
from tanzhang.problems import Problem

#: A household, two teams, and a community of which they may be part.
GROUPS = 4

NAMES = ("di", "di", "di", "fu", "fu", "bo", "ada", "ada-too")
LINKED = ("di", "fu", "di", "fu", "bo", "ada")
DAYS = ("05-30", "05-31", "05-31", "06-01")
HOURS = ("08:00", "08:05", "12:00", "23:55")
MOMENTS = ("05-30 08:05", "05-31 08:00", "05-31 20:00", "06-01 07:55")
SCENES_TOLD = ("bike", "bike", "bike", "ride", "walk", "walk", "bill", "dues", "order", "power")
THINGS = {"bill": "bill", "dues": "bill", "order": "order", "power": "power"}
SOURCES = ("bikes", "bikes", "bank", "grid", "shop")

#: Drawn evenly from a number, as Hypothesis prefers little to happen.
CHANCES = st.integers(0, 2**32).map(random.Random)


def report(chance: random.Random, external_id: str) -> Row:
    """A ride, a walk, or a thing that others may claim too."""
    scene = chance.choice(SCENES_TOLD)
    reporter = chance.choice([code for code, (_, own) in PARTNERS.items() if scene in own])
    person = chance.choice(NAMES)
    if PARTNERS[reporter][0] == "coast":
        person = person if person in ("ada", "bo") else "ada"
    more: dict[str, Any] = {}
    if scene in THINGS:
        more["item_key"] = f"{THINGS[scene]}-{chance.randrange(2)}"
    if "distance_m" in SCENES[scene][0]:
        more["distance_m"] = chance.choice((1500, 4000, 8000))
    return act(
        external_id,
        f"{chance.choice(DAYS)} {chance.choice(HOURS)}",
        scene,
        partner=reporter,
        person=person,
        grade=chance.choice((2, 2, 1)),
        **more,
    )


class Lives(RuleBasedStateMachine):
    """The books of the river, and beside them what happened; nothing stays after an example."""

    nodes: tuple[people.AccountEntry, ...] = ()  #: some people's accounts, then groups

    def __init__(self) -> None:
        super().__init__()
        self.whole = transaction.atomic()
        self.whole.__enter__()
        self.model, self.count = Together(), 0
        self.verdicts = self.model.verdicts()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.whole.__exit__(None, None, None)

    # What happens.

    @initialize(chance=CHANCES)
    def began(self, chance: random.Random) -> None:
        for _ in range(14):
            self._join(chance)
        self._report(chance, 12)

    @rule(chance=CHANCES)
    def withdrew(self, chance: random.Random) -> None:
        """What was credited stays, of this source and of every other; the next reports are judged
        by what holds now."""
        who, code, purpose = source = drawn_source(chance)
        moment = at(chance.choice(MOMENTS))
        people.withdraw(account_of(who), partner(code).id, at_us=moment, purpose=purpose)
        for spell in self.model.consents[f"river-{who}", code, purpose]:
            if spell.until is None:
                spell.until = max(spell.since, moment)
        drain()
        assert posted() == self.model.told(self.verdicts), source
        self._report(chance, 6)

    @rule(chance=CHANCES)
    def agreed(self, chance: random.Random) -> None:
        """Consent that was withdrawn is given again, from some moment on."""
        gone = [
            source
            for source, spells in self.model.consents.items()
            if all(spell.until is not None for spell in spells)
        ]
        for who, code, purpose in chance.sample(gone, min(2, len(gone))):
            moment = at(chance.choice(MOMENTS))
            people.grant(
                account_of(who.removeprefix("river-")),
                partner(code).id,
                text_id=people.current_wording(people.purposes()[purpose].text).id,
                at_us=moment,
                purpose=purpose,
                kinds=SENSITIVE_KINDS if purpose == people.SENSITIVE else (),
            )
            self.model.consents[who, code, purpose].append(Spell(moment))
        self._report(chance, 6)

    @rule(chance=CHANCES)
    def linked(self, chance: random.Random) -> None:
        """Two turn out to be one person; nothing of anybody else changes."""
        pair, since = chance.sample(LINKED, 2), chance.choice(("05-30", "05-31"))
        one, other = sorted(account_of(name).subject_id for name in pair)
        before = posted()
        try:
            link(*pair, since)
        except Problem as problem:
            assert problem.code in ("people.link_to_itself", "people.already_linked")
        else:
            self.model.links.append(Link(one, other, day(since)))
            self._settle()
            strangers = self.model.of_others(before, [one, other])
            assert self.model.of_others(posted(), [one, other]) == strangers
        self._report(chance, 4)

    @precondition(lambda self: self.model.links)
    @rule(chance=CHANCES)
    def parted(self, chance: random.Random) -> None:
        """A link was a mistake, or ends; nothing of anybody else changes."""
        names = {account_of(name).subject_id: name for name in LINKED}
        some = chance.choice(self.model.links)
        pair = (some.one, some.other)
        until = chance.choice((None, "05-31", "05-31", "06-01"))
        own = [each for each in self.model.links if (each.one, each.other) == pair]
        last = max(own, key=lambda each: each.from_day)
        strangers = self.model.of_others(posted(), pair)
        part(*(names[subject] for subject in pair), until)
        self.model.links.remove(last)
        if until is not None and last.from_day < day(until):
            self.model.links.append(Link(*pair, last.from_day, day(until)))
        self._settle()
        assert {event: posted()[event] for event in strangers} == strangers
        self._report(chance, 4)

    @rule(chance=CHANCES)
    def moved(self, chance: random.Random) -> None:
        """Some leave households and teams, for what counted before still to count; some join."""
        staying = [each for each in self.model.belonging if each.until is None]
        for gone in chance.sample(staying, min(3, len(staying))):
            until = day(chance.choice(DAYS))
            with bulk_transaction() as cursor:
                people.end_membership(cursor, gone.parent, gone.member, on_day=until)
            gone.until = max(gone.since, until)
        for _ in range(4):
            self._join(chance)
        self._report(chance, 4)

    # What must hold.

    @invariant()
    def every_total_is_the_sum_over_its_acts(self) -> None:
        """Of each group and of accounts together, over all days and over a few."""
        for node in self.nodes[-GROUPS:]:
            self._adds_up([node.id], JOINED_DAY, JOINED_DAY + 1000)
        chance = random.Random(self.count)
        roots = [chance.choice(self.nodes).id for _ in range(2)]
        first = day("05-30") + chance.randrange(-1, 3)
        self._adds_up(roots, first, first + chance.randrange(1, 4))

    @invariant()
    def links_are_stored_as_they_were_made(self) -> None:
        assert sorted(stored_links()) == sorted(self.model.links)

    def _report(self, chance: random.Random, count: int) -> None:
        """Each report is taken if, and only if, consent is live for its source and purpose."""
        rows = [report(chance, f"e{self.count + n}") for n in range(count)]
        self.count += count
        expected = {row["external_id"]: self.model.why_not(row) for row in rows}
        assert codes(rows) == expected
        for row in rows:
            if expected[row["external_id"]] is None:
                self.model.take(row)
        self._settle()

    def _join(self, chance: random.Random) -> None:
        """Somebody belongs to a household or team, or to herself 1+N, for some days or for good."""
        place = chance.randrange(1, len(self.nodes))
        parent, member = self.nodes[place], self.nodes[chance.randrange(place)]
        first = day(chance.choice(DAYS)) - chance.randrange(2)
        length = chance.choice((None, None, 1, 2))
        end = None if length is None else first + length
        is_person = parent.kind is people.AccountKind.PERSON
        role = people.Role.CHILD if is_person else people.Role.MEMBER
        try:
            with bulk_transaction() as cursor:
                people.add_member(cursor, people.Joining(parent, member, first, end, role))
        except (Problem, psycopg.errors.CheckViolation):
            return
        self.model.belonging.append(Belonging(first, end, parent.id, member.id))

    def _settle(self) -> None:
        """The books say what the slow settlement says, and nothing counts twice."""
        drain()
        self.verdicts = self.model.verdicts()
        assert posted() == self.model.told(self.verdicts)
        assert self.model.counted_twice(self.verdicts) == []

    def _adds_up(self, roots: list[int], first: int, end: int) -> None:
        with bulk_transaction() as cursor:
            found = roll_up(cursor, roots, first, end)
        wanted = self.model.sums(self.verdicts, roots, first, end)
        assert (found.total.reduction_mg, found.total.acts) == (wanted.mg, wanted.acts)
        assert found.total.points == {unit: n for unit, n in wanted.points.items() if n}
        parts = (found.by_member, found.by_scene, found.by_source)
        for part_found, part_wanted in zip(parts, wanted.by.values(), strict=True):
            told = {name: cell.reduction_mg for name, cell in part_found.items()}
            assert {name: mg for name, mg in told.items() if mg} == {
                name: mg for name, mg in part_wanted.items() if mg
            }


def drawn_source(chance: random.Random) -> tuple[str, str, str]:
    """Whose consent, to which partner, for what."""
    code = chance.choice(SOURCES)
    purposes = (people.COLLECT, people.COLLECT, people.SENSITIVE)
    return chance.choice(("di", "di", "fu", "bo")), code, chance.choice(purposes)


def codes(rows: list[Row]) -> dict[str, str | None]:
    """What the door says of each report: None if it is taken."""
    found: dict[str, str | None] = {}
    for said, code in zip(
        hand_in(*rows), dict.fromkeys(row["partner"] for row in rows), strict=True
    ):
        own = [row["external_id"] for row in rows if row["partner"] == code]
        found |= dict(zip(own, said.verdicts["code"].to_list(), strict=True))
    return found


def live_on(examples: int, steps: int) -> None:
    """Let everything happen, so many times."""
    people.record_texts()
    kinds = (people.AccountKind.HOUSEHOLD, *[people.AccountKind.TEAM] * 2)
    groups = [group(kind) for kind in (*kinds, people.AccountKind.COMMUNITY)]
    assert len(groups) == GROUPS
    own = [account_of(name) for name in ("di", "fu", "coast-ada", "ada-too", "ada")]
    machine = type("LivesHere", (Lives,), {"nodes": (*own, *groups)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            derandomize=True,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate,),
            report_multiple_bugs=False,
        ),
    )


def group(kind: people.AccountKind) -> people.AccountEntry:
    programme_id = rulebook_in_force().programme_ids["river"]
    wanted = people.NewGroup(kind, "river", programme_id, 2, JOINED_DAY)
    return people.open_group(wanted, by="test")
