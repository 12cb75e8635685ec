"""A programme's joining section as the lake would have it, and people who come to it."""

from __future__ import annotations

from dataclasses import replace

from people_world import bank, opening

from tanzhang.apps.catalogue.api import rulebook_in_force
from tanzhang.apps.people import api as people
from tanzhang.apps.people.api import AccountEntry
from tanzhang.engine.packs.joining.section import (
    Cohort,
    Either,
    Evidence,
    Feature,
    FormField,
    Joining,
    PeopleList,
    Question,
    Rule,
    SignUpForm,
    Survey,
)
from tanzhang.engine.packs.tree import Text

WORDS = Text("某", "some")


def rule(name: str, evidence: Evidence, of: str, *values: str) -> Rule:
    return Rule(name, WORDS, WORDS, evidence, of, values)


PHONE = FormField("phone", True, "code", WORDS)
EMPLOYER = FormField("employer", True, "list", WORDS, people_list="staff")

SURVEY = Survey(
    "first",
    WORDS,
    WORDS,
    (
        Question("useful", WORDS, {"yes": WORDS, "no": WORDS, "hardly": WORDS}),
        Question("clear", WORDS, {"yes": WORDS, "no": WORDS}),
    ),
)

JOINING = Joining(
    doors=("host", "phone"),
    who=Either(("card", "staff", "employee", "invited", "anybody")),
    rules={
        one.id: one
        for one in (
            replace(rule("card", Evidence.CLAIM, "card_kinds", "credit"), partners=("bank",)),
            rule("staff", Evidence.LIST, "staff"),
            rule("employee", Evidence.FIELD, "employer"),
            rule("invited", Evidence.LIST, "guests"),
            rule("anybody", Evidence.FIELD, "phone"),
        )
    },
    lists={
        "staff": PeopleList("staff", Text("某厂", "The works"), "phone"),
        "guests": PeopleList("guests", WORDS, "person", "bank"),
    },
    form=SignUpForm(("person",), {"phone": PHONE, "employer": EMPLOYER}),
    cohorts={
        "beta": Cohort("beta", WORDS, WORDS, people_list="guests", survey="first"),
        "call": Cohort("call", WORDS, WORDS, places=3),
    },
    features={
        "bike-first": Feature("bike-first", WORDS, "scene", "bike", ("beta",)),
        "carry": Feature("carry", WORDS, "page", "carrying", ("everyone",), needs_two=False),
    },
    surveys={"first": SURVEY},
)


def programme() -> int:
    """The stored number of the lake."""
    return rulebook_in_force().programme_ids["lake"]


def opened(person: str) -> AccountEntry:
    """The account of somebody whom the bank handed over."""
    return people.open_account(opening(person))[0]


def bank_ref(person: str) -> bytes:
    """The bank's reference of a person as a link has it."""
    return opening(person).refs[bank()]
