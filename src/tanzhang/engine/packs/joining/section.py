"""The ``joining`` section as values; everything that settlement need not know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tanzhang.engine.packs.joining.words import EVERYONE
from tanzhang.engine.packs.tree import Text


class Evidence(StrEnum):
    """What decides a rule: a host's word, a list of the operator's, a verified field."""

    CLAIM = "claim"
    LIST = "list"
    FIELD = "field"


@dataclass(frozen=True, slots=True)
class Rule:
    """One condition of joining. ``of`` names the claim, list or field that decides it.

    ``values`` are those that count, any if empty; ``partners`` whose word counts for a claim.
    ``if_not`` says to whom it is not true what she can do.
    """

    id: str
    title: Text
    if_not: Text
    evidence: Evidence
    of: str
    values: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Either:
    """True if one of the parts is."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Both:
    """True if all of the parts are."""

    parts: tuple[Condition, ...]


#: A rule by its id, or several together.
Condition = str | Either | Both


@dataclass(frozen=True, slots=True)
class PeopleList:
    """A list of people that the operator keeps; ``partner`` names them where ``by`` is person."""

    id: str
    title: Text
    by: str
    partner: str = ""


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of the sign-up form. ``kinds`` are the account kinds it is asked for, all if empty.

    ``verified`` is empty where what is typed is taken as it is; ``people_list`` goes with ``list``.
    """

    name: str
    required: bool
    verified: str
    purpose: Text
    people_list: str = ""
    kinds: tuple[str, ...] = ()
    law: Text | None = None


@dataclass(frozen=True, slots=True)
class SignUpForm:
    """What is asked of whoever joins, and which kinds of account she may choose from."""

    kinds: tuple[str, ...] = ("person",)
    fields: Mapping[str, FormField] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cohort:
    """People who try something first 内测: those on a list, or the first ``places`` who ask.

    ``only_members_join``: until the cohort is over, nobody else may open an account.
    """

    id: str
    title: Text
    about: Text
    people_list: str = ""  #: empty: a public call
    places: int | None = None
    only_members_join: bool = False
    survey: str = ""


@dataclass(frozen=True, slots=True)
class Feature:
    """Something that may be shown to some people first: a scene, a page or a way in.

    ``audience`` is who sees it until somebody decides otherwise: cohorts, or everyone.
    """

    id: str
    title: Text
    opens: str  #: scene, page or entry
    name: str
    audience: tuple[str, ...]
    needs_two: bool = True


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a survey with its answers, of which a tester chooses one."""

    id: str
    text: Text
    answers: Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class Survey:
    """A few questions to testers."""

    id: str
    title: Text
    about: Text
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Joining:
    """The whole section. Without one, whoever a partner vouches for may join, and nothing is asked.

    ``who`` is None where no rule is given.
    """

    doors: tuple[str, ...] = ("host",)
    who: Condition | None = None
    rules: Mapping[str, Rule] = field(default_factory=dict)
    lists: Mapping[str, PeopleList] = field(default_factory=dict)
    form: SignUpForm = field(default_factory=SignUpForm)
    cohorts: Mapping[str, Cohort] = field(default_factory=dict)
    features: Mapping[str, Feature] = field(default_factory=dict)
    surveys: Mapping[str, Survey] = field(default_factory=dict)

    def closed_scenes(self) -> Mapping[str, Feature]:
        """The features that open a scene, by the scene."""
        return {f.name: f for f in self.features.values() if f.opens == "scene"}

    def feature_of(self, opens: str, name: str) -> Feature | None:
        """The feature that opens a page or a way in, if there is one."""
        found = (f for f in self.features.values() if (f.opens, f.name) == (opens, name))
        return next(found, None)


def rules_in(condition: Condition | None) -> tuple[str, ...]:
    """The ids of the rules that a condition names, each once, in its order."""
    if condition is None:
        return ()
    if isinstance(condition, str):
        return (condition,)
    return tuple(dict.fromkeys(rule for part in condition.parts for rule in rules_in(part)))


def is_for_everyone(audience: tuple[str, ...]) -> bool:
    """Whether an audience leaves nobody out."""
    return EVERYONE in audience
