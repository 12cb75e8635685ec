"""Reads the ``joining`` section of a programme: doors, rules, lists, and the condition."""

from __future__ import annotations

from collections.abc import Mapping

from tanzhang.engine.packs.accounts import AccountKindEntry
from tanzhang.engine.packs.joining.check import check_section
from tanzhang.engine.packs.joining.read_cohorts import read_cohorts, read_features, read_surveys
from tanzhang.engine.packs.joining.read_form import read_form
from tanzhang.engine.packs.joining.section import (
    Both,
    Condition,
    Either,
    Evidence,
    Joining,
    PeopleList,
    Rule,
)
from tanzhang.engine.packs.joining.words import BY_PERSON, BY_PHONE, CLAIMS, DOORS, FIELDS
from tanzhang.engine.packs.scenes import Scene
from tanzhang.engine.packs.tree import Block, Node, Text


def read_joining(
    block: Block,
    *,
    partners: Mapping[str, Text],
    accounts: Mapping[str, AccountKindEntry],
    scenes: Mapping[str, Mapping[str, Scene]],
) -> Joining:
    """The section of a programme's file; without one, whoever a partner vouches for may join."""
    inner = block.block("joining")
    if inner is None:
        return Joining()
    surveys = read_surveys(inner)
    lists = dict(_read_list(name, entry, partners) for name, entry in inner.blocks("lists"))
    cohorts = read_cohorts(inner, lists, surveys)
    joining = Joining(
        doors=_words(inner, "doors", DOORS) or ("host",),
        who=_read_who(inner),
        rules=dict(_read_rule(name, entry, partners) for name, entry in inner.blocks("rules")),
        lists=lists,
        form=read_form(inner, lists, accounts),
        cohorts=cohorts,
        features=read_features(inner, cohorts, scenes),
        surveys=surveys,
    )
    inner.close()
    check_section(joining, inner)
    return joining


def _read_rule(name: str, block: Block, partners: Mapping[str, Text]) -> tuple[str, Rule]:
    given = [kind for kind in Evidence if block.get(kind.value) is not None]
    if len(given) != 1:
        block.faults.add(block.node, "joining.evidence_unclear", rule=name)
    evidence = given[0] if given else Evidence.FIELD
    known = {Evidence.CLAIM: CLAIMS, Evidence.FIELD: FIELDS}.get(evidence)
    of = block.choice(evidence.value, tuple(known), default="") if known else ""
    if evidence is Evidence.LIST:
        of = block.text("list")
    rule = Rule(
        id=name,
        title=block.titled("title"),
        if_not=block.titled("if_not"),
        evidence=evidence,
        of=of,
        values=_texts(block, "values"),
        partners=_words(block, "partners", tuple(partners)),
    )
    block.close()
    if evidence is Evidence.CLAIM and rule.values and not CLAIMS.get(of, True):
        block.faults.add(block.node, "joining.claim_without_values", rule=name, claim=of)
    if evidence is not Evidence.CLAIM and rule.partners:
        block.faults.add(block.node, "joining.partners_without_claim", rule=name)
    return name, rule


def _read_list(name: str, block: Block, partners: Mapping[str, Text]) -> tuple[str, PeopleList]:
    by = block.choice("by", (BY_PHONE, BY_PERSON))
    partner = block.choice("partner", tuple(partners), default="")
    if (by == BY_PERSON) != bool(partner):
        block.faults.add(block.node, "joining.list_partner_unclear", list=name)
    entry = PeopleList(name, block.titled("title"), by, partner)
    block.close()
    return name, entry


def _read_who(block: Block) -> Condition | None:
    node = block.get("who")
    return None if node is None else _read_condition(node, block)


def _read_condition(node: Node, block: Block) -> Condition | None:
    """A rule's name, or ``any`` or ``all`` of several conditions."""
    if isinstance(node.value, str):
        return node.value
    inner = Block(node, block.faults)
    word = next((word for word in ("any", "all") if inner.get(word) is not None), "")
    parts = tuple(
        part
        for item in (inner.items(word) if word else ())
        if (part := _read_condition(item, block)) is not None
    )
    inner.close()
    if len(parts) < 2:
        block.faults.add(node, "joining.condition_too_short")
    return Both(parts) if word == "all" else Either(parts)


def _texts(block: Block, key: str) -> tuple[str, ...]:
    found: list[str] = []
    for node in block.items(key):
        with block.faults.at(node):
            found.append(node.scalar())
    return tuple(found)


def _words(block: Block, key: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """A list of known words, each once."""
    found = _texts(block, key)
    for word in found:
        if word not in known or found.count(word) > 1:
            node = block.get(key) or block.node
            listed = ", ".join(known)
            block.faults.add(node, "packs.value_not_listed", key=key, value=word, known=listed)
    return found
