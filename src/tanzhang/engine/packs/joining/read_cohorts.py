"""Reads who tries what first: cohorts, features and the surveys of testers."""

from __future__ import annotations

from collections.abc import Mapping

from tanzhang.engine.packs.joining.section import (
    Cohort,
    Feature,
    PeopleList,
    Question,
    Survey,
    is_for_everyone,
)
from tanzhang.engine.packs.joining.words import APPROVALS, ENTRIES, EVERYONE, PAGES
from tanzhang.engine.packs.scenes import Scene
from tanzhang.engine.packs.tree import Block
from tanzhang.engine.units import parse_decimal
from tanzhang.problems import Problem

#: What a feature opens, and where its name comes from.
OPENS = ("scene", "page", "entry")


def read_cohorts(
    block: Block, lists: Mapping[str, PeopleList], surveys: Mapping[str, Survey]
) -> dict[str, Cohort]:
    """The cohorts by id. One has a list, or is a public call with its number of places."""
    found: dict[str, Cohort] = {}
    for name, entry in block.blocks("cohorts"):
        people_list = entry.choice("list", tuple(lists), default="")
        places = _places(entry)
        if not people_list and places is None:
            entry.faults.add(entry.node, "joining.call_without_places", cohort=name)
        if name == EVERYONE:
            entry.faults.add(entry.node, "joining.cohort_named_everyone")
        found[name] = Cohort(
            id=name,
            title=entry.titled("title"),
            about=entry.titled("about"),
            people_list=people_list,
            places=places,
            only_members_join=entry.flag("only_members_join"),
            survey=entry.choice("survey", tuple(surveys), default=""),
        )
        entry.close()
    return found


def _places(block: Block) -> int | None:
    text = block.text("places", required=False)
    if not text:
        return None
    with block.faults.at(block.get("places") or block.node):
        number = parse_decimal(text)
        if number.denominator != 1 or not 0 < number <= 10_000_000:
            raise Problem("joining.places_unusable", text=text)
        return number.numerator
    return None


def read_features(
    block: Block, cohorts: Mapping[str, Cohort], scenes: Mapping[str, Mapping[str, Scene]]
) -> dict[str, Feature]:
    """The features by id; each opens one scene, one page or one way in, and nothing twice."""
    known = {"scene": _connected(scenes), "page": PAGES, "entry": ENTRIES}
    found: dict[str, Feature] = {}
    for name, entry in block.blocks("features"):
        opened = [word for word in OPENS if entry.get(word) is not None]
        if len(opened) != 1:
            entry.faults.add(entry.node, "joining.feature_unclear", feature=name)
        opens = opened[0] if opened else "page"
        feature = Feature(
            id=name,
            title=entry.titled("title"),
            opens=opens,
            name=entry.choice(opens, known[opens], default=""),
            audience=_audience(entry, cohorts),
            needs_two=entry.choice("approval", APPROVALS, default="two") == "two",
        )
        if opens == "scene" and not feature.needs_two:
            entry.faults.add(entry.node, "joining.scene_needs_two", feature=name)
        if (opens, feature.name) in {(other.opens, other.name) for other in found.values()}:
            entry.faults.add(entry.node, "joining.feature_repeated", feature=name)
        found[name] = feature
        entry.close()
    return found


def _connected(scenes: Mapping[str, Mapping[str, Scene]]) -> tuple[str, ...]:
    every = (scene for version in scenes.values() for scene in version.values())
    return tuple(dict.fromkeys(scene.id for scene in every if scene.connected))


def _audience(block: Block, cohorts: Mapping[str, Cohort]) -> tuple[str, ...]:
    """Cohorts, or everyone; never both."""
    found: list[str] = []
    known = (*cohorts, EVERYONE)
    for node in block.items("audience", required=True):
        with block.faults.at(node):
            who = node.scalar()
            if who not in known:
                listed = ", ".join(known)
                raise Problem("joining.audience_unknown", audience=who, known=listed)
            found.append(who)
    if is_for_everyone(tuple(found)) and len(found) > 1:
        block.faults.add(block.node, "joining.audience_unclear")
    return tuple(dict.fromkeys(found))


def read_surveys(block: Block) -> dict[str, Survey]:
    """The surveys by id. A question has two answers at least, of which one is chosen."""
    found: dict[str, Survey] = {}
    for name, entry in block.blocks("surveys"):
        questions = tuple(_read_question(key, inner) for key, inner in entry.blocks("questions"))
        if not questions:
            entry.faults.add(entry.node, "packs.key_missing", key="questions")
        found[name] = Survey(name, entry.titled("title"), entry.titled("about"), questions)
        entry.close()
    return found


def _read_question(name: str, block: Block) -> Question:
    answers = block.block("answers", required=True)
    texts = {key: answers.titled(key) for key in answers.entries} if answers else {}
    if len(texts) < 2:
        block.faults.add(block.node, "joining.question_without_choice", question=name)
    question = Question(name, block.titled("text"), texts)
    block.close()
    return question
