"""Reads the sign-up form: what is asked, of whom, why, and how it is shown to be true."""

from __future__ import annotations

from collections.abc import Mapping

from tanzhang.engine.packs.accounts import PERSON, AccountKindEntry
from tanzhang.engine.packs.joining.section import FormField, PeopleList, SignUpForm
from tanzhang.engine.packs.joining.words import FIELDS, LIST
from tanzhang.engine.packs.tree import Block

REQUIRED, OPTIONAL = "required", "optional"


def read_form(
    block: Block, lists: Mapping[str, PeopleList], accounts: Mapping[str, AccountKindEntry]
) -> SignUpForm:
    """The ``form`` of a ``joining`` section; nothing is asked where there is none."""
    inner = block.block("form")
    if inner is None:
        return SignUpForm()
    kinds = _kinds(inner, "kinds", tuple(accounts))
    if not kinds:
        kinds = (PERSON,) if PERSON in accounts else tuple(accounts)[:1]
    fields = dict(_read_field(name, entry, kinds, lists) for name, entry in inner.blocks("fields"))
    inner.close()
    return SignUpForm(kinds, fields)


def _read_field(
    name: str, block: Block, kinds: tuple[str, ...], lists: Mapping[str, PeopleList]
) -> tuple[str, FormField]:
    word = FIELDS.get(name)
    if word is None:
        known = ", ".join(FIELDS)
        block.faults.add(block.node, "joining.field_unknown", field=name, known=known)
    ways = word.verified if word else ()
    verified = block.choice("verified", ways, default="")
    people_list = block.choice("list", tuple(lists), default="")
    if (verified == LIST) != bool(people_list):
        block.faults.add(block.node, "joining.field_list_unclear", field=name)
    entry = FormField(
        name=name,
        required=block.choice("ask", (REQUIRED, OPTIONAL), default=REQUIRED) == REQUIRED,
        verified=verified,
        purpose=block.titled("purpose"),
        people_list=people_list,
        kinds=_kinds(block, "kinds", kinds),
        law=block.both("law", required=False),
    )
    block.close()
    return name, entry


def _kinds(block: Block, key: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Kinds of account, each of which the programme has and names once."""
    found: list[str] = []
    for node in block.items(key):
        with block.faults.at(node):
            kind = node.scalar()
            if kind not in known or kind in found:
                listed = ", ".join(known)
                block.faults.add(node, "joining.kind_unknown", kind=kind, known=listed)
            found.append(kind)
    return tuple(found)
