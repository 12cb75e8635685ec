"""Contradictions of a ``joining`` section, and fields that nothing needs: each is a fault."""

from __future__ import annotations

from collections.abc import Iterator

from tanzhang.engine.packs.accounts import PERSON
from tanzhang.engine.packs.joining.section import Evidence, FormField, Joining, Rule, rules_in
from tanzhang.engine.packs.joining.words import (
    BY_PHONE,
    CODE,
    EMPLOYING,
    FIELDS,
    HOST,
    KIND_FIELDS,
)
from tanzhang.engine.packs.tree import Block, Node


def check_section(joining: Joining, block: Block) -> None:
    """Record everything about a section that cannot be meant so."""
    _check_condition(joining, block)
    for rule in joining.rules.values():
        _check_rule(rule, joining, _node(block, "rules", rule.id), block)
    _check_phone(joining, block)
    _check_lists(joining, block)
    _check_form(joining, block)


def _check_condition(joining: Joining, block: Block) -> None:
    used = rules_in(joining.who)
    where = block.get("who") or block.node
    for name in used:
        if name not in joining.rules:
            known = ", ".join(joining.rules)
            block.faults.add(where, "joining.rule_unknown", rule=name, known=known)
    for name in joining.rules:
        if name not in used:
            block.faults.add(_node(block, "rules", name), "joining.rule_unused", rule=name)


def _check_rule(rule: Rule, joining: Joining, where: Node, block: Block) -> None:
    """A rule's evidence can be had by those who come through the doors."""
    if rule.evidence is Evidence.CLAIM and "host" not in joining.doors:
        block.faults.add(where, "joining.claim_without_host", rule=rule.id)
    if rule.evidence is Evidence.LIST and rule.of not in joining.lists:
        known = ", ".join(joining.lists)
        block.faults.add(where, "joining.list_unknown", rule=rule.id, list=rule.of, known=known)
    if rule.evidence is Evidence.FIELD and rule.of:
        asked = joining.form.fields.get(rule.of)
        if asked is None:
            block.faults.add(where, "joining.rule_field_not_asked", rule=rule.id, field=rule.of)
        elif not asked.verified:
            block.faults.add(where, "joining.rule_field_unverified", rule=rule.id, field=rule.of)


def _check_phone(joining: Joining, block: Block) -> None:
    """Who comes without a host shows that a phone is hers; she could not come back otherwise."""
    phone = joining.form.fields.get("phone")
    if phone is not None and (phone.verified != CODE or not phone.required or phone.kinds):
        where = _node(_form(block), "fields", "phone")
        block.faults.add(where, "joining.phone_unverified")
    if "phone" in joining.doors and phone is None:
        where = block.get("doors") or block.node
        block.faults.add(where, "joining.door_without_phone")


def _check_lists(joining: Joining, block: Block) -> None:
    """A list by phone is asked only for phones that were shown to be hers."""
    used = {rule.of for rule in joining.rules.values() if rule.evidence is Evidence.LIST}
    used |= {cohort.people_list for cohort in joining.cohorts.values()}
    used |= {field.people_list for field in joining.form.fields.values()}
    for name, known in joining.lists.items():
        where = _node(block, "lists", name)
        if name not in used:
            block.faults.add(where, "joining.list_unused", list=name)
        elif known.by == BY_PHONE and "phone" not in joining.form.fields:
            block.faults.add(where, "joining.list_without_phone", list=name)
        elif known.by != BY_PHONE and "host" not in joining.doors:
            block.faults.add(where, "joining.list_without_host", list=name)


def _check_form(joining: Joining, block: Block) -> None:
    fields = joining.form.fields
    for name, field in fields.items():
        where = _node(_form(block), "fields", name)
        if name in FIELDS and not any(_needs(field, joining)):
            block.faults.add(where, "joining.field_unneeded", field=name)
        if field.verified == HOST and "host" not in joining.doors:
            block.faults.add(where, "joining.field_without_host", field=name)
    for kind in joining.form.kinds:
        for name in KIND_FIELDS.get(kind, ()):
            asked = fields.get(name)
            if asked is None or not asked.required or (asked.kinds and kind not in asked.kinds):
                where = block.get("form") or block.node
                block.faults.add(where, "joining.kind_without_field", kind=kind, field=name)


def _needs(field: FormField, joining: Joining) -> Iterator[bool]:
    """Whether a rule, a list, a kind of account, a law or logging in needs a field."""
    kinds = field.kinds or joining.form.kinds
    yield field.law is not None
    yield any(
        rule.evidence is Evidence.FIELD and rule.of == field.name for rule in joining.rules.values()
    )
    yield any(field.name in KIND_FIELDS.get(kind, ()) for kind in kinds)
    if field.name == "phone":
        yield "phone" in joining.doors
        yield any(known.by == BY_PHONE for known in joining.lists.values())
    if field.name == "employer":
        yield PERSON in kinds and any(kind in EMPLOYING for kind in joining.form.kinds)


def _form(block: Block) -> Block:
    return Block(block.get("form") or block.node, block.faults)


def _node(block: Block, section: str, name: str) -> Node:
    """Where an entry of a section stands."""
    inner = block.get(section)
    if inner is None or not isinstance(inner.value, dict):
        return block.node
    return inner.value.get(name, inner)
